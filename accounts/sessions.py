"""Where sessions are kept: Django's own store, with one more column that says whose each is."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from allauth.account.utils import url_str_to_user_pk
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from accounts.models import Session, User

UNFINISHED = "account_login"
"""Where allauth keeps a sign-in that waits for a code; it names the person too."""
CODE = "account_email_verification_code"
"""Where it keeps the code that goes out to an address, with the address."""


class SessionStore(DatabaseStore):
    """Named by SESSION_ENGINE."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row to be saved, with the person it belongs to."""
        row = cast(Session, super().create_model_instance(data))
        row.account_id = _whose(data)
        return row


def _whose(data: dict[str, Any]) -> int | None:
    if data.get(SESSION_KEY):
        return int(data[SESSION_KEY])
    unfinished = data.get(UNFINISHED)
    waiting = unfinished.get("user_pk") if isinstance(unfinished, dict) else None
    return int(url_str_to_user_pk(waiting)) if waiting else _named(data.get(CODE))


def _named(code: Any) -> int | None:
    """Whose address somebody signed up with who is told to wait for a code, so that nobody learns that it has an
    account: the address goes with that account."""
    address = str(code.get("email", "")).lower() if isinstance(code, dict) else ""
    return User.objects.filter(email=address).values_list("pk", flat=True).first() if address else None


def drop_expired() -> int:
    """Removes sessions that are over, and what was written down about their devices; how many rows."""
    now = timezone.now()
    over = Session.objects.filter(expire_date__lt=now)
    # An hour's grace: the device is written down a moment before its session is.
    there = Session.objects.values("session_key")
    devices = UserSession.objects.filter(last_seen_at__lt=now - dt.timedelta(hours=1)).exclude(session_key__in=there)
    return int(over._raw_delete(over.db)) + int(devices._raw_delete(devices.db))
