"""Brings the demo's people in: their accounts, and what two of them said."""

from __future__ import annotations

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
}


def people(passwords: dict[str, str]) -> list[User]:
    """Makes those of the roster who are not there yet, with what they said; nobody who is there is touched."""
    missing = [email for email in passwords if not User.objects.filter(email=email).exists()]
    return [_person(email, passwords[email]) for email in missing]


@transaction.atomic
def _person(email: str, password: str) -> User:
    """All or nothing: a start that is cut short leaves no one without their memories."""
    make = User.objects.create_superuser if email.startswith("admin@") else User.objects.create_user
    user: User = make(email, password)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    for words in SAID.get(email, ()):
        # One by one: what is added together counts as one conversation, where neighbours vouch for each other.
        ScopedMemory(user).add(words, infer=False)
    return user
