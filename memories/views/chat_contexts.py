"""Turns conversations and turns into what the templates print."""

from __future__ import annotations

import dataclasses
import datetime as dt
import secrets
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString

from memories import llm
from memories.chat_types import Conversation, Message
from memories.chats import TURNS
from memories.errors import ConversationNotFound
from memories.markdown import rendered
from memories.middleware import MemoryRequest

MODES = (
    ("on", "On", "Your memories are used, and this chat is read for new ones."),
    ("off", "Off", "This chat uses no memory and saves none."),
    ("temporary", "Temporary", "Uses no memory, saves none, and the chat itself is erased when you leave it."),
)

SUGGESTIONS = ("I always want a window seat on flights.", "What do you know about me?", "What should I cook tonight?")


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Unsaved:
    """What the person wrote under a turn and could not be taken: it comes back with the reason."""

    turn: str
    """The turn's id."""
    text: str
    """As it was typed, however long."""
    problem: str
    memory: str = ""
    """Id of the memory that was to be corrected; empty where the turn itself was to be changed."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A turn, ready to be printed."""

    message: Message
    html: SafeString | str = ""
    reasoning: SafeString | str = ""
    last: bool = False
    """The last one of its conversation: only there the answer to a question is a press away."""
    editing: bool = False
    left_out: tuple[str, ...] = ()
    """Ids of memories that are not used in this conversation."""
    held: str = ""
    """Id of a memory that was forgotten from here a moment ago."""
    unsaved: Unsaved | None = None

    @property
    def mine(self) -> bool:
        return self.message.role == "user"

    @property
    def asks(self) -> str:
        """What may be answered with a press, if anything. To forget everything is not: its reply names the page."""
        asked = str(self.message.asks["do"]) if self.last and self.message.asks else ""
        return "" if asked == "forget_all" else asked

    @property
    def choices(self) -> range:
        """The numbers of the candidates, where there are several."""
        ids = self.message.asks.get("ids", ()) if self.asks == "forget" and self.message.asks else ()
        return range(1, len(ids) + 1) if len(ids) > 1 else range(0)

    @property
    def notes(self) -> bool:
        """There is something to say about what the turn taught."""
        told = self.message
        return bool(told.saved or told.known or told.refused or told.clashes or self.held or self.unlearned)

    @property
    def unlearned(self) -> str:
        """`failed`, or `late` while it did not work yet; empty otherwise."""
        if self.message.learning == "failed":
            return "failed"
        return "late" if self.message.learning == "pending" and self.message.late else ""


def shown(message: Message, **extra: Any) -> Shown:
    """One turn; the person's own words are shown as typed, replies as Markdown."""
    if message.role == "user":
        return Shown(message=message, **extra)
    return Shown(message=message, html=rendered(message.text), reasoning=rendered(message.reasoning), **extra)


def turns(
    messages: Sequence[Message],
    conversation: Conversation,
    *,
    editing: str = "",
    held: str = "",
    unsaved: Unsaved | None = None,
) -> list[Shown]:
    """The turns of a page, in order. `held` is "turn:memory": what was forgotten from where a moment ago."""
    turn_id, memory_id = _held(held)
    last = messages[-1].id if messages else ""
    return [
        shown(
            message,
            last=message.id == last,
            editing=message.id == editing and message.role == "user",
            left_out=conversation.left_out,
            held=memory_id if message.id == turn_id else "",
            unsaved=unsaved if unsaved and message.id == unsaved.turn else None,
        )
        for message in messages
    ]


def _held(value: str) -> tuple[str, str]:
    turn_id, _, memory_id = value.partition(":")
    try:
        return str(uuid.UUID(turn_id)), str(uuid.UUID(memory_id))
    except ValueError:
        return "", ""


def page(request: MemoryRequest, conversation: Conversation | None, **extra: Any) -> dict[str, Any]:
    """What the chat's page prints: a conversation, or the place where a new one begins."""
    context: dict[str, Any] = {
        "conversation": conversation,
        "groups": grouped(request.chats.page().items),
        "modes": MODES,
        "mode": conversation.mode if conversation else "on",
        "chosen": "on",
        "nonce": secrets.token_urlsafe(16),
        # Whose drafts a tab keeps: the same for one person, and says nothing of who it is.
        "whose": request.memory.seal("drafts"),
        "connected": llm.configured(),
        "suggestions": SUGGESTIONS,
        "preferences": request.memory.preferences,
        "budget": request.memory.budget,
        "turns": [],
        **extra,
    }
    if conversation is not None:
        context.update(_thread(request, conversation, context.get("unsaved")))
    return context


def _thread(request: MemoryRequest, conversation: Conversation, unsaved: Unsaved | None) -> dict[str, Any]:
    editing = request.GET.get("edit", "")
    if unsaved and not unsaved.memory:
        editing = unsaved.turn
    messages, back = _messages(request, conversation, unsaved.turn if unsaved else editing)
    held = request.GET.get("held", "")
    return {
        "turns": turns(messages, conversation, editing=editing, held=held, unsaved=unsaved),
        "earlier": messages[0].position if len(messages) == TURNS else None,
        "paging": back,
        "streaming": any(message.status == "streaming" for message in messages),
    }


def _messages(request: MemoryRequest, conversation: Conversation, wanted: str) -> tuple[list[Message], bool]:
    """A page of the turns, the one on which the wanted turn stands if there is one, and whether it is an earlier
    one."""
    before = request.GET.get("before", "")
    messages = request.chats.messages(conversation.id, before=int(before[:9]) if before.isdecimal() else None)
    if not wanted or any(message.id == wanted for message in messages):
        return messages, bool(before)
    try:
        place = request.chats.message(wanted, conversation_id=conversation.id).position
    except ConversationNotFound:
        return messages, bool(before)
    return request.chats.messages(conversation.id, before=place + 1), True


def grouped(conversations: Iterable[Conversation]) -> list[tuple[str, list[Conversation]]]:
    """Conversations by when they were last used."""
    today = timezone.localdate()
    groups: dict[str, list[Conversation]] = {}
    for conversation in conversations:
        groups.setdefault(_when(timezone.localdate(conversation.updated_at), today), []).append(conversation)
    return list(groups.items())


def _when(day: dt.date, today: dt.date) -> str:
    days = (today - day).days
    if days <= 1:
        return "Today" if days <= 0 else "Yesterday"
    return "The last 7 days" if days < 7 else "Earlier"
