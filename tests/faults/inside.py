"""What the tests of faults have done within the site, in processes of the nursery."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any


def begin(told: str) -> None:
    """An empty site with two people who have just proved who they are; their sessions' keys go to the file."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    if connection.vendor == "postgresql":
        call_command("create_roles", apply=True, verbosity=0)
    from accounts.models import User
    from accounts.sessions import SessionStore

    keys = []
    for name in ("owner", "stranger"):
        user = User.objects.create_user(f"{name}@example.com", "quiet-harbour-lantern-7")
        proof = {"method": "password", "at": time.time() - 1, "reauthenticated": True}
        given: dict[str, Any] = {
            SESSION_KEY: str(user.pk),
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            BACKEND_SESSION_KEY: "allauth.account.auth_backends.AuthenticationBackend",
            "account_authentication_methods": [proof],
            "account_authentication_methods_user": str(user.pk),
        }
        session = SessionStore()
        session.update(given)
        session.save()
        keys.append(session.session_key)
    Path(told).write_text(json.dumps(keys))


def wipe() -> None:
    """Nothing is remembered of anyone, nothing was said."""
    from accounts.models import User
    from memories.scoped import ScopedMemory

    for user in User.objects.all():
        ScopedMemory(user).wipe("conversations")


def learn_what_is_due() -> None:
    """As if the leases of the dead had run out."""
    from django.utils import timezone

    from accounts.models import User
    from memories.models import Message
    from memories.owner import owner_of
    from memories.storage.owner_scope import reading
    from memories.tending import tend_once

    for user in User.objects.all():
        with reading(owner_of(user)):
            Message.objects.filter(owner=user, memory_state="pending").update(due_at=timezone.now())
    tend_once()
