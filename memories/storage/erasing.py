"""Takes rows out of the tables, set by set; the file is overwritten afterwards, so that no byte of them stays."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from memories.models import (
    Conversation,
    Entity,
    EntityLink,
    Memory,
    MemoryVersion,
    Message,
    OwnerState,
    Recall,
    Receipt,
)
from memories.owner import Owner
from memories.storage import ledger
from memories.storage.tombstones import Tombstones
from memories.titles import title_of

PATIENCE = 500
"""Milliseconds that a page waits for readers to let go of the write-ahead log; `manage.py tend` tries again."""


def erase_memories(owner: Owner, rows: QuerySet[Memory]) -> int:
    """Removes the owner's rows in the set with all that hangs on them: versions, entity links and recall marks; then
    entities nothing speaks of any more. One statement a table, inside the caller's transaction. Returns how many
    memories went."""
    chosen = rows.filter(owner_id=owner.pk).order_by().values("pk")
    ledger.note(owner, "memory", chosen.values_list("pk", flat=True))
    for table in (MemoryVersion, EntityLink, Recall):
        sweep(table.objects.filter(owner_id=owner.pk, memory_id__in=chosen))
    gone = sweep(Memory.objects.filter(owner_id=owner.pk, pk__in=chosen))
    spoken_of = EntityLink.objects.filter(owner_id=owner.pk).values("entity_id")
    sweep(Entity.objects.filter(owner_id=owner.pk).exclude(pk__in=spoken_of))
    return gone


def erase_messages(owner: Owner, rows: QuerySet[Message]) -> int:
    """Removes the owner's turns in the set with their recall marks; memories said in them stay, without their source.

    A title that was made from a removed turn is made anew from the first one left. Inside the caller's transaction.
    """
    # The set itself, not a list of its ids: databases limit how many values a statement may carry.
    chosen = rows.filter(owner_id=owner.pk).order_by()
    keys, turns = chosen.values("pk"), set(chosen.filter(role="user").values_list("conversation_id", "text"))
    ledger.note(owner, "message", keys.values_list("pk", flat=True))
    sweep(Recall.objects.filter(owner_id=owner.pk, message_id__in=keys))
    Memory.objects.filter(owner_id=owner.pk, message_id__in=keys).update(message=None)
    gone = sweep(Message.objects.filter(owner_id=owner.pk, pk__in=keys))
    for conversation_id, text in turns:
        retitle(owner, conversation_id, text)
    return gone


def retitle(owner: Owner, conversation_id: uuid.UUID, removed: str) -> None:
    """Makes a title that was made from these words anew, from the first turn left; one chosen by hand stays."""
    chats = Conversation.objects.filter(
        owner_id=owner.pk, pk=conversation_id, titled_by_hand=False, title=title_of(removed)
    )
    left = Message.objects.filter(owner_id=owner.pk, conversation_id=conversation_id, role="user", held_until=None)
    first = left.order_by("position").values_list("text", flat=True).first()
    chats.update(title=title_of(first) if first else "")


def erase_conversations(owner: Owner, rows: QuerySet[Conversation]) -> int:
    """Removes the owner's conversations in the set with turns and recall marks; memories said there stay, without
    their source. One statement a table, inside the caller's transaction."""
    chosen = rows.filter(owner_id=owner.pk).order_by().values("pk")
    ledger.note(owner, "conversation", chosen.values_list("pk", flat=True))
    turns = Message.objects.filter(owner_id=owner.pk, conversation_id__in=chosen).order_by().values("pk")
    sweep(Recall.objects.filter(owner_id=owner.pk, message_id__in=turns))
    Memory.objects.filter(owner_id=owner.pk, message_id__in=turns).update(message=None)
    sweep(Message.objects.filter(owner_id=owner.pk, conversation_id__in=chosen))
    return sweep(Conversation.objects.filter(owner_id=owner.pk, pk__in=chosen))


def erase_ended(owner: Owner, state: OwnerState) -> int:
    """Removes what was deleted and whose undo window has ended; how many rows. Two queries where there is nothing."""
    ended = Q(held_until__lte=timezone.now())
    memories = Memory.objects.filter(ended, owner_id=owner.pk)
    turns = Message.objects.filter(ended, owner_id=owner.pk)
    gone = 0
    if memories.exists():
        # The mark of the present text was laid when it was deleted; now the earlier ones are certain to go too.
        Tombstones(owner).lay_versions(memories, state)
        gone = erase_memories(owner, memories)
    return gone + (erase_messages(owner, turns) if turns.exists() else 0)


def erase_message_of(owner: Owner, memory: Memory) -> int:
    """Removes the turn a memory came from, as `erase_messages`; 0 when it is gone, or there never was one."""
    turns = Message.objects.filter(owner_id=owner.pk)
    return erase_messages(owner, turns.filter(pk=memory.message_id)) if memory.message_id else 0


def hold_message(owner: Owner, memory: Memory, until: dt.datetime) -> None:
    """Takes the turn a memory came from out of everything until then; it goes together with the memory."""
    if memory.message_id:
        Message.objects.filter(owner_id=owner.pk, pk=memory.message_id).update(held_until=until)


def unhold_message(owner: Owner, memory: Memory) -> None:
    """Brings the turn back that was held together with this memory."""
    if memory.message_id:
        held = Message.objects.filter(owner_id=owner.pk, pk=memory.message_id, held_until=memory.held_until)
        held.update(held_until=None)


def erase_expired_chats(owner: Owner) -> int:
    """Removes the temporary chats whose time is over; how many."""
    rows = Conversation.objects.filter(owner_id=owner.pk, expires_at__lte=timezone.now())
    return erase_conversations(owner, rows) if rows.exists() else 0


def sweep(rows: QuerySet) -> int:  # type: ignore[type-arg]  # any table
    """Deletes the set in one statement; how many rows."""
    # delete() would read every row into Python first to look for dependents; they are gone already.
    return int(rows._raw_delete(rows.db))


def settle(patience: int = PATIENCE) -> bool:
    """Makes what was erased leave the disk now; False while that has to wait. Call it after the transaction.

    SQLite: with secure_delete the freed pages are zeroed, but the write-ahead log still holds their old content until
    it is cut (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint). While another process reads, the cut has to
    wait: this tries for `patience` milliseconds, and `manage.py tend` goes on. Receipts say which it is. PostgreSQL's
    own housekeeping does it there: docs/erasure.md.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return False
    before = timezone.now()
    with connection.cursor() as cursor:
        usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        # The connection's usual patience is that of a writer, 20 seconds: too long for a page.
        cursor.execute(f"PRAGMA busy_timeout = {int(patience)}")
        try:
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(usual)}")
    if busy:
        return False
    # What was committed before the cut is off the disk, whoever did it.
    Receipt.objects.filter(settled_at=None, finished_at__lte=before).update(settled_at=timezone.now())
    return True


def unsettled() -> bool:
    """Whether a receipt still waits for the disk; for the background pass."""
    if connection.vendor != "sqlite":
        return False  # Its own housekeeping is not waited for, and is said on the receipt.
    return Receipt.objects.filter(settled_at=None).exists()
