"""The demo's people: three accounts, and what two of them said."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import User
from memories.scoped import ScopedMemory

SAID: dict[str, tuple[str, ...]] = {
    "alice@example.com": (
        "I am vegetarian",
        "My daughter Mia is allergic to peanuts",
        "We live in Lisbon",
        "I love smoky flavours",
    ),
    "bob@example.com": (
        "I always want a window seat on flights",
        "I work night shifts at a hospital",
        "I am learning Portuguese",
    ),
    "admin@example.com": (),
}
WORDS = "amber cedar comet copper coral delta ember fjord harbor indigo lantern maple meadow opal pebble quartz river".split()


def passwords(folder: Path, wanted: str = "") -> dict[str, str]:
    """One a person: `wanted` for all, or made up at the first start and kept beside the data, readable to its owner.

    Never the same on two machines: a folder that began as a demo may end up being served to others.
    """
    path = folder / "demo_passwords.json"
    if not path.exists():
        made = {email: wanted or _made_up() for email in SAID}
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(made, file, indent=1)
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def _made_up() -> str:
    return "-".join([*(secrets.choice(WORDS) for _ in range(3)), str(secrets.randbelow(9000) + 1000)])


def people(passwords: dict[str, str]) -> list[User]:
    """Makes those who are not there yet, with what they said; nobody who is there is touched."""
    return [_person(email, passwords[email]) for email in SAID if not User.objects.filter(email=email).exists()]


@transaction.atomic
def _person(email: str, password: str) -> User:
    """All or nothing: a start that is cut short leaves no one without their memories."""
    make = User.objects.create_superuser if email.startswith("admin@") else User.objects.create_user
    user = make(email, password)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if SAID[email]:
        ScopedMemory(user).add([{"role": "user", "content": words} for words in SAID[email]], infer=False)
    return user
