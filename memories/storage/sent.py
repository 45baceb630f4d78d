"""Reads back what left the site."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from memories.data_types import Said, Sent, SentPage
from memories.models import Disclosure
from memories.owner import Owner
from memories.storage.details import Details
from memories.storage.guard import own
from memories.storage.memories import MemoryRows
from memories.types import Memory


class SentRows:
    """Bound to one owner."""

    def __init__(self, owner: Owner) -> None:
        self._owner, self._rows, self._details = owner, MemoryRows(owner), Details(owner)

    def page(self, number: int, size: int) -> SentPage:
        """A page, newest first; four queries. A memory deleted since is counted, and no more is known of it."""
        rows = Disclosure.objects.filter(owner_id=self._owner.pk).order_by("-at", "-pk")
        total = rows.count()
        number = max(1, min(number, -(-total // size)))
        shown = list(rows[(number - 1) * size : number * size])
        wanted = {uuid.UUID(key) for row in shown for key in row.memory_ids}
        found = {memory.id: memory for memory in self._rows.by_ids(list(wanted))}
        said = self._details.said([row.message_id for row in shown if row.message_id])
        items = tuple(self._sent(row, found, said.get(row.message_id) if row.message_id else None) for row in shown)
        return SentPage(items=items, total=total, number=number, size=size)

    def _sent(self, row: Disclosure, found: Mapping[str, Memory], said: Said | None) -> Sent:
        own(self._owner, row.owner_id, row.pk)
        there = tuple(found[key] for key in row.memory_ids if key in found)
        return Sent(
            at=row.at,
            provider=row.provider,
            model=row.model,
            purpose=row.purpose,
            memories=there,
            gone=len(row.memory_ids) - len(there),
            conversation_id=said.conversation_id if said else "",
            title=said.title if said else "",
            message_id=said.message_id if said else "",
            position=said.position if said else 0,
            last=said.last if said else 0,
        )
