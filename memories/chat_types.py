"""The values of the chat that cross rooms: frozen, keyword-only, without behaviour beyond reading."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

from memories.types import Kind, Role, State

Mode = Literal["on", "off", "temporary"]
"""What a conversation does with memories. `temporary` is `off`, and the conversation itself goes."""
Status = Literal["done", "streaming", "stopped", "failed"]
Learning = Literal["off", "pending", "saved", "nothing", "failed"]
"""What became of a turn as a source of memories."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Conversation:
    """One chat."""

    id: str
    """UUID in its canonical text form."""
    title: str
    """At most 120 characters; empty until the first turn gave it one."""
    mode: Mode
    created_at: dt.datetime
    """Aware, UTC."""
    updated_at: dt.datetime
    """Aware, UTC: the last turn, or the last change of its text."""
    expires_at: dt.datetime | None = None
    """Aware, UTC: when a temporary one goes."""
    left_out: tuple[str, ...] = ()
    """Ids of memories that are not to be used here."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A memory as a turn shows it."""

    id: str
    text: str
    """For a `used` one: word for word what was put before the assistant."""
    current: str
    """What the memory says today; differs from `text` when it was edited since."""
    kind: Kind
    state: State
    version: int
    said_at: dt.datetime
    """Aware, UTC: when it was saved."""
    source: str
    """`chat`, `typed`, `imported` or `program`."""
    score: float | None = None
    """0..1, higher is nearer; None where nothing was searched for."""
    conversation_id: str | None = None
    conversation_title: str = ""
    message_id: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Clash:
    """Two memories that can hardly both be true: the person decides."""

    newer: Fact
    older: Fact


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One turn, the person's or the assistant's."""

    id: str
    conversation_id: str
    position: int
    """Place in the conversation, from 1, growing; gaps are possible."""
    role: Role
    text: str
    created_at: dt.datetime
    updated_at: dt.datetime
    reasoning: str = ""
    """What a model thought aloud; folded away."""
    status: Status = "done"
    error: str = ""
    """A sentence for the person."""
    model: str = ""
    """Which assistant wrote it, such as "llama3 at models.example.com"; empty where nothing left the site."""
    asks: Mapping[str, Any] | None = None
    """What a yes in the next turn would do: `{"do": "forget", "ids": [...]}`."""
    given: tuple[str, ...] = ()
    """Of a reply: ids of the memories it was put together with, those that are gone by now included."""
    learning: Learning = "off"
    late: bool = False
    """Learning from it did not work yet, and will be tried again."""
    full: bool = False
    """Learning from it failed because the memory is full."""
    refused: tuple[str, ...] = ()
    """Said again, though the person once asked to forget it."""
    saved: tuple[Fact, ...] = ()
    known: tuple[Fact, ...] = ()
    used: tuple[Fact, ...] = ()
    """Best first."""
    clashes: tuple[Clash, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Posted:
    """A turn that was stored, and the place of its reply."""

    conversation: Conversation
    turn: Message
    reply: Message
    repeated: bool = False
    """The same press of Send came a second time; nothing was stored again."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class ReplyJob:
    """What is needed to answer a turn."""

    conversation: Conversation
    turn: Message
    reply: Message
    earlier: tuple[Message, ...]
    """The turns before, oldest first, as many as could matter."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class ConversationPage:
    """One page of a list of conversations, newest first."""

    items: tuple[Conversation, ...]
    number: int
    """From 1."""
    more: bool
    """There is another page."""
    found: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """After a search: per conversation the words around the find; empty where the title matched."""


# --- What a reply is made of, as it comes -----------------------------------------------------------------------------
@dataclasses.dataclass(frozen=True, slots=True)
class Delta:
    """More of the reply's text."""

    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Thought:
    """More of what the model thinks aloud."""

    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Closed:
    """The end of every reply, whatever happened."""

    status: Literal["done", "stopped", "failed"]
    error: str = ""


ChatEvent = Delta | Thought | Closed
