"""The values that cross rooms: frozen, keyword-only, without behaviour beyond reading."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any, Generic, Literal, TypeVar

Source = Literal["chat", "typed", "imported", "program"]
"""How a memory came in."""
Kind = Literal["stated", "inferred"]
"""Said by the person in so many words, or concluded from what they said."""
State = Literal["active", "paused", "review"]
"""Only `active` memories are recalled; the others are listed, marked."""
Role = Literal["user", "assistant"]


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """What one side said, checked at the door."""

    role: Role
    text: str
    """NFC, 1 to 8,000 characters."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """One thing remembered. Reads as an object and as mem0's mapping: `m.memory`, `m["memory"]`, `dict(m)`."""

    id: str
    """UUID in its canonical text form."""
    memory: str
    """The text itself, NFC, 1 to 8,000 characters."""
    created_at: dt.datetime
    """Aware, UTC: when it was first saved."""
    updated_at: dt.datetime
    """Aware, UTC: when its text last changed."""
    score: float | None = None
    """0..1, higher is nearer; None where nothing was searched for."""
    source: Source = "chat"
    kind: Kind = "stated"
    state: State = "active"
    expires_at: dt.datetime | None = None
    """Aware, UTC: from then on it is no longer used."""
    conversation_id: str | None = None
    """The chat it was said in, while that chat exists."""
    conversation_title: str = ""
    message_id: str | None = None
    """The turn it was said in, while that turn exists."""
    use_count: int = 0
    """In how many replies it was put before the assistant."""
    last_used_at: dt.datetime | None = None
    """Aware, UTC."""
    version: int = 1
    """Grows by one with each change of the text; guards against a stale edit."""

    def keys(self) -> list[str]:
        """The names that `m[name]` answers to."""
        return list(_MEMORY)

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __getitem__(self, name: str) -> Any:
        """The value as mem0 gives it: moments are ISO 8601 strings, so that `json.dumps(dict(m))` works."""
        # A template asks for each value this way, a thousand times a page.
        if name not in _NAMES:
            raise KeyError(name)
        value = getattr(self, name)
        return value.isoformat() if isinstance(value, dt.datetime) else value

    def get(self, name: str, default: Any = None) -> Any:
        """`m[name]`, or the default for a name it does not have."""
        return self[name] if name in _MEMORY else default


_MEMORY = tuple(field.name for field in dataclasses.fields(Memory))
_NAMES = frozenset(_MEMORY)


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One text of a memory, as mem0's history tells it."""

    number: int
    """From 1, growing."""
    event: Literal["ADD", "UPDATE"]
    old_memory: str | None
    new_memory: str
    created_at: dt.datetime
    """Aware, UTC: when the memory came to have this text."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Learned:
    """What came of reading a turn for facts. All empty: there was nothing to remember."""

    saved: tuple[Memory, ...] = ()
    known: tuple[Memory, ...] = ()
    """Said again; already there."""
    refused: tuple[str, ...] = ()
    """Said again, though the person once asked to forget it: not saved, to be asked about."""
    pending: bool = False
    """The engine is still reading; what it finds is on the list when it is done."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """Which memories to list. Empty fields do not narrow."""

    source: Source | None = None
    kind: Kind | None = None
    state: State | None = None
    since: dt.datetime | None = None
    """Saved at or after; aware."""
    until: dt.datetime | None = None
    """Saved before; aware."""
    expiring: bool = False
    """Only those with an end, whether past or to come."""


Item = TypeVar("Item")


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Paged(Generic[Item]):
    """One page of something."""

    items: tuple[Item, ...]
    total: int
    """How many there are on all pages."""
    number: int
    """From 1."""
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are; 1 even when there is nothing."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The place of the first item in the whole, from 1; 0 when there is nothing."""
        return (self.number - 1) * self.size + 1 if self.items else 0

    @property
    def last(self) -> int:
        """The place of the last item in the whole; 0 when there is nothing."""
        return self.first + len(self.items) - 1 if self.items else 0


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Page(Paged[Memory]):
    """One page of the list."""

    order: Literal["newest", "oldest", "best match", "most used"] = "newest"


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Preferences:
    """The person's own switches and limits."""

    use_memories: bool = True
    """Memories may be put before the assistant."""
    learn: bool = True
    """Chats may be read for new memories."""
    ask_first: bool = True
    """What was inferred waits for a yes."""
    retention_months: int | None = None
    """Forget after so many months; None keeps until deleted."""
    retention_basis: Literal["saved", "unused"] = "saved"
    quota: int = 10_000
    """How many memories fit."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class StoreCount:
    """One line of a receipt."""

    store: str
    found: int
    removed: int
    left: int


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """What a wipe found, removed and left. Holds no content."""

    id: str
    size: Literal["memories", "conversations", "account"]
    asked_by: Literal["self", "admin", "retention"]
    started_at: dt.datetime
    finished_at: dt.datetime
    stores: tuple[StoreCount, ...]
    remains: tuple[str, ...]
    """Sentences: what is outside our reach, and until when."""
    settled_at: dt.datetime | None = None
    """Aware, UTC: when the freed places on the disk were seen to be overwritten; None while that is to come."""
    settles: bool = True
    """Whether this site sees to that itself. Elsewhere the database does, in its own time; `remains` says so."""

    @property
    def pending(self) -> bool:
        """Whether this site has still to overwrite the freed places."""
        return self.settles and self.settled_at is None

    @property
    def removed(self) -> int:
        """How many things went, of all stores together."""
        return sum(line.removed for line in self.stores)
