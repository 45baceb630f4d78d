"""How much a request may bring: more than a form alone where a file is imported, by who is signed in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import DatabaseError
from django.http import parse_cookie
from django.urls import reverse

from accounts.sessions import SessionStore
from memories.imports import MAX_BYTES
from memories.offload import pooled

FILE = 2 * MAX_BYTES
"""Up to here a file that is too large is said to be one beside its form; what is larger is refused unread."""


async def largest(scope: dict[str, Any]) -> int:
    """Bytes, as memsite.bodies asks."""
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    if path == reverse("memories:import") and await pooled(_signed_in, scope):
        return FILE
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def _signed_in(scope: dict[str, Any]) -> bool:
    """Whether the cookie names a session of somebody's. Who may send the form is asked later, once it is read."""
    sent = "; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")
    key = parse_cookie(sent).get(settings.SESSION_COOKIE_NAME)
    try:
        return bool(key) and SESSION_KEY in SessionStore(session_key=key).load()
    except DatabaseError:
        return False
