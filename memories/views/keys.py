"""Keys for programs: the list, making one behind a fresh proof, revoking one."""

from __future__ import annotations

import uuid
from typing import cast

from allauth.account.adapter import get_adapter
from django import forms
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import keys
from accounts.models import Key, User
from memories.middleware import MemoryRequest
from memories.views.partials import say


class KeyForm(forms.Form):
    """What a new key is called, may do, and how long it lasts."""

    name = forms.CharField(
        label="Name",
        max_length=40,
        help_text="Of the program that gets it, so that you know it again in this list and in your activity log.",
        error_messages={"required": "Give it a name first, such as that of the program."},
    )
    scope = forms.ChoiceField(
        label="It may",
        choices=[("read", "read your memories"), ("write", "read, add, correct and delete them")],
        initial="read",
    )
    days = forms.TypedChoiceField(
        label="It ends",
        coerce=int,
        choices=[(30, "in 30 days"), (90, "in 90 days"), (365, "in a year"), (0, "when you revoke it")],
        initial=90,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def list_keys(request: MemoryRequest) -> HttpResponse:
    """The keys there are. POST makes one, and shows it this once."""
    form = KeyForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _shown(request, form, status=422 if form.is_bound else 200)
    try:
        made = _made(request, form)
    except keys.KeyRefused as error:
        form.add_error("name", str(error))
        return _shown(request, form, status=422)
    if not _told(request, made.key):
        form.add_error(None, "We could not write to you about the new key, so none was made. Please try again later.")
        return _shown(request, form, status=503)
    return render(request, "account/key_made.html", {"key": made.key, "token": made.token})


def _made(request: MemoryRequest, form: KeyForm) -> keys.Made:
    given = form.cleaned_data
    with transaction.atomic():
        may_write = given["scope"] == "write"
        made = keys.make(cast(User, request.user), given["name"], may_write=may_write, days=given["days"] or None)
        request.memory.note("key made")
    return made


def _told(request: MemoryRequest, key: Key) -> bool:
    """Whether the notice is on its way. A key that nobody is told of is what a thief would want: it goes again."""
    try:
        user = cast(User, request.user)
        get_adapter().send_notification_mail("account/email/key_made", user, {"name": key.name}, email=user.email)
    except OSError:
        _revoked(request, key.pk)
        return False
    return True


def _revoked(request: MemoryRequest, key_id: uuid.UUID) -> str:
    with transaction.atomic():
        name = keys.revoke(cast(User, request.user), key_id)
        if name is None:
            raise Http404
        request.memory.note("key revoked")
    return name


def _shown(request: MemoryRequest, form: KeyForm, *, status: int) -> HttpResponse:
    context = {"keys": keys.keys_of(cast(User, request.user)), "form": form, "most": keys.MOST}
    return render(request, "account/keys.html", context, status=status)


@require_POST
def revoke(request: MemoryRequest, key_id: uuid.UUID) -> HttpResponse:
    say(request, f"Revoked: nothing is answered to “{_revoked(request, key_id)}” any more.")
    return redirect("memories:keys")
