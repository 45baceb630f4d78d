"""The values of "Your data" that cross rooms: the list, a memory, a choice of many. Frozen, without behaviour."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping

from memories.types import Memory, Page, Preferences, Version


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
    preferences: Preferences
    """The switches and limits that were read with it."""
    facets: Facets
    """How many each filter would show, none of the others set."""
    starts: tuple[dt.datetime, ...] = ()
    """When each bar of the timeline begins; aware, UTC, growing."""
    bars: tuple[int, ...] = ()
    """How many came in within each bar."""

    @property
    def quota(self) -> int:
        """How many memories fit."""
        return self.preferences.quota

    @property
    def percent(self) -> int:
        """How full the store is, 0..100, rounded down; 100 only when nothing more fits."""
        return min(100, 100 * self.total // self.quota)


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
