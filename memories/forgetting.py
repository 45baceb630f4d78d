"""The verbs of erasing and keeping: what is held and where, wipes, receipts, how long. Part of ScopedMemory."""

from __future__ import annotations

import dataclasses
import uuid
from typing import Literal

from memories import erasure, inventory, retention
from memories.inventory import Size
from memories.owner import Door, Owner
from memories.retention import Preview
from memories.storage.owner_scope import reading
from memories.storage.receipts import Receipts, ownerless
from memories.types import Receipt
from memories.validation import valid_id


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """One place, and what of this person is there now."""

    store: str
    holds: str
    erased: str
    checked: str
    count: int | None
    """None where it cannot be counted."""
    goes_with: Size | None = None
    """The smallest wipe that takes it; None outside the tables."""
    ours: bool = True


class Forgetting:
    """One owner's erasures. Every verb acts on that owner's and no one else's."""

    __slots__ = ()
    _owner: Owner
    _door: Door

    def holdings(self) -> list[Holding]:
        """Every place in the inventory with live counts, in the inventory's order; one query a table."""
        with reading(self._owner):
            tables = [
                Holding(
                    store=table.store,
                    holds=table.holds,
                    erased=table.erased,
                    checked=table.checked,
                    count=table.rows(self._owner).count(),
                    goes_with=table.goes_with,
                )
                for table in inventory.tables("account")
            ]
        places = [
            Holding(
                store=place.store,
                holds=place.holds,
                erased=place.erased,
                checked=place.checked,
                count=place.count(self._owner) if place.count else None,
                ours=place.ours,
            )
            for place in inventory.places()
        ]
        return tables + places

    def wipe(self, size: Literal["memories", "conversations"]) -> Receipt:
        """Erases every memory, or every memory and conversation, from every place we keep, and says what was found,
        removed and left. What was remembered is not learned again from what was said before."""
        return erasure.wipe(self._owner, self._door, size)

    def receipts(self) -> list[Receipt]:
        """Up to 100, newest first."""
        with reading(self._owner):
            return Receipts(self._owner).newest()

    def receipt(self, receipt_id: object) -> Receipt:
        """One of them. MemoryNotFound for any other id."""
        with reading(self._owner):
            return Receipts(self._owner).get(valid_id(receipt_id))

    def preview_keeping(self, months: int | None, basis: str) -> Preview:
        """What keeping memories for so many months would erase today. InvalidText for a time that is not offered."""
        return retention.preview(self._owner, months, basis)

    def keep_for(self, months: int | None, basis: str) -> None:
        """Forgets memories so many months after they were saved, or last used; None keeps them until deleted.
        InvalidText for a time that is not offered."""
        retention.choose(self._owner, self._door, months, basis)


def last_receipt(receipt_id: uuid.UUID) -> Receipt:
    """The receipt of an account that is gone, for the browser that erased it. MemoryNotFound for any other id."""
    return ownerless(receipt_id)
