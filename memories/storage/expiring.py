"""How long memories are kept: what is past its own end, or older than the person wants anything to be."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from memories.models import EntityLink, Memory, MemoryVersion, OwnerState, Recall
from memories.models.base import Owned
from memories.owner import Owner
from memories.storage.erasing import erase_memories
from memories.types import StoreCount

MONTHS = (3, 12, 24)
"""What a person can choose."""
CHOICE = "(SELECT retention_months || ' ' || retention_basis FROM memories_ownerstate WHERE owner_id = %s)"
"""For the hot read: a column with the person's own choice, NULL where they made none, as nearly all do. One that is
there is applied to the rows by `has_outlived`."""


def has_outlived(
    choice: str, now: dt.datetime, *, created: dt.datetime, updated: dt.datetime, used: dt.datetime | None
) -> bool:
    """Whether a row is older than the choice that CHOICE gave. WARNING: keep in sync with `outlived`; a test compares
    the two."""
    months, basis = choice.split()
    newest = created if basis == "saved" else max(updated, used or updated)
    return newest <= before(now, int(months))


def before(now: dt.datetime, months: int) -> dt.datetime:
    """The same day and time so many calendar months earlier; the month's last day where it has no such day."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, calendar.monthrange(year, month + 1)[1]))


def outlived(months: int | None, basis: str, now: dt.datetime) -> Q:
    """What is older than that: since it was saved, or since it was last used in a reply (or corrected)."""
    if months is None:
        return Q(pk__in=[])
    limit = before(now, months)
    if basis == "saved":
        return Q(created_at__lte=limit)
    return Q(updated_at__lte=limit) & (Q(last_used_at=None) | Q(last_used_at__lte=limit))


class Expiring:
    """Bound to one owner."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def _all(self) -> QuerySet[Memory]:
        return Memory.objects.filter(owner_id=self._owner.pk)

    def chosen(self) -> tuple[int | None, str]:
        """Months and basis of the person's own choice; one query."""
        state = OwnerState.objects.filter(owner_id=self._owner.pk)
        return state.values_list("retention_months", "retention_basis").first() or (None, "saved")

    def not_outlived(self) -> Q:
        """The rows that the person's choice keeps; one query."""
        return ~outlived(*self.chosen(), timezone.now())

    def would_go(self, months: int | None, basis: str) -> QuerySet[Memory]:
        """What that choice would erase now, of what is still listed."""
        return self._all().filter(outlived(months, basis, timezone.now()), held_until=None)

    def due(self) -> QuerySet[Memory]:
        """What is past its own end, or outlived; two queries. Held rows have their own time."""
        now = timezone.now()
        return self._all().filter(Q(expires_at__lte=now) | outlived(*self.chosen(), now), held_until=None)

    def erase_due(self) -> list[StoreCount]:
        """Removes them with all that hangs on them, counted per store; [] when there is nothing. Inside a write.

        No marks of what was forgotten: nobody asked for these to be, and the same said anew is simply kept.
        """
        # The set itself, not a list of its ids: databases limit how many values a statement may carry.
        due = self.due()
        if not due.exists():
            return []
        hanging: tuple[tuple[str, type[Owned]], ...] = (
            ("Earlier texts of memories", MemoryVersion),
            ("Links from names to memories", EntityLink),
            ("Which reply used which memory", Recall),
        )
        found = {name: self._rows(table).filter(memory_id__in=due.values("pk")).count() for name, table in hanging}
        there = {name: self._rows(table).count() for name, table in hanging}
        gone = erase_memories(self._owner, due)
        lines = [_line(name, found[name], there[name] - self._rows(table).count()) for name, table in hanging]
        return [*lines, _line("Memories", gone + due.count(), gone)]

    def _rows(self, table: type[Owned]) -> QuerySet[Any]:
        return table._default_manager.filter(owner_id=self._owner.pk)


def _line(name: str, found: int, removed: int) -> StoreCount:
    return StoreCount(store=name, found=found, removed=removed, left=found - removed)
