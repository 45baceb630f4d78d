"""mem0's vector store port, bound to one owner. Inserts wait here until the engine writes them in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from memories.owner import Owner
from memories.storage.guard import own
from memories.storage.memories import MemoryRows
from memories.storage.owner_scope import reading
from memories.storage.packing import unpacked
from memories.storage.ports import Row, check_filters, check_payload, unreachable
from memories.validation import valid_id

Vector = Sequence[float]
COLUMNS = ("id", "owner_id", "text", "vector", "created_at", "updated_at")


class VectorStore:
    """What mem0's pipeline sees as its store: nobody's rows but the owner's, and no way to ask for others."""

    def __init__(self, owner: Owner, *, embedder: str, dims: int) -> None:
        self._owner, self._rows = owner, MemoryRows(owner)
        self._embedder, self._dims = embedder, dims
        self.waiting: list[tuple[str, dict[str, Any], Vector]] = []
        """(id, payload, vector) as the pipeline inserted them, not yet written."""
        self.blind = False
        """True while the person wants no memory put before a model: then there is nothing to find."""
        self.before_sending: Callable[[Sequence[str]], None] | None = None
        """Told the ids of what the pipeline is about to put into its prompt."""

    def insert(
        self,
        vectors: Sequence[Vector],
        payloads: Sequence[Mapping[str, Any]] | None = None,
        ids: Sequence[str] | None = None,
    ) -> None:
        """Keeps the rows back for the engine's one transaction."""
        for vector, payload, memory_id in zip(vectors, payloads or [], ids or [], strict=True):
            check_payload(self._owner, payload)
            self.waiting.append((memory_id, dict(payload), vector))

    def search(
        self, query: str, vectors: Vector, top_k: int = 5, filters: Mapping[str, Any] | None = None
    ) -> list[Row]:
        """The owner's nearest memories by meaning; rows of another embedder are not compared."""
        check_filters(self._owner, filters)
        found = [] if self.blind else self._nearest(vectors, top_k)
        if self.before_sending:
            self.before_sending([row.id for row in found])
        return found

    def _nearest(self, vector: Vector, top_k: int) -> list[Row]:
        with reading(self._owner):
            rows = list(self._rows.recallable().filter(embedder=self._embedder).values_list(*COLUMNS))
        scores = unpacked([row[3] for row in rows], self._dims) @ np.asarray(vector, dtype=np.float32)
        best = np.argsort(-scores, kind="stable")[:top_k]
        return [self._row(rows[i], float(scores[i])) for i in best]

    def keyword_search(self, query: str, top_k: int = 5, filters: Mapping[str, Any] | None = None) -> None:
        """Keywords are ranked together with meaning by `memories.storage.ranking`, not by mem0's formula."""
        check_filters(self._owner, filters)

    def get(self, vector_id: str) -> Row | None:
        """One row of the owner's; None for any other id."""
        row = self._rows.listed().filter(pk=valid_id(vector_id)).values_list(*COLUMNS).first()
        return self._row(row) if row else None

    def list(self, filters: Mapping[str, Any] | None = None, top_k: int | None = None) -> list[list[Row]]:
        """The owner's rows, newest first, in the one list that mem0 expects in a list."""
        check_filters(self._owner, filters)
        rows = self._rows.listed().order_by("-created_at", "-id").values_list(*COLUMNS)
        return [[self._row(row) for row in (rows[:top_k] if top_k else rows)]]

    def _row(self, row: tuple[Any, ...], score: float = 0.0) -> Row:
        memory_id, owner_id, text, _, created_at, updated_at = row
        own(self._owner, owner_id, memory_id)
        payload = {
            "data": text,
            "user_id": self._owner.name,
            "created_at": created_at.isoformat(),
            "updated_at": updated_at.isoformat(),
        }
        return Row(id=str(memory_id), payload=payload, score=score)

    # Changing and removing go through the engine's own verbs, which keep versions, tombstones and the log in step.
    update = delete = unreachable
    create_col = list_cols = delete_col = col_info = reset = unreachable
