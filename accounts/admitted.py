"""Whether who was let in some time ago still would be: for answers that take long."""

from __future__ import annotations

from django.contrib.auth import get_user
from django.http import HttpRequest

from accounts import keys
from accounts.models import Key


def still_admitted(request: HttpRequest) -> bool:
    """By the key that was brought, or else by the session: it is there, its account is open, and its password the same.
    At most two queries."""
    key = getattr(request, "key", None)
    if isinstance(key, Key):
        return keys.still_good(key)
    session, name = request.session, request.session.session_key
    return name is not None and session.exists(name) and get_user(request).is_authenticated
