"""Conversations as a whole: the list and its search, name, memory mode, end."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from memories.chat_forms import DeletionForm, ModeForm, SearchForm, TitleForm, problem_of
from memories.errors import MemoryNotFound
from memories.middleware import MemoryRequest
from memories.types import Memory
from memories.views.chat import TEMPORARY, leave_temporary


@require_http_methods(["GET", "HEAD", "POST"])
def conversations(request: MemoryRequest) -> HttpResponse:
    """The list. A search is posted: what is looked for belongs in no address, and so in no log."""
    leave_temporary(request)
    form = SearchForm(request.POST or None)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    number = request.GET.get("page", "1")
    problem = problem_of(form) if form.is_bound and form.errors else ""
    found = request.chats.search(words) if words else request.chats.page(int(number[:6]) if number.isdecimal() else 1)
    listed = [(chat, found.found.get(chat.id, "")) for chat in found.items]
    typed = request.POST.get("words", "") if problem else words
    context = {"listed": listed, "page": found, "words": words, "typed": typed, "problem": problem}
    return render(request, "chat/conversations.html", context, status=422 if problem else 200)


@require_safe
def connect(request: MemoryRequest) -> HttpResponse:
    return render(request, "chat/connect.html")


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: MemoryRequest, conversation_id: uuid.UUID) -> HttpResponse:
    conversation = request.chats.get(conversation_id)
    form = TitleForm(request.POST or None, initial={"title": conversation.title})
    if request.method == "POST" and form.is_valid():
        request.chats.rename(conversation_id, form.cleaned_data["title"])
        return redirect("memories:conversation", conversation_id)
    status = 422 if request.method == "POST" else 200
    return render(request, "chat/rename.html", {"conversation": conversation, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: MemoryRequest, conversation_id: uuid.UUID) -> HttpResponse:
    conversation = request.chats.get(conversation_id)
    memories = _memories(request, request.chats.memories_from(conversation_id))
    if request.method != "POST":
        return render(request, "chat/delete.html", {"conversation": conversation, "memories": memories})
    form = DeletionForm(request.POST, ids=[memory.id for memory in memories])
    if not form.is_valid():
        context = {"conversation": conversation, "memories": memories, "problem": True}
        return render(request, "chat/delete.html", context, status=422)
    gone = {"keep": [], "delete": [memory.id for memory in memories], "choose": form.cleaned_data["chosen"]}
    count = _forget(request, gone[form.cleaned_data["memories"]])
    request.chats.delete(conversation_id)
    what = {0: "", 1: " and one memory"}.get(count, f" and {count} memories")
    messages.success(request, f"The chat{what} was deleted.")
    return redirect("memories:chat")


@require_POST
def set_mode(request: MemoryRequest, conversation_id: uuid.UUID) -> HttpResponse:
    form = ModeForm(request.POST)
    if form.is_valid():
        request.chats.set_mode(conversation_id, form.cleaned_data["mode"])
    else:
        request.chats.get(conversation_id)
    return redirect("memories:conversation", conversation_id)


@require_POST
def leave(request: MemoryRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Ends a temporary conversation at once."""
    request.chats.get(conversation_id)
    request.chats.end_temporary(conversation_id)
    request.session.pop(TEMPORARY, None)
    messages.success(request, "The temporary chat was erased.")
    return redirect("memories:chat")


def _memories(request: MemoryRequest, ids: list[str]) -> list[Memory]:
    found: list[Memory] = []
    for memory_id in ids:
        try:
            found.append(request.memory.get(memory_id))
        except MemoryNotFound:
            continue  # Deleted between the two queries.
    return found


def _forget(request: MemoryRequest, ids: list[str]) -> int:
    for memory_id in ids:
        request.memory.delete(memory_id)
    return len(ids)
