"""Takes rows out of the tables, set by set; the file is overwritten afterwards, so that no byte of them stays."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet

from memories.models import Entity, EntityLink, Memory, MemoryVersion, Recall
from memories.owner import Owner


def erase_memories(owner: Owner, rows: QuerySet[Memory]) -> int:
    """Removes the owner's rows in the set with all that hangs on them: versions, entity links and recall marks; then
    entities nothing speaks of any more. One statement a table, inside the caller's transaction. Returns how many
    memories went."""
    chosen = rows.filter(owner_id=owner.pk).order_by().values("pk")
    for table in (MemoryVersion, EntityLink, Recall):
        _sweep(table.objects.filter(owner_id=owner.pk, memory_id__in=chosen))
    gone = _sweep(Memory.objects.filter(owner_id=owner.pk, pk__in=chosen))
    spoken_of = EntityLink.objects.filter(owner_id=owner.pk).values("entity_id")
    _sweep(Entity.objects.filter(owner_id=owner.pk).exclude(pk__in=spoken_of))
    return gone


def _sweep(rows: QuerySet) -> int:  # type: ignore[type-arg]  # any table
    # delete() would read every row into Python first to look for dependents; they are gone already.
    return int(rows._raw_delete(rows.db))


def settle() -> None:
    """Makes what was erased leave the disk now. Call it after the transaction.

    SQLite: with secure_delete the freed pages are zeroed, but the write-ahead log still holds their old content until
    it is cut (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint). While another reader keeps it open, the cut
    waits for the next call; `manage.py tend` calls it too. PostgreSQL's own housekeeping is described in
    docs/security.md.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
