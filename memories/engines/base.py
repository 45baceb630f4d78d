"""What an engine promises. Each is bound to one owner in its constructor; no method takes another."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import Protocol

from memories.engines.curator import Curator
from memories.types import Filter, Learned, Memory, Page, Source, Turn, Version


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Capabilities:
    """What an engine can do: pages hide what it cannot, and its verbs raise Unavailable."""

    at_once: bool = True
    """Learning is done when `learn` returns; otherwise a turn may stay pending until `manage.py tend` asks again."""
    files: bool = True
    """Files can be imported."""
    traces: bool = True
    """Which replies used a memory, with its words at that time."""
    context: bool = True
    """The turns before one help to understand it; otherwise they are not read."""
    whole_days: bool = False
    """An end is kept as a day (UTC), not as a moment."""


class Engine(Curator, Protocol):
    """One owner's memories, and the log of what is done to them. Texts and ids come checked from the door."""

    capabilities: Capabilities

    def add(self, turns: Sequence[Turn], *, source: Source) -> list[Memory]:
        """Stores each turn word for word, in order, as one conversation; all or none. QuotaExceeded."""
        ...

    def learn(
        self,
        turns: Sequence[Turn],
        *,
        source: Source,
        message_id: uuid.UUID | None,
        said_at: dt.datetime | None = None,
        context: Sequence[Turn],
    ) -> Learned:
        """Finds the facts in the turns and stores what is new; nothing of a turn that was edited after `said_at`.
        ExtractionFailed, EngineUnavailable, QuotaExceeded."""
        ...

    def search(self, query: str, *, limit: int) -> list[Memory]:
        """The memories that bear on it, best first, each with a score."""
        ...

    def page(self, chosen: Filter, *, query: str, number: int, size: int, order: str) -> Page:
        """A page of the whole list, or of what the query finds in it."""
        ...

    def get_all(self) -> list[Memory]:
        """Every memory, newest first: paused, expired and waiting ones too."""
        ...

    def get(self, memory_id: uuid.UUID) -> Memory:
        """MemoryNotFound."""
        ...

    def update(self, memory_id: uuid.UUID, text: str, *, version: int | None) -> Memory:
        """A new text in its place; id, date and source stay. MemoryNotFound, StaleVersion."""
        ...

    def history(self, memory_id: uuid.UUID) -> list[Version]:
        """Every text it has had, oldest first. MemoryNotFound."""
        ...

    def delete(self, memory_id: uuid.UUID, *, with_message: bool = False) -> None:
        """Gone, with all that hangs on it (and the turn it came from), and not learned again. MemoryNotFound."""
        ...

    def hold(self, memory_id: uuid.UUID, *, with_message: bool = False) -> dt.datetime:
        """Deletes it, to be taken back until the moment returned; held out of everything meanwhile. MemoryNotFound."""
        ...

    def restore(self, memory_id: uuid.UUID) -> Memory:
        """Takes a deletion back. MemoryNotFound once the moment has passed."""
        ...

    def usable(self, memory_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
        """Which of these may be put before an assistant now: there, active, not expired and not held for undo."""
        ...

    def mark_used(self, message_id: uuid.UUID, used: Sequence[Memory]) -> None:
        """Writes down which memories, word for word, were put before the assistant for this reply."""
        ...

    def count(self) -> int:
        """How many there are on the list."""
        ...

    def pending(self) -> int:
        """How much was asked to be learned and is not answered yet; what belongs to a turn is shown there as well."""
        ...
