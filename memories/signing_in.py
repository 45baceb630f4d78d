"""Writes into the log that the person can read: each sign-in, and keys that a new password took along."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import user_logged_in
from django.contrib import messages
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.keys import all_revoked
from accounts.models import User
from memories.origin import door_of
from memories.owner import owner_of_any
from memories.scoped import ScopedMemory
from memories.storage.activity import ActivityLog
from memories.storage.owner_scope import writing


@receiver(user_logged_in, dispatch_uid="memories.signed_in")
def write_down(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """allauth's signal, not Django's: that one also fires where no one signed in, such as in a test client."""
    ScopedMemory(user, door=door_of(request)).note("signed in")


@receiver(all_revoked, dispatch_uid="memories.keys_revoked")
def keys_went(sender: Any, request: HttpRequest, user: User, count: int, **_: Any) -> None:
    """In the transaction of the new password. By a mailed link a suspended person has one too, and keys to lose."""
    owner = owner_of_any(user)
    with writing(owner, bump=False, closed=True):
        ActivityLog(owner, door_of(request)).append("keys revoked", count=count)
    messages.success(request, "Your keys for programs are revoked. Make new ones for the programs you use.")
