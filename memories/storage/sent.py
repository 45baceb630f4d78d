"""Reads back what left the site."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Mapping, Sequence

from memories.data_types import Said
from memories.models import Disclosure
from memories.owner import Owner
from memories.record_types import Sent, SentPage
from memories.storage.details import Details
from memories.storage.guard import own
from memories.types import Memory


@dataclasses.dataclass(frozen=True, slots=True)
class SentOnes:
    """A page as it is written down: with ids, without the memories."""

    rows: tuple[Disclosure, ...]
    total: int
    number: int
    size: int

    @property
    def memory_ids(self) -> list[uuid.UUID]:
        """Of every memory that was sent, each once."""
        return [uuid.UUID(key) for key in dict.fromkeys(key for row in self.rows for key in row.memory_ids)]


class SentRows:
    """Bound to one owner."""

    def __init__(self, owner: Owner) -> None:
        self._owner, self._details = owner, Details(owner)

    def rows(self, number: int, size: int) -> SentOnes:
        """A page of them, newest first; two queries."""
        rows = Disclosure.objects.filter(owner_id=self._owner.pk).order_by("-at", "-pk")
        total = rows.count()
        number = max(1, min(number, -(-total // size)))
        return SentOnes(tuple(rows[(number - 1) * size : number * size]), total, number, size)

    def page(self, shown: SentOnes, there: Sequence[Memory]) -> SentPage:
        """The same with the turns they were sent for and those of the memories that are still there; one query. A
        memory deleted since is counted, and no more is known of it."""
        found = {memory.id: memory for memory in there}
        said = self._details.said([row.message_id for row in shown.rows if row.message_id])
        items = tuple(
            self._sent(row, found, said.get(row.message_id) if row.message_id else None) for row in shown.rows
        )
        return SentPage(items=items, total=shown.total, number=shown.number, size=shown.size)

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
