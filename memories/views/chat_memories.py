"""What can be done with a memory from the turn that shows it: forget, keep, take that back, correct, leave out."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from memories.chat_forms import CorrectionForm, problem_of
from memories.errors import InvalidText
from memories.middleware import MemoryRequest
from memories.views.chat_turns import shown_turn


@require_POST
def forget(
    request: MemoryRequest, conversation_id: uuid.UUID, message_id: uuid.UUID, memory_id: uuid.UUID
) -> HttpResponse:
    request.chats.message(message_id, conversation_id=conversation_id)
    request.memory.hold(str(memory_id))
    return shown_turn(request, conversation_id, message_id, held=str(memory_id))


@require_POST
def undo(
    request: MemoryRequest, conversation_id: uuid.UUID, message_id: uuid.UUID, memory_id: uuid.UUID
) -> HttpResponse:
    request.chats.message(message_id, conversation_id=conversation_id)
    request.memory.restore(str(memory_id))
    return shown_turn(request, conversation_id, message_id)


@require_POST
def correct(
    request: MemoryRequest, conversation_id: uuid.UUID, message_id: uuid.UUID, memory_id: uuid.UUID
) -> HttpResponse:
    request.chats.message(message_id, conversation_id=conversation_id)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        raise InvalidText(problem_of(form))
    request.memory.update(str(memory_id), form.cleaned_data["text"], version=form.cleaned_data["version"])
    return shown_turn(request, conversation_id, message_id)


@require_POST
def keep(
    request: MemoryRequest, conversation_id: uuid.UUID, message_id: uuid.UUID, memory_id: uuid.UUID
) -> HttpResponse:
    """The yes to what was concluded and waits for it."""
    request.chats.message(message_id, conversation_id=conversation_id)
    request.memory.keep(str(memory_id))
    return shown_turn(request, conversation_id, message_id)


@require_POST
def leave_out(
    request: MemoryRequest, conversation_id: uuid.UUID, message_id: uuid.UUID, memory_id: uuid.UUID
) -> HttpResponse:
    request.chats.message(message_id, conversation_id=conversation_id)
    request.memory.get(str(memory_id))
    request.chats.leave_out(conversation_id, str(memory_id), out=request.POST.get("out", "1") == "1")
    return shown_turn(request, conversation_id, message_id)
