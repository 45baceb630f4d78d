"""mem0's entity store port, bound to one owner: which names, places and things the memories speak of."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.db.models import QuerySet

from memories.models import Entity, EntityLink
from memories.owner import Owner
from memories.storage.erasing import sweep
from memories.storage.guard import own
from memories.storage.owner_scope import reading
from memories.storage.packing import packed, unpacked
from memories.storage.ports import Row, check_filters, check_payload, unreachable
from memories.validation import valid_id

Vector = Sequence[float]
Links = dict[uuid.UUID, list[str]]
"""Per entity the ids of the memories that speak of it."""


class EntityStore:
    """Links are rows of their own, so that a memory's go with it in one statement. Writes wait for `flush`."""

    def __init__(self, owner: Owner, *, embedder: str, dims: int) -> None:
        self._owner, self._embedder, self._dims = owner, embedder, dims
        self._new: list[tuple[str, Mapping[str, Any], Vector]] = []
        self._linked: dict[str, list[str]] = {}

    def _all(self) -> QuerySet[Entity]:
        return Entity.objects.filter(owner_id=self._owner.pk)

    def insert(
        self,
        vectors: Sequence[Vector],
        payloads: Sequence[Mapping[str, Any]] | None = None,
        ids: Sequence[str] | None = None,
    ) -> None:
        """Keeps new entities back."""
        for vector, payload, entity_id in zip(vectors, payloads or [], ids or [], strict=True):
            check_payload(self._owner, payload)
            self._new.append((entity_id, payload, vector))

    def update(self, vector_id: str, vector: Vector | None = None, payload: Mapping[str, Any] | None = None) -> None:
        """Keeps new links of an entity back. Its name and vector never change."""
        check_payload(self._owner, payload)
        self._linked[vector_id] = list((payload or {}).get("linked_memory_ids", []))

    def search(
        self, query: str, vectors: Vector, top_k: int = 5, filters: Mapping[str, Any] | None = None
    ) -> list[Row]:
        """The owner's nearest entities by meaning."""
        return self.search_batch([query], [vectors], top_k=top_k, filters=filters)[0]

    def search_batch(
        self,
        queries: Sequence[str],
        vectors_list: Sequence[Vector],
        top_k: int = 5,
        filters: Mapping[str, Any] | None = None,
    ) -> list[list[Row]]:
        """As `search`, for many at once; two queries."""
        check_filters(self._owner, filters)
        with reading(self._owner):
            found = list(self._all().filter(embedder=self._embedder))
            links = self._links()
        vectors = unpacked([entity.vector for entity in found], self._dims)
        answers = []
        for vector in vectors_list:
            scores = vectors @ np.asarray(vector, dtype=np.float32)
            best = np.argsort(-scores, kind="stable")[:top_k]
            answers.append([self._row(found[i], links, float(scores[i])) for i in best])
        return answers

    def list(self, filters: Mapping[str, Any] | None = None, top_k: int | None = None) -> list[list[Row]]:
        """The owner's entities, in the one list that mem0 expects in a list."""
        check_filters(self._owner, filters)
        rows = self._all().order_by("id")
        with reading(self._owner):
            links = self._links()
            return [[self._row(entity, links) for entity in (rows[:top_k] if top_k else rows)]]

    def get(self, vector_id: str) -> Row | None:
        """One entity of the owner's; None for any other id."""
        with reading(self._owner):
            entity = self._all().filter(pk=valid_id(vector_id)).first()
            return self._row(entity, self._links()) if entity else None

    def flush(self, written: set[uuid.UUID]) -> None:
        """Writes what waits, for those memories that were really written; call it in their transaction."""
        # Of those that were there when they were read, some may have gone since with the last that spoke of them.
        there = self._all().filter(pk__in=self._linked).values_list("pk", flat=True) if self._linked else ()
        wanted: dict[str, list[str]] = {str(key): self._linked[str(key)] for key in there}
        for entity_id, payload, vector in self._new:
            linked = [key for key in payload.get("linked_memory_ids", []) if uuid.UUID(key) in written]
            if linked:
                wanted[entity_id] = linked
                Entity.objects.create(
                    id=entity_id,
                    owner_id=self._owner.pk,
                    text=str(payload.get("data", ""))[:500],
                    kind=str(payload.get("entity_type", ""))[:20],
                    vector=packed(vector),
                    embedder=self._embedder,
                )
        links = [
            EntityLink(owner_id=self._owner.pk, entity_id=entity_id, memory_id=uuid.UUID(key))
            for entity_id, keys in wanted.items()
            for key in keys
            if uuid.UUID(key) in written
        ]
        EntityLink.objects.bulk_create(links, ignore_conflicts=True)
        self._new, self._linked = [], {}

    def unlink(self, memory_ids: Sequence[uuid.UUID]) -> None:
        """Takes these memories' links away, and the entities nothing speaks of any more."""
        EntityLink.objects.filter(owner_id=self._owner.pk, memory_id__in=memory_ids).delete()
        spoken_of = EntityLink.objects.filter(owner_id=self._owner.pk).values("entity_id")
        sweep(self._all().exclude(pk__in=spoken_of))

    def _links(self) -> Links:
        links: Links = {}
        rows = EntityLink.objects.filter(owner_id=self._owner.pk).values_list("entity_id", "memory_id")
        for entity_id, memory_id in rows:
            links.setdefault(entity_id, []).append(str(memory_id))
        return links

    def _row(self, entity: Entity, links: Links, score: float = 0.0) -> Row:
        own(self._owner, entity.owner_id, entity.pk)
        payload = {
            "data": entity.text,
            "entity_type": entity.kind,
            "linked_memory_ids": sorted(links.get(entity.pk, [])),
            "user_id": self._owner.name,
        }
        return Row(id=str(entity.pk), payload=payload, score=score)

    delete = unreachable
    create_col = list_cols = delete_col = col_info = reset = unreachable
