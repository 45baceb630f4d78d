"""Receipts of erasures, read back."""

from __future__ import annotations

import uuid

from memories.errors import MemoryNotFound
from memories.models import Receipt as ReceiptRow
from memories.owner import Owner
from memories.storage.guard import own
from memories.types import Receipt, StoreCount

SHOWN = 100
"""Receipts on the page; retention writes one a day at most for each person."""


class Receipts:
    """Bound to one owner."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def newest(self) -> list[Receipt]:
        """Up to 100, newest first; one query."""
        rows = ReceiptRow.objects.filter(owner_id=self._owner.pk).order_by("-finished_at", "-id")[:SHOWN]
        return [self._own(row) for row in rows]

    def get(self, receipt_id: uuid.UUID) -> Receipt:
        """One of them. MemoryNotFound."""
        row = ReceiptRow.objects.filter(owner_id=self._owner.pk, pk=receipt_id).first()
        if row is None:
            raise MemoryNotFound("There is no such receipt.")
        return self._own(row)

    def _own(self, row: ReceiptRow) -> Receipt:
        own(self._owner, row.owner_id or 0, row.pk)
        return receipt_of(row)


def ownerless(receipt_id: uuid.UUID) -> Receipt:
    """The last receipt of an account that is gone; it names nobody. MemoryNotFound for any other."""
    row = ReceiptRow.objects.filter(owner_id=None, pk=receipt_id).first()
    if row is None:
        raise MemoryNotFound("There is no such receipt.")
    return receipt_of(row)


def receipt_of(row: ReceiptRow) -> Receipt:
    """A row as a value."""
    return Receipt(
        id=str(row.pk),
        size=row.size,  # type: ignore[arg-type]  # written from the same words
        asked_by=row.asked_by,  # type: ignore[arg-type]
        started_at=row.started_at,
        finished_at=row.finished_at,
        stores=tuple(StoreCount(**line) for line in row.stores),
        remains=tuple(row.remains),
        settled_at=row.settled_at,
    )
