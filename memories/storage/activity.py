"""The log of what was done to one person's data: appended within each verb's own transaction, never changed."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Count, QuerySet
from django.utils import timezone

from memories.models import Activity
from memories.owner import Door, Owner
from memories.record_types import ActivityFilter, ActivityLine, ActivityPage
from memories.storage.guard import own

KEPT = dt.timedelta(days=366)
"""How long a line stays; the page says so too."""


class ActivityLog:
    """Bound to one owner and to the door they came through. Holds no content, ever."""

    def __init__(self, owner: Owner, door: Door) -> None:
        self._owner, self._door = owner, door

    def append(self, verb: str, *, object_id: uuid.UUID | None = None, count: int = 1) -> None:
        """One line. Call it inside the transaction of what it tells of."""
        door = self._door
        Activity.objects.create(
            owner_id=self._owner.pk,
            at=timezone.now(),
            verb=verb,
            object_id=object_id,
            count=count,
            via=door.via,
            device=door.device[:60],
            address=door.address[:45],
            actor=door.actor,
            reason=door.reason[:200],
        )

    def drop_old(self) -> int:
        """Removes lines that are older than the log is kept; how many."""
        rows = Activity.objects.filter(owner_id=self._owner.pk, at__lt=timezone.now() - KEPT)
        return int(rows._raw_delete(rows.db))

    def page(self, chosen: ActivityFilter, *, number: int, size: int) -> ActivityPage:
        """A page of the log, newest first; two queries."""
        verbs = dict(self._rows(chosen, any_verb=True).values_list("verb").annotate(lines=Count("pk")).order_by("verb"))
        total = verbs.get(chosen.verb, 0) if chosen.verb else sum(verbs.values())
        number = max(1, min(number, -(-total // size)))
        rows = self._rows(chosen).order_by("-at", "-pk")[(number - 1) * size : number * size]
        return ActivityPage(items=tuple(map(self._line, rows)), total=total, number=number, size=size, verbs=verbs)

    def line(self, verb: str, object_id: uuid.UUID) -> ActivityLine | None:
        """The newest line that says this of this object; one query."""
        rows = Activity.objects.filter(owner_id=self._owner.pk, verb=verb, object_id=object_id)
        row = rows.order_by("-at").first()
        return self._line(row) if row else None

    def piece(self, chosen: ActivityFilter, *, start: int, size: int) -> list[ActivityLine]:
        """Some lines of the whole log, newest first; one query."""
        return [self._line(row) for row in self._rows(chosen).order_by("-at", "-pk")[start : start + size]]

    def _rows(self, chosen: ActivityFilter, *, any_verb: bool = False) -> QuerySet[Activity]:
        rows = Activity.objects.filter(owner_id=self._owner.pk)
        if chosen.verb and not any_verb:
            rows = rows.filter(verb=chosen.verb)
        if chosen.actor:
            rows = rows.filter(actor=chosen.actor)
        if chosen.since:
            rows = rows.filter(at__gte=chosen.since)
        return rows.filter(at__lt=chosen.until) if chosen.until else rows

    def _line(self, row: Activity) -> ActivityLine:
        own(self._owner, row.owner_id, row.pk)
        return ActivityLine(
            at=row.at,
            verb=row.verb,
            count=row.count,
            via=row.via,
            device=row.device,
            address=row.address,
            actor=row.actor,
            reason=row.reason,
        )
