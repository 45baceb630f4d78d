"""Finds what bears on a question: reads the owner's own rows and ranks them. Others' memories cost nothing."""

from __future__ import annotations

import math
import time
import uuid
from collections.abc import Sequence
from typing import Any

from memories.embedders import Embedder
from memories.owner import Owner
from memories.storage.guard import own
from memories.storage.index_cache import WORTH_KEEPING, Entry, indexes
from memories.storage.memories import MemoryRows
from memories.storage.packing import unpacked
from memories.storage.ranking import Corpus, Hit, Index, Query
from memories.storage.recall_rows import (
    EXPIRES,
    RANKED,
    STORE_VERSION,
    Row,
    moment,
    recallable_rows,
    store_version,
    values_of,
)
from memories.text import terms
from memories.types import Memory

LISTED = ("id", "owner_id", "embedder", "terms", "vector", "episode", "position", "kind")


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
            rows = recallable_rows(self._owner, self._embedder.name)
            if not rows:
                return []
            index = self._index([row[RANKED] for row in rows])
            if len(rows) >= WORTH_KEEPING:
                self._keep(rows, index)
            return values_of(self._owner, [(rows[hit.index], hit.score) for hit in index.search(query, limit)])
        scores = {entry.ids[hit.index]: hit.score for hit in entry.index.search(query, limit)}
        found = (
            {row[0]: row for row in recallable_rows(self._owner, self._embedder.name, list(scores))} if scores else {}
        )
        return values_of(self._owner, [(found[key], scores[key]) for key in scores if key in found])

    def matches(self, text: str, *, limit: int) -> list[tuple[uuid.UUID, float]]:
        """What the text finds on the whole list, paused and expired included: id and score, best first; one query. Who
        looks for something on the list finds it whoever said it."""
        rows = list(self._rows.listed().order_by("created_at", "id").values_list(*LISTED))
        for row in rows:
            own(self._owner, row[1], row[0])
        name = self._embedder.name
        columns = [(row[3], row[4] if row[2] == name else None, *row[5:]) for row in rows]
        hits: list[Hit] = self._index(columns).search(self._query(text), limit, whoever_said=True)
        return [(rows[hit.index][0], hit.score) for hit in hits]

    def _query(self, text: str) -> Query:
        return Query(vector=self._embedder.embed([text])[0], terms=terms(text), text=text, now=time.time())

    def _index(self, columns: Sequence[tuple[Any, ...]]) -> Index:
        """Of rows as (terms, vector, episode, position, kind), the vector None where another embedder made it: such
        a row is found by its words until `reembed` ran."""
        # Oldest first, so that of two equals the ranking prefers the newer.
        terms, vectors, episodes, positions, kinds = zip(*columns, strict=True) if columns else ((),) * 5
        unit = unpacked(vectors, self._embedder.dims)
        return Index.build(Corpus(terms=terms, vectors=unit, episodes=episodes, positions=positions, kinds=kinds))

    # --- The kept index ---------------------------------------------------------------------------------------------
    def _kept(self) -> Entry | None:
        if not indexes.holds(self._owner):
            return None
        return indexes.get(self._owner, version=store_version(self._owner), embedder=self._embedder.name)

    def _keep(self, rows: list[Row], index: Index) -> None:
        """Keeps the index of these rows for the next search."""
        expiring = [moment(row[EXPIRES]).timestamp() for row in rows if row[EXPIRES]]
        entry = Entry(
            version=rows[0][STORE_VERSION],
            embedder=self._embedder.name,
            ids=[row[0] for row in rows],
            index=index,
            good_until=min(expiring, default=math.inf),
        )
        indexes.put(self._owner, entry)
