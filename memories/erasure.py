"""Erases a person's data from every place we keep, looks again, and writes the receipt."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from typing import Literal

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts import proofs
from accounts.models import User
from memories import inventory, scoped_cache
from memories.engines import platform_erasing
from memories.errors import MemoriesError
from memories.inventory import Size, Table
from memories.models import Conversation, Message, OwnerState
from memories.models import Receipt as ReceiptRow
from memories.owner import Door, Owner, owner_of_any
from memories.remains import remains_of
from memories.storage import ledger
from memories.storage.activity import ActivityLog
from memories.storage.erasing import settle, sweep
from memories.storage.index_cache import indexes
from memories.storage.owner_scope import writing
from memories.storage.receipts import receipt_of
from memories.storage.tombstones import Tombstones
from memories.types import Receipt, StoreCount

logger = logging.getLogger(__name__)

AskedBy = Literal["self", "admin", "retention"]
NOTES = "Notes under messages: what was or is to be learned"


class NotErased(MemoriesError):
    """A row was left after its table had been emptied: everything was taken back."""

    default = "Something could not be erased, so nothing was. Please try again; if it goes on, tell whoever runs this."


def wipe(owner: Owner, door: Door, size: Literal["memories", "conversations"]) -> Receipt:
    """Removes every memory (and every conversation), in one transaction, and counts again before it is done.

    What was remembered is not learned again from what was said before: marks of it stay, and turns that were still to
    be read for memories are not. AccountGone, EngineUnavailable: then nothing was removed.
    """
    started = timezone.now()
    with writing(owner) as state:
        waits_for = platform_erasing.still_read(owner)
        # Before: how much was sent to a provider is told by rows that stay, but whose memories go.
        remains = remains_of(owner, size, started)
        Tombstones(owner).lay_all(state)
        counts = _emptied(owner, size)
        if size == "memories":
            counts.append(_without_notes(owner))
        proofs.drop_waiting(owner.pk)
        OwnerState.objects.filter(owner_id=owner.pk).update(epoch=F("epoch") + 1)
        ActivityLog(owner, door).append("wiped" if size == "memories" else "wiped_all", count=_removed(counts))
        asked_by: AskedBy = "admin" if door.actor == "admin" else "self"
        row = write_receipt(owner, size, asked_by, started, counts, remains)
        ledger.note(owner, size)
        wish = platform_erasing.ask(owner, row.pk, waits_for)
    _afterwards(owner)
    return receipt_of(row, platform_erasing.begun(wish))


def erase_account(user: User, *, asked_by: AskedBy = "self") -> Receipt:
    """Removes the account and everything in it, from every place, in one transaction; ends its sessions and streams.

    The receipt has no owner and says nothing of whose it was; it goes to the account's address, which is then
    forgotten and free to sign up again, to a new namespace. Also for closed accounts. AccountGone when it is erased
    already; EngineUnavailable: then nothing was removed.
    """
    owner, address, started = owner_of_any(user), _address(user), timezone.now()
    with writing(owner, closed=True):
        waits_for = platform_erasing.still_read(owner)
        remains = remains_of(owner, "account", started)
        beside = _beside(owner, user.email)
        counts = [*_emptied(owner, "account"), beside]
        row = write_receipt(None, "account", asked_by, started, counts, remains)
        ledger.note(owner, "account")
        wish = platform_erasing.ask(owner, row.pk, waits_for)
    _afterwards(owner)
    receipt = receipt_of(row, platform_erasing.begun(wish))
    if address:
        # Imported here: rendering and sending are of no use to those who only count.
        from memories.receipt_mail import send

        transaction.on_commit(lambda: send(receipt, address))
    return receipt


# --- Inside -----------------------------------------------------------------------------------------------------------
def _emptied(owner: Owner, size: Size) -> list[StoreCount]:
    return [_empty(table, owner) for table in inventory.tables(size)]


def _empty(table: Table, owner: Owner) -> StoreCount:
    rows = table.rows(owner)
    found = rows.count()
    removed = sweep(rows) if found else 0
    left = rows.count() if found else 0
    if left:
        raise NotErased
    return StoreCount(store=table.store, found=found, removed=removed, left=left)


def _without_notes(owner: Owner) -> StoreCount:
    """Messages stay, but not what they tell of memories; and none of them is to be read for memories any more."""
    waiting = Q(memory_state__in=["pending", "failed"])
    noted = Message.objects.filter(waiting | Q(learned__isnull=False) | Q(asks__isnull=False), owner_id=owner.pk)
    found = noted.count()
    Message.objects.filter(waiting, owner_id=owner.pk).update(memory_state="off", due_at=None)
    rows = Message.objects.filter(Q(learned__isnull=False) | Q(asks__isnull=False), owner_id=owner.pk)
    rows.update(learned=None, asks=None)
    Conversation.objects.filter(owner_id=owner.pk).exclude(left_out=[]).update(left_out=[])
    left = noted.count()
    if left:
        raise NotErased
    return StoreCount(store=NOTES, found=found, removed=found, left=left)


def _beside(owner: Owner, email: str) -> StoreCount:
    """What is kept under the person's name outside the tables. Inside the transaction: a crash before its end loses
    counters and half-made files, one after it would have left them behind."""
    found = scoped_cache.erase_for(owner)
    if settings.DEMO:
        # Imported here: the demo is built on the domain.
        from memsite import demo

        found += demo.forget(email)
    left = scoped_cache.held_for(owner)
    if left:
        raise NotErased
    return StoreCount(store=inventory.BESIDE, found=found, removed=found, left=left)


def write_receipt(
    owner: Owner | None,
    size: Size,
    asked_by: AskedBy,
    started: dt.datetime,
    counts: Sequence[StoreCount],
    remains: Sequence[str],
) -> ReceiptRow:
    """The row, within the transaction of what it tells of."""
    return ReceiptRow.objects.create(
        owner_id=owner.pk if owner else None,
        size=size,
        asked_by=asked_by,
        started_at=started,
        finished_at=timezone.now(),
        stores=[
            {"store": line.store, "found": line.found, "removed": line.removed, "left": line.left} for line in counts
        ],
        remains=list(remains),
    )


def _afterwards(owner: Owner) -> None:
    """Once it is certain: out of this process's memory, and off the disk."""
    indexes.drop(owner)
    transaction.on_commit(_settle_quietly)


def _settle_quietly() -> None:
    """The erasure is done whatever becomes of this; the receipt says "pending" until `manage.py tend` has done it."""
    try:
        settle()
    except Exception as error:
        logger.warning("the disk could not be settled yet: %s", type(error).__name__)


def _removed(counts: Sequence[StoreCount]) -> int:
    return sum(line.removed for line in counts if line.store == "Memories")


def _address(user: User) -> str:
    """Where the last receipt goes, whatever its owner signs in with; "" for the throw-away accounts of a command."""
    return "" if user.email.endswith(".invalid") else user.email
