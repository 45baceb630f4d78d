"""Finds what bears on a question: reads the owner's own rows and ranks them. Others' memories cost nothing."""

from __future__ import annotations

import math
import time
import uuid
from collections.abc import Sequence
from typing import Any

from memories.embedders import Embedder
from memories.models import OwnerState
from memories.owner import Owner
from memories.storage.guard import own
from memories.storage.index_cache import Entry, indexes
from memories.storage.memories import MemoryRows
from memories.storage.packing import unpacked
from memories.storage.ranking import Corpus, Hit, Index, Query
from memories.storage.recall_rows import RecallRow, moment, recallable_rows, values_of
from memories.text import terms
from memories.types import Memory

LISTED = ("id", "owner_id", "terms", "vector", "embedder", "episode", "position")


class Recall:
    """Bound to one owner."""

    def __init__(self, owner: Owner, embedder: Embedder) -> None:
        self._owner, self._embedder, self._rows = owner, embedder, MemoryRows(owner)

    def search(self, text: str, *, limit: int) -> list[Memory]:
        """What may be put before an assistant, best first; nothing below the ranking's cut-off.

        One query for the rows, and one for the titles where some came from chats. Where there are many rows, a kept
        index, checked by one query, takes the place of reading them all.
        """
        query = self._query(text)
        entry = self._kept()
        if entry is None:
            rows = recallable_rows(self._owner)
            if not rows:
                return []
            hits = self._entry(rows).index.search(query, limit)
            return values_of(self._owner, ((rows[hit.index], hit.score) for hit in hits))
        scores = {entry.ids[hit.index]: hit.score for hit in entry.index.search(query, limit)}
        found = {row.id: row for row in recallable_rows(self._owner, list(scores))} if scores else {}
        return values_of(self._owner, ((found[key], scores[key]) for key in scores if key in found))

    def matches(self, text: str, *, limit: int) -> list[tuple[uuid.UUID, float]]:
        """What the text finds on the whole list, paused and expired included: id and score, best first; one query."""
        rows = list(self._rows.listed().order_by("created_at", "id").values_list(*LISTED))
        for row in rows:
            own(self._owner, row[1], row[0])
        hits: list[Hit] = self._index([row[2:] for row in rows]).search(self._query(text), limit)
        return [(rows[hit.index][0], hit.score) for hit in hits]

    def _query(self, text: str) -> Query:
        return Query(vector=self._embedder.embed([text])[0], terms=terms(text), text=text, now=time.time())

    def _index(self, columns: Sequence[tuple[Any, ...]]) -> Index:
        """Of rows as (terms, vector, embedder, episode, position)."""
        name = self._embedder.name
        # Oldest first, so that of two equals the ranking prefers the newer. Vectors of two embedders are never
        # compared: a row of another is found by its words until `reembed` ran.
        return Index.build(
            Corpus(
                terms=[row[0] for row in columns],
                vectors=unpacked([row[1] if row[2] == name else b"" for row in columns], self._embedder.dims),
                episodes=[str(row[3]) if row[3] else None for row in columns],
                positions=[row[4] for row in columns],
            )
        )

    # --- The kept index ---------------------------------------------------------------------------------------------
    def _version(self) -> int:
        return OwnerState.objects.filter(owner_id=self._owner.pk).values_list("version", flat=True).first() or 0

    def _kept(self) -> Entry | None:
        if not indexes.holds(self._owner):
            return None
        return indexes.get(self._owner, version=self._version(), embedder=self._embedder.name)

    def _entry(self, rows: list[RecallRow]) -> Entry:
        """The index of these rows; kept for the next search where there are many."""
        entry = Entry(
            version=rows[0].store_version,
            embedder=self._embedder.name,
            ids=[row.id for row in rows],
            index=self._index([row[3:8] for row in rows]),
            good_until=min((moment(row.expires_at).timestamp() for row in rows if row.expires_at), default=math.inf),
        )
        indexes.put(self._owner, entry)
        return entry
