"""How many rows there are of each kind there can be: what all the numbers of "Your data" are added up from."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypedDict

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet

from memories.models import Memory
from memories.owner import Owner
from memories.storage.owner_scope import read_once
from memories.storage.recall_rows import moment


class Group(TypedDict):
    """Rows that are alike under every filter."""

    source: str
    kind: str
    state: str
    ends: bool
    number: int


class DailyGroup(Group):
    """Those of them that were saved on one day (UTC)."""

    day: str
    """Such as 2026-11-26."""
    oldest: dt.datetime
    """Aware, UTC: when the first of them was saved."""


DAILY = (
    # The first ten characters of a moment are its day in UTC, on SQLite and PostgreSQL alike.
    "SELECT source, kind, state, expires_at IS NOT NULL, SUBSTR(CAST(created_at AS TEXT), 1, 10), COUNT(*), "
    "CAST(MIN(created_at) AS TEXT) FROM memories_memory WHERE owner_id = %s AND held_until IS NULL "
    "GROUP BY 1, 2, 3, 4, 5"
)
"""In plain SQL, as the hot read: building it with the ORM took a tenth of the whole page."""


def daily_groups(owner: Owner) -> list[DailyGroup]:
    """The whole list, day by day; one query."""
    return [
        DailyGroup(
            source=source, kind=kind, state=state, ends=bool(ends), number=number, day=day, oldest=moment(oldest)
        )
        for source, kind, state, ends, day, number, oldest in read_once(owner, DAILY, (owner.pk,))
    ]


def groups(rows: QuerySet[Memory]) -> list[Group]:
    """Of these rows: at most 48 groups, whatever their number; one query."""
    ends = ExpressionWrapper(Q(expires_at__isnull=False), output_field=BooleanField())
    alike = rows.order_by().annotate(ends=ends).values("source", "kind", "state", "ends")
    found: Any = alike.annotate(number=Count("pk"))
    return list(found)
