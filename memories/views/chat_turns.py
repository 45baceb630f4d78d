"""What can be done with a turn: stop, try again, edit, learn again, answer an offer."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from memories.chat_forms import MessageForm, OfferForm, problem_of
from memories.errors import InvalidText, MemoryNotFound
from memories.learning import learn_turn
from memories.middleware import MemoryRequest
from memories.views import chat_contexts, chat_replies
from memories.views.chat_contexts import Unsaved


@require_safe
def turn(request: MemoryRequest, conversation_id: uuid.UUID, message_id: uuid.UUID) -> HttpResponse:
    request.chats.message(message_id, conversation_id=conversation_id)
    return shown_turn(request, conversation_id, message_id)


@require_POST
def stop(request: MemoryRequest, conversation_id: uuid.UUID) -> HttpResponse:
    request.chats.stop(conversation_id)
    if request.headers.get("X-Chat") == "script":
        return HttpResponse(status=204)
    return redirect("memories:conversation", conversation_id)


@require_POST
def again(request: MemoryRequest, conversation_id: uuid.UUID, message_id: uuid.UUID) -> HttpResponse:
    request.chats.message(message_id, conversation_id=conversation_id)
    posted = request.chats.ask_again(message_id)
    chat_replies.begin(request, posted, wait=not _streams(request))
    return redirect("memories:conversation", conversation_id)


@require_POST
def edit(request: MemoryRequest, conversation_id: uuid.UUID, message_id: uuid.UUID) -> HttpResponse:
    request.chats.message(message_id, conversation_id=conversation_id)
    form = MessageForm(request.POST)
    if not form.is_valid():
        typed = request.POST.get("message", "")
        return not_taken(request, conversation_id, Unsaved(turn=str(message_id), text=typed, problem=problem_of(form)))
    posted = request.chats.edit(message_id, form.cleaned_data["message"])
    chat_replies.begin(request, posted, wait=not _streams(request))
    return redirect("memories:conversation", conversation_id)


@require_POST
def learn(request: MemoryRequest, conversation_id: uuid.UUID, message_id: uuid.UUID) -> HttpResponse:
    request.chats.message(message_id, conversation_id=conversation_id)
    if request.chats.learn_again(message_id):
        learn_turn(request.user, str(message_id))  # type: ignore[arg-type]  # signed in
    return shown_turn(request, conversation_id, message_id)


@require_POST
def offer(request: MemoryRequest, conversation_id: uuid.UUID, message_id: uuid.UUID) -> HttpResponse:
    told = request.chats.message(message_id, conversation_id=conversation_id)
    form = OfferForm(request.POST)
    if not form.is_valid():
        raise InvalidText("This answer does not belong to what was asked. Reload the page and try again.")
    answer = form.cleaned_data
    number = answer["refused"]
    if answer["answer"] in ("remember", "leave") and number is not None and number < len(told.refused):
        _remember(request, told.id, told.refused[number], answer["answer"] == "remember")
    elif answer["newer"] and answer["older"]:
        _settle(request, told.id, str(answer["newer"]), str(answer["older"]), answer["answer"] == "replace")
    return shown_turn(request, conversation_id, message_id)


def _remember(request: MemoryRequest, message_id: str, text: str, again: bool) -> None:
    if again:
        request.memory.remember_again(text)
    request.chats.answered(message_id, refused=text)


def _settle(request: MemoryRequest, message_id: str, newer: str, older: str, replace: bool) -> None:
    offered = request.chats.message(message_id).clashes
    if not any(clash.newer.id == newer and clash.older.id == older for clash in offered):
        raise MemoryNotFound
    if replace:
        request.memory.delete(older)
    request.chats.answered(message_id, clash=(newer, older))


def shown_turn(
    request: MemoryRequest, conversation_id: uuid.UUID, message_id: uuid.UUID, *, held: str = ""
) -> HttpResponse:
    """The turn as it stands now: alone for a partial update, in its page otherwise."""
    if not request.headers.get("HX-Request"):
        query = f"?held={message_id}:{held}" if held else ""
        url = reverse("memories:conversation", args=[conversation_id])
        return redirect(f"{url}{query}#turn-{message_id}")
    return _part(request, conversation_id, message_id, held=held)


def not_taken(
    request: MemoryRequest, conversation_id: uuid.UUID, unsaved: Unsaved, *, status: int = 422
) -> HttpResponse:
    """The turn with what was written under it and could not be taken, and why: nobody has to write it twice."""
    if request.headers.get("HX-Request"):
        return _part(request, conversation_id, uuid.UUID(unsaved.turn), unsaved=unsaved, status=status)
    page = chat_contexts.page(request, request.chats.get(conversation_id), unsaved=unsaved)
    return render(request, "chat/chat.html", page, status=status)


def _part(
    request: MemoryRequest, conversation_id: uuid.UUID, message_id: uuid.UUID, *, status: int = 200, **extra: Any
) -> HttpResponse:
    conversation = request.chats.get(conversation_id)
    message = request.chats.message(message_id, conversation_id=conversation_id)
    view = chat_contexts.shown(
        message,
        last=request.chats.is_last(message.id, conversation_id=conversation_id),
        left_out=conversation.left_out,
        **extra,
    )
    return render(request, "chat/_turn.html", {"turn": view, "conversation": conversation}, status=status)


def _streams(request: MemoryRequest) -> bool:
    # The page opened next follows the reply by itself if it runs scripts; the form says whether it does.
    return request.POST.get("scripted") == "1"
