"""Writes each sign-in into the log that the person can read."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from memories.origin import door_of
from memories.scoped import ScopedMemory


@receiver(user_logged_in, dispatch_uid="memories.signed_in")
def write_down(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """allauth's signal, not Django's: that one also fires where no one signed in, such as in a test client."""
    ScopedMemory(user, door=door_of(request)).note("signed in")
