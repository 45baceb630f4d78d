"""Receipts of erasures, read back."""

from __future__ import annotations

import uuid

from django.db import connection

from memories.errors import MemoryNotFound
from memories.models import PlatformErasure
from memories.models import Receipt as ReceiptRow
from memories.owner import Owner
from memories.storage.guard import own
from memories.storage.platform import platform_erasures
from memories.types import Receipt, StoreCount

SHOWN = 100
"""Receipts on the page; retention writes one a day at most for each person."""

PLATFORM = "Memories on mem0's platform"
NOT_YET = (
    "mem0's platform was asked to erase what it keeps of you, and has not confirmed it yet. This site goes on asking; "
    "look at this receipt again later."
)
NO_KEY = (
    "Some of this may have been copied to mem0's platform already, which this site is being moved to. It is erased "
    "there as soon as the site is connected; look at this receipt again later."
)


class Receipts:
    """Bound to one owner."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def newest(self) -> list[Receipt]:
        """Up to 100, newest first; two queries."""
        rows = ReceiptRow.objects.filter(owner_id=self._owner.pk).order_by("-finished_at", "-id")[:SHOWN]
        found = list(rows)
        wishes = platform_erasures([row.pk for row in found])
        return [self._own(row, wishes.get(row.pk)) for row in found]

    def get(self, receipt_id: uuid.UUID) -> Receipt:
        """One of them. MemoryNotFound."""
        row = ReceiptRow.objects.filter(owner_id=self._owner.pk, pk=receipt_id).first()
        if row is None:
            raise MemoryNotFound("There is no such receipt.")
        return self._own(row, platform_erasures([row.pk]).get(row.pk))

    def _own(self, row: ReceiptRow, wish: PlatformErasure | None) -> Receipt:
        own(self._owner, row.owner_id or 0, row.pk)
        return receipt_of(row, wish)


def ownerless(receipt_id: uuid.UUID) -> Receipt:
    """The last receipt of an account that is gone; it names nobody. MemoryNotFound for any other."""
    row = ReceiptRow.objects.filter(owner_id=None, pk=receipt_id).first()
    if row is None:
        raise MemoryNotFound("There is no such receipt.")
    return receipt_of(row, platform_erasures([row.pk]).get(row.pk))


def receipt_of(row: ReceiptRow, wish: PlatformErasure | None = None) -> Receipt:
    """A row as a value; with how far mem0's platform is, where it was asked to erase as well."""
    return Receipt(
        id=str(row.pk),
        size=row.size,  # type: ignore[arg-type]  # written from the same words
        asked_by=row.asked_by,  # type: ignore[arg-type]
        started_at=row.started_at,
        finished_at=row.finished_at,
        stores=(*(StoreCount(**line) for line in row.stores), *([_elsewhere(wish)] if wish else ())),
        remains=(*row.remains, *_open(wish)),
        settled_at=row.settled_at,
        settles=connection.vendor == "sqlite",
    )


def _open(wish: PlatformErasure | None) -> list[str]:
    if wish is None or wish.confirmed_at:
        return []
    return [NOT_YET if wish.attempts else NO_KEY]


def _elsewhere(wish: PlatformErasure) -> StoreCount:
    found = wish.found or 0
    removed = found if wish.confirmed_at else 0
    return StoreCount(store=PLATFORM, found=found, removed=removed, left=found - removed)
