"""Ends the temporary chat that a browser leaves by signing out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from memories.chats import ScopedChats


@receiver(user_logged_out, dispatch_uid="memories.signed_out")
def end_temporary(sender: Any, request: HttpRequest | None, user: User | None, **_: Any) -> None:
    """Django sends this while the session is still there."""
    session = getattr(request, "session", None)
    open_one = session.get("temporary_chat") if session is not None else None
    if open_one and isinstance(user, User) and user.is_active:
        ScopedChats(user).end_temporary(open_one)
