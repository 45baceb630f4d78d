"""The values of "Your data" that cross rooms: frozen, keyword-only, without behaviour beyond reading."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any, Literal

from memories.types import Kind, Memory, Page, Source, State, Version


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Facets:
    """How many memories each choice of a filter would show, the other filters as they are."""

    total: int
    """How many the filters show now."""
    source: Mapping[str, int]
    """Without the filter on source; so are the others without theirs."""
    kind: Mapping[str, int]
    state: Mapping[str, int]
    expiring: int


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """A page of the list and the counts beside its filters."""

    page: Page
    facets: Facets
    matches: int | None = None
    """How many the search found before the filters; None without a search."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """The whole store in numbers."""

    total: int
    """Listed: what was deleted a moment ago is not counted."""
    source: Mapping[str, int]
    review: int
    paused: int
    oldest: dt.datetime | None
    """Aware, UTC; None when there is nothing."""
    quota: int
    starts: tuple[dt.datetime, ...] = ()
    """When each bar of the timeline begins; aware, UTC, growing."""
    bars: tuple[int, ...] = ()
    """How many came in within each bar."""

    @property
    def percent(self) -> int:
        """How full the store is, 0..100, rounded down; 100 only when nothing more fits."""
        return min(100, 100 * self.total // self.quota)


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """The turn a memory comes from."""

    conversation_id: str
    title: str
    message_id: str
    position: int
    last: int
    """The place of the newest turn of the same conversation."""
    role: str
    text: str
    at: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """A reply that a memory was put before."""

    conversation_id: str
    title: str
    message_id: str
    position: int
    last: int
    at: dt.datetime
    text: str
    """The memory's words as they were then."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Detail:
    """A memory with everything that is known about it."""

    memory: Memory
    said: Said | None
    """None when it was not said in a chat, or the chat is gone."""
    versions: tuple[Version, ...]
    """Oldest first; the last one is the text now."""
    uses: tuple[Use, ...]
    """Newest first, at most 50."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """Memories that were chosen together, and what doing away with them would mean."""

    ids: tuple[uuid.UUID, ...]
    """Newest first; only one's own, only what is still there."""
    source: Mapping[str, int]
    used: int
    """How many of them were ever used in a reply."""
    newest: tuple[Memory, ...]
    """At most five."""
    missing: int = 0
    """How many of those asked for are not there any more."""
    mark: str = ""
    """Equal for two selections exactly when they hold the same memories."""

    @property
    def count(self) -> int:
        return len(self.ids)


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class ActivityLine:
    """One line of the log. No content."""

    at: dt.datetime
    verb: str
    count: int
    via: str
    device: str
    address: str
    actor: str
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class ActivityFilter:
    """Which lines of the log to show. Empty fields do not narrow."""

    verb: str = ""
    actor: str = ""
    since: dt.datetime | None = None
    """At or after; aware."""
    until: dt.datetime | None = None
    """Before; aware."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class ActivityPage:
    """One page of the log, newest first."""

    items: tuple[ActivityLine, ...]
    total: int
    number: int
    size: int
    verbs: Mapping[str, int]
    """How many lines there are of each verb, under the other filters."""

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1 if self.items else 0

    @property
    def last(self) -> int:
        return self.first + len(self.items) - 1 if self.items else 0


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """One time that memories left the site."""

    at: dt.datetime
    provider: str
    model: str
    purpose: str
    """`reply` or `learning`."""
    memories: tuple[Memory, ...]
    """Those that are still there, as they read today."""
    gone: int
    """How many of what was sent has been deleted since."""
    conversation_id: str = ""
    title: str = ""
    message_id: str = ""
    position: int = 0
    last: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class SentPage:
    """One page of what left the site, newest first."""

    items: tuple[Sent, ...]
    total: int
    number: int
    size: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1 if self.items else 0

    @property
    def last(self) -> int:
        return self.first + len(self.items) - 1 if self.items else 0


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Pictures:
    """The numbers behind the charts."""

    starts: tuple[dt.datetime, ...]
    saved: tuple[int, ...]
    """How many memories came in from each start to the next."""
    source: Mapping[str, int]
    kind: Mapping[str, int]
    state: Mapping[str, int]
    used: Mapping[str, int]
    """How many memories were used: "never", "once", "2 to 5 times", "6 times or more"."""
    total: int


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """A memory on its way out, with all that belongs to it."""

    memory: Memory
    versions: tuple[Version, ...]
    """The texts before the present one, oldest first."""
    said: Said | None
    role: str
    episode: str | None
    position: int


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A memory on its way in, read from a file and checked for shape."""

    line: int
    """Where in the file it stands, from 1."""
    text: str
    kind: Kind = "stated"
    source: Source = "imported"
    state: State = "active"
    created_at: dt.datetime | None = None
    updated_at: dt.datetime | None = None
    expires_at: dt.datetime | None = None
    versions: tuple[tuple[int, str, dt.datetime], ...] = ()
    """Earlier texts: number, text, since when."""
    version: int = 1
    id: uuid.UUID | None = None
    """Only from a file of one's own, exported here: the seal was checked."""
    message_id: uuid.UUID | None = None
    """As `id`."""
    use_count: int = 0
    last_used_at: dt.datetime | None = None
    role: str = "user"
    episode: uuid.UUID | None = None
    position: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Chat:
    """A conversation on its way in, from a file of one's own."""

    line: int
    id: uuid.UUID
    title: str
    created_at: dt.datetime
    updated_at: dt.datetime
    turns: tuple[Mapping[str, Any], ...]


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """What could not be read."""

    line: int
    """From 1; 0 for the file as a whole."""
    sentence: str


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Parsed:
    """What a file holds."""

    format: str
    """In words, such as "ChatGPT's export"."""
    entries: tuple[Entry, ...] = ()
    chats: tuple[Chat, ...] = ()
    marks: tuple[Mapping[str, Any], ...] = ()
    """Which reply was given which memory: message_id, memory_id, rank, score, text, at."""
    problems: tuple[Problem, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Import:
    """An import under way."""

    id: str
    format: str
    step: Literal["preview", "running", "done"]
    total: int
    done: int
    saved: int
    known: int
    forgotten: int
    chats: int
    problems: tuple[Problem, ...]
    problem_count: int
    bring_back: bool
    room: int = 0
    """How many more memories fit; meaningful in the preview."""
    new: int = 0
    """How many would be saved; meaningful in the preview."""

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 100
