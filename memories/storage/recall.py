"""Finds what bears on a question: reads the owner's own rows and ranks them. Costs grow with one's own memories only."""

from __future__ import annotations

import time
import uuid
from typing import Any

from django.db.models import QuerySet

from memories.embedders import Embedder
from memories.models import Memory
from memories.owner import Owner
from memories.storage.guard import own
from memories.storage.memories import MemoryRows
from memories.storage.packing import unpacked
from memories.storage.ranking import Corpus, Hit, Index, Query
from memories.text import terms
from memories.types import Filter
from memories.types import Memory as MemoryValue

COLUMNS = ("id", "owner_id", "terms", "vector", "embedder", "episode", "position", "created_at")


class Recall:
    """Bound to one owner."""

    def __init__(self, owner: Owner, embedder: Embedder) -> None:
        self._owner, self._embedder, self._rows = owner, embedder, MemoryRows(owner)

    def search(self, text: str, *, limit: int) -> list[MemoryValue]:
        """What may be put before an assistant, best first; nothing below the ranking's cut-off. Two queries."""
        ids, hits = self._ranked(self._rows.recallable(), text, limit)
        return self._rows.by_ids([ids[hit.index] for hit in hits], [hit.score for hit in hits])

    def listed(self, text: str, chosen: Filter, *, number: int, size: int) -> tuple[int, int, list[MemoryValue]]:
        """For the person's own list, paused and expired ones included: how many match, the page, what is on it."""
        ids, hits = self._ranked(self._rows.filtered(chosen), text, 1_000)
        number = max(1, min(number, -(-len(hits) // size)))
        shown = hits[(number - 1) * size : number * size]
        return len(hits), number, self._rows.by_ids([ids[hit.index] for hit in shown], [hit.score for hit in shown])

    def _ranked(self, rows: QuerySet[Memory], text: str, limit: int) -> tuple[list[uuid.UUID], list[Hit]]:
        found: list[tuple[Any, ...]] = list(rows.order_by("created_at", "id").values_list(*COLUMNS))
        for row in found:
            own(self._owner, row[1], row[0])
        corpus = Corpus(
            # Vectors of two embedders are never compared: such a row is found by its words until `reembed` ran.
            vectors=unpacked([row[3] if row[4] == self._embedder.name else b"" for row in found], self._embedder.dims),
            terms=[row[2] for row in found],
            episodes=[row[5].hex if row[5] else None for row in found],
            positions=[row[6] for row in found],
            created_at=[row[7].timestamp() for row in found],
        )
        query = Query(vector=self._embedder.embed([text])[0], terms=terms(text), text=text, now=time.time())
        return [row[0] for row in found], Index.build(corpus).search(query, limit)
