"""Brings the demo's people in: their accounts, and the chats in which two of them said what is remembered."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from asgiref.sync import async_to_sync
from django.db import transaction

from accounts.models import User
from memories import llm
from memories.chat import reply
from memories.chats import ScopedChats
from memories.offload import inline
from memories.owner import CHAT
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
"""What is remembered of each in the end."""
CHATS: dict[str, tuple[tuple[str, ...], ...]] = {
    "alice@example.com": (
        (
            "I am vegetarian. Please remember that.",
            "My daughter Mia is allergic to peanuts, and we live in Lisbon.",
        ),
        (
            "What should I cook tonight?",
            "I love smoky flavours.",
        ),
    ),
    "bob@example.com": (
        (
            "I always want a window seat on flights.",
            "I work night shifts at a hospital, and I am learning Portuguese.",
        ),
        ("Which seat do I like?",),
    ),
}
"""How they said it: one tuple a chat, the oldest first."""


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
    if llm.configured():
        _write_down(user)
    else:
        for turns in CHATS.get(email, ()):
            _chat(user, turns)
    return user


def _chat(user: User, turns: tuple[str, ...]) -> None:
    """One conversation with the offline assistant, turn by turn, as the chat page holds it."""
    chats, key = ScopedChats(user, door=CHAT), None
    for said in turns:
        posted = chats.post(said, conversation_id=key)
        key = posted.conversation.id
        async_to_sync(_answered)(user, posted.reply.id)


async def _answered(user: User, reply_id: str) -> None:
    async for _ in reply(user, reply_id, run=inline):
        pass


def _write_down(user: User) -> None:
    """Where a model is connected a chat would be sent to it, unasked: what was said comes in without one."""
    for words in SAID.get(user.email, ()):
        # One by one: what is added together counts as one conversation, where neighbours vouch for each other.
        ScopedMemory(user).add(words, infer=False, source="program")
