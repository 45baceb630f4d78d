"""Prepared indexes of people with many memories: kept in this process for a while, checked before each use.

An entry is found by the owner's namespace, carries the version of their store it was built from, and is never used for
another: one query asks for the version of today. A write in any process raises it. What was erased stays in no
process's memory for longer than IDLE, and is dropped at once in the one that erased it.
"""

from __future__ import annotations

import dataclasses
import threading
import time
import uuid
from collections import OrderedDict
from typing import Any

from memories.owner import Owner
from memories.storage.ranking import Index

WORTH_KEEPING = 200
"""Below so many rows, reading and preparing them costs less than a version check saves."""
MOST_ROWS = 200_000
"""Rows kept in all entries together: about 1.5 kB each."""
IDLE = 600.0
"""Seconds after its last use that an entry goes."""


@dataclasses.dataclass(slots=True)
class Entry:
    """One owner's index."""

    version: int
    embedder: str
    ids: list[Any]
    """Per row of the index its id, as the driver gives it."""
    index: Index
    good_until: float
    """Seconds since the epoch: then the first of its rows expires."""
    used_at: float = 0.0
    """Monotonic seconds."""


class IndexCache:
    """Bounded, least recently used first out; any thread may call it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: OrderedDict[uuid.UUID, Entry] = OrderedDict()

    def holds(self, owner: Owner) -> bool:
        """Whether it is worth asking for the owner's version."""
        return owner.namespace in self._entries

    def get(self, owner: Owner, *, version: int, embedder: str) -> Entry | None:
        """The owner's entry if it is of this version and embedder and nothing in it has expired; else None."""
        with self._lock:
            entry = self._entries.get(owner.namespace)
            if entry is None:
                return None
            if (entry.version, entry.embedder) != (version, embedder) or entry.good_until <= time.time():
                del self._entries[owner.namespace]
                return None
            entry.used_at = time.monotonic()
            self._entries.move_to_end(owner.namespace)
            return entry

    def put(self, owner: Owner, entry: Entry) -> None:
        """Keeps it if it is worth keeping and fits, and lets go of what was not used for long."""
        if not WORTH_KEEPING <= len(entry.ids) <= MOST_ROWS:
            return
        entry.used_at = time.monotonic()
        with self._lock:
            self._entries[owner.namespace] = entry
            self._entries.move_to_end(owner.namespace)
            self._make_room()

    def drop(self, owner: Owner) -> None:
        """Forgets the owner's entry, now."""
        with self._lock:
            self._entries.pop(owner.namespace, None)

    def sweep(self) -> None:
        """Lets go of what was not used for long."""
        with self._lock:
            self._make_room()

    def _make_room(self) -> None:
        oldest = time.monotonic() - IDLE
        rows = sum(len(entry.ids) for entry in self._entries.values())
        while self._entries:
            namespace, entry = next(iter(self._entries.items()))
            if entry.used_at >= oldest and rows <= MOST_ROWS:
                return
            rows -= len(entry.ids)
            del self._entries[namespace]


indexes = IndexCache()
"""This process's."""
