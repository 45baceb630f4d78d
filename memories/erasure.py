"""Erases a person's data from every place we keep, looks again, and writes the receipt."""

from __future__ import annotations

from django.db.models import F, QuerySet
from django.utils import timezone

from memories.models import Entity, EntityLink, Memory, MemoryVersion, OwnerState, Recall, Tombstone
from memories.models import Receipt as ReceiptRow
from memories.models.base import Owned
from memories.owner import Door, Owner
from memories.storage.activity import ActivityLog
from memories.storage.erasing import settle
from memories.storage.owner_scope import writing
from memories.types import Receipt, StoreCount

MEMORY_STORES: tuple[tuple[str, type[Owned]], ...] = (
    ("Earlier texts of memories", MemoryVersion),
    ("Links from names to memories", EntityLink),
    ("Names, places and things", Entity),
    ("Which reply used which memory", Recall),
    ("Memories", Memory),
    ("Marks of what was forgotten", Tombstone),
)


def erase_all_memories(owner: Owner, door: Door) -> Receipt:
    """Removes every memory and what hangs on it, in one transaction, and counts again before it is done."""
    started = timezone.now()
    with writing(owner) as state:
        counts = [_erase(name, table.objects.filter(owner_id=owner.pk)) for name, table in MEMORY_STORES]
        OwnerState.objects.filter(pk=state.pk).update(epoch=F("epoch") + 1)
        ActivityLog(owner, door).append("wiped", count=counts[4].removed)
        row = ReceiptRow.objects.create(
            owner_id=owner.pk,
            size="memories",
            started_at=started,
            finished_at=timezone.now(),
            stores=[
                {"store": line.store, "found": line.found, "removed": line.removed, "left": line.left}
                for line in counts
            ],
            remains=[],
        )
    settle()
    return Receipt(
        id=str(row.pk),
        size="memories",
        asked_by="self",
        started_at=started,
        finished_at=row.finished_at,
        stores=tuple(counts),
        remains=(),
    )


def _erase(name: str, rows: QuerySet[Owned]) -> StoreCount:
    found = rows.count()
    removed = int(rows._raw_delete(rows.db))
    return StoreCount(store=name, found=found, removed=removed, left=rows.count())
