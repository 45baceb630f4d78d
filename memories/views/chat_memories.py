"""What can be done with a memory from the turn that shows it: forget, keep, take that back, correct, leave out."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from memories.chat_forms import CorrectionForm, problem_of
from memories.errors import StaleVersion
from memories.middleware import MemoryRequest
from memories.views.chat_contexts import Unsaved
from memories.views.chat_turns import not_taken, shown_turn


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
    typed, key, problem = request.POST.get("text", ""), str(memory_id), problem_of(form) if form.errors else ""
    if not problem:
        try:
            request.memory.update(key, form.cleaned_data["text"], version=form.cleaned_data["version"])
        except StaleVersion:
            # 422, not 409: the form comes back with today's version, and is to be put in its place.
            now = request.memory.get(key).memory
            problem = f"It was changed meanwhile and now says “{now}”. Save once more to put your text in its place."
    if problem:
        return not_taken(
            request, conversation_id, Unsaved(turn=str(message_id), text=typed, problem=problem, memory=key)
        )
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
