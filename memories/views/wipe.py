"""Wipes in three sizes: what would go is shown first, a word is typed, and the answer is the receipt."""

from __future__ import annotations

from typing import Literal

from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.stepup import fresh_sign_in
from memories.erasure import erase_account
from memories.inventory import SIZES, Size
from memories.middleware import MemoryRequest
from memories.views.erasure_forms import ACCOUNT_WORDS, WORD, WordForm
from memories.views.receipts import LAST

page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def wipe(request: MemoryRequest) -> HttpResponse:
    """The three sizes, and what each would take."""
    held = {line.store: line.count for line in request.memory.holdings()}
    return render(request, "erasure/wipe.html", {"memories": held["Memories"], "chats": held["Chats"]})


@page
def wipe_memories(request: MemoryRequest) -> HttpResponse:
    return _wipe(request, "memories")


@page
def wipe_conversations(request: MemoryRequest) -> HttpResponse:
    return _wipe(request, "conversations")


@page
@fresh_sign_in
def wipe_account(request: MemoryRequest) -> HttpResponse:
    """The account with everything in it. Afterwards nobody is signed in; this browser may look at the receipt."""
    form = WordForm(ACCOUNT_WORDS, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _asked(request, "account", form)
    receipt = erase_account(User.objects.get(pk=request.user.pk))
    logout(request)
    request.session[LAST] = receipt.id
    return redirect("memories:erased", receipt.id)


def _wipe(request: MemoryRequest, size: Literal["memories", "conversations"]) -> HttpResponse:
    form = WordForm(WORD, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _asked(request, size, form)
    return redirect("memories:receipt", request.memory.wipe(size).id)


def _asked(request: MemoryRequest, size: Size, form: WordForm) -> HttpResponse:
    reach = SIZES.index(size)
    if form.errors:
        # The field is below a long list: the page opens where the refusal stands.
        form.fields["word"].widget.attrs["autofocus"] = True
    lines = [line for line in request.memory.holdings() if line.ours and line.count is not None]
    context = {
        "size": size,
        "form": form,
        "goes": [line for line in lines if line.goes_with is None or SIZES.index(line.goes_with) <= reach]
        if size == "account"
        else [line for line in lines if line.goes_with and SIZES.index(line.goes_with) <= reach],
        "stays": [line for line in lines if line.goes_with and SIZES.index(line.goes_with) > reach],
        "anything": any(line.store == "Memories" and line.count for line in lines),
    }
    return render(request, "erasure/wipe_size.html", context, status=422 if form.is_bound else 200)
