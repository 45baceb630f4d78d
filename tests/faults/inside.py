"""What the tests of faults have done within the site, in processes of the nursery."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accounts.models import User

PASSWORD = "quiet-harbour-lantern-7"


def begin(told: str) -> None:
    """An empty site with two people who have just proved who they are; their sessions' keys go to the file."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    if connection.vendor == "postgresql":
        call_command("create_roles", apply=True, verbosity=0)
    from accounts.models import User

    people = [User.objects.create_user(f"{name}@example.com", PASSWORD) for name in ("owner", "stranger")]
    Path(told).write_text(json.dumps([_signed_in(user) for user in people]))


def newcomer(told: str) -> None:
    """One more person, with a memory, a chat, and something forgotten; their key and that of their session go to the
    file."""
    from accounts.models import User
    from memories.chats import ScopedChats
    from memories.scoped import ScopedMemory

    user = User.objects.create_user("newcomer@example.com")
    memory = ScopedMemory(user)
    memory.add("I am new here", infer=False)
    memory.delete(memory.add("I am a secret", infer=False)[0].id)
    ScopedChats(user).post("I collect stamps.")
    Path(told).write_text(json.dumps([user.pk, _signed_in(user)]))


def _signed_in(user: User) -> str:
    """The key of a new session in which they have just proved who they are."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from accounts.sessions import SessionStore

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
    return str(session.session_key)


def wipe() -> None:
    """Nothing is remembered of anyone, nothing was said, and no log tells of it."""
    from accounts.models import User
    from memories.models import Activity, OwnerState, Receipt
    from memories.owner import owner_of
    from memories.scoped import ScopedMemory
    from memories.storage.owner_scope import writing

    for user in User.objects.all():
        ScopedMemory(user).wipe("conversations")
        with writing(owner_of(user)):
            for table in (Activity, Receipt):
                table.objects.filter(owner=user).delete()
            OwnerState.objects.filter(owner=user).update(epoch=0)


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
