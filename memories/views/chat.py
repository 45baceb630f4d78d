"""The chat: its page, a new turn, and the stream of a reply."""

from __future__ import annotations

import uuid
from typing import cast

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from memories.chat_forms import MessageForm, problem_of
from memories.chat_types import Conversation, Mode, Posted
from memories.middleware import MemoryRequest
from memories.offload import pooled
from memories.views import chat_contexts, chat_replies
from memories.views.streams import watched

TEMPORARY = "temporary_chat"
"""Session key: the temporary conversation that is open in this browser. `memories.signing_out` reads it too."""


@require_http_methods(["GET", "HEAD", "POST"])
def chat(request: MemoryRequest, conversation_id: uuid.UUID | None = None) -> HttpResponse:
    conversation = request.chats.get(conversation_id) if conversation_id else None
    if request.method == "POST":
        return _send(request, conversation)
    leave_temporary(request, conversation)
    return render(request, "chat/chat.html", chat_contexts.page(request, conversation))


def _send(request: MemoryRequest, conversation: Conversation | None) -> HttpResponse:
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _unsent(request, conversation, form)
    said = form.cleaned_data
    posted = request.chats.post(
        said["message"],
        conversation_id=conversation.id if conversation else None,
        mode=cast(Mode, said["memory"]),
        nonce=said["nonce"],
    )
    leave_temporary(request, posted.conversation)
    if posted.conversation.mode == "temporary":
        request.session[TEMPORARY] = posted.conversation.id
    chat_replies.begin(request, posted, wait=not _scripted(request))
    return answer(request, posted)


def answer(request: MemoryRequest, posted: Posted) -> HttpResponse:
    """The two turns for a script, a redirect to where they are shown without one."""
    if not _scripted(request):
        return redirect("memories:conversation", posted.conversation.id)
    messages = [posted.turn, posted.reply]
    context = {
        "turns": chat_contexts.turns(messages, posted.conversation),
        "conversation": posted.conversation,
        "groups": chat_contexts.grouped(request.chats.page().items),
    }
    return render(request, "chat/_sent.html", context)


def _unsent(request: MemoryRequest, conversation: Conversation | None, form: MessageForm) -> HttpResponse:
    problem = problem_of(form)
    if _scripted(request):
        return HttpResponse(problem, status=422, content_type="text/plain; charset=utf-8")
    # The choice beside Send comes back too: a chat meant to be temporary must not be kept by the second try.
    extra = {
        "problem": problem,
        "typed": request.POST.get("message", ""),
        "chosen": request.POST.get("memory") or "on",
    }
    return render(request, "chat/chat.html", chat_contexts.page(request, conversation, **extra), status=422)


def leave_temporary(request: MemoryRequest, here: Conversation | None = None) -> None:
    """A temporary conversation ends when this browser opens another one; the banner says so."""
    open_one = request.session.get(TEMPORARY)
    if open_one and (here is None or here.id != open_one):
        request.chats.end_temporary(open_one)
        del request.session[TEMPORARY]


@require_GET
async def stream(request: MemoryRequest, conversation_id: uuid.UUID, message_id: uuid.UUID) -> StreamingHttpResponse:
    """The reply as it is written. Asked for by the page's script alone."""
    await pooled(_mine, request, conversation_id, message_id)
    # A stream may stay open for minutes: the connection that the sign-in check used is not kept meanwhile.
    await sync_to_async(close_old_connections)()
    events = chat_replies.events(request, str(conversation_id), str(message_id))
    response = StreamingHttpResponse(watched(request, events), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _mine(request: MemoryRequest, conversation_id: uuid.UUID, message_id: uuid.UUID) -> None:
    request.chats.message(message_id, conversation_id=conversation_id)


def _scripted(request: MemoryRequest) -> bool:
    return request.headers.get("X-Chat") == "script"
