"""The list as a person browses it: filtered, sorted, paged, and counted beside each filter."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import BooleanField, CharField, Count, ExpressionWrapper, Min, Q, QuerySet
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from memories.data_types import Facets, Listing, Overview, Pictures
from memories.models import Memory
from memories.owner import Owner
from memories.storage.memories import ORDERS, MemoryRows
from memories.storage.recall import Recall
from memories.types import Filter, Page, Preferences

SOURCES = ("chat", "typed", "imported", "program")
KINDS = ("stated", "inferred")
STATES = ("active", "paused", "review")
FOUND = 1_000
"""How many matches of a search are looked at."""
EVERYTHING = Filter()
BARS = 17
USED = {"never": (0, 0), "once": (1, 1), "2 to 5 times": (2, 5), "6 times or more": (6, None)}


class Browsing:
    """Bound to one owner. Each method costs the same few queries however many rows there are."""

    def __init__(self, owner: Owner, recall: Recall) -> None:
        self._rows, self._recall = MemoryRows(owner), recall

    def browse(
        self, chosen: Filter, *, query: str, number: int, size: int, order: str, counted: Facets | None = None
    ) -> Listing:
        """One page with its counts: two queries, four with a search. `counted` spares one."""
        if query:
            return self._found(chosen, query, number, size, order or "best match")
        order = order if order in ORDERS else "newest"
        facets = counted if counted and chosen == EVERYTHING else self._facets(self._rows.listed(), chosen)
        number = _clamped(number, facets.total, size)
        rows = self._rows.filtered(chosen).order_by(*ORDERS[order])[(number - 1) * size : number * size]
        page = _page(self._rows.values(rows) if facets.total else [], facets.total, number, size, order)
        return Listing(page=page, facets=facets)

    def ids(self, chosen: Filter, query: str) -> list[uuid.UUID]:
        """Every memory that `browse` would show on all its pages, in the order of the list."""
        if not query:
            return list(self._rows.filtered(chosen).order_by(*ORDERS["newest"]).values_list("pk", flat=True))
        found = [key for key, _ in self._recall.matches(query, limit=FOUND)]
        kept = set(self._rows.filtered(chosen).filter(pk__in=found).values_list("pk", flat=True))
        return [key for key in found if key in kept]

    def _found(self, chosen: Filter, query: str, number: int, size: int, order: str) -> Listing:
        scores = dict(self._recall.matches(query, limit=FOUND))
        among = self._rows.listed().filter(pk__in=list(scores))
        facets = self._facets(among, chosen)
        number = _clamped(number, facets.total, size)
        if order in ORDERS:
            sorted_rows = self._rows.filtered(chosen).filter(pk__in=list(scores)).order_by(*ORDERS[order])
            keys = list(sorted_rows.values_list("pk", flat=True)[(number - 1) * size : number * size])
        else:
            kept = set(self._rows.filtered(chosen).filter(pk__in=list(scores)).values_list("pk", flat=True))
            keys = [key for key in scores if key in kept][(number - 1) * size : number * size]
        items = self._rows.by_ids(keys, [scores[key] for key in keys])
        page = _page(items, facets.total, number, size, order if order in ORDERS else "best match")
        return Listing(page=page, facets=facets, matches=len(scores))

    def _facets(self, rows: QuerySet[Memory], chosen: Filter) -> Facets:
        """One query: the rows in groups that are alike, to be added up under each filter."""
        return _counted(_groups(rows.filter(_span(chosen))), chosen)

    def overview(self, preferences: Preferences) -> Overview:
        """The whole store in numbers; one query."""
        starts = week_starts(timezone.now(), BARS)
        groups = _groups(self._rows.listed(), daily=True)
        states = _by(groups, "state", STATES, EVERYTHING)
        return Overview(
            total=_sum(groups, EVERYTHING),
            source=_by(groups, "source", SOURCES, EVERYTHING),
            review=states["review"],
            paused=states["paused"],
            oldest=min((group["oldest"] for group in groups), default=None),
            preferences=preferences,
            facets=_counted(groups, EVERYTHING),
            starts=starts,
            bars=_bars(groups, starts),
        )

    def pictures(self) -> Pictures:
        """The numbers behind the charts; two queries."""
        groups = _groups(self._rows.listed(), daily=True)
        starts = month_starts(min((group["oldest"] for group in groups), default=None), timezone.now())
        used = {f"used_{place}": Count("pk", filter=_used(*ends)) for place, ends in enumerate(USED.values())}
        found = self._rows.listed().aggregate(**used)
        return Pictures(
            starts=starts,
            saved=_bars(groups, starts),
            source=_by(groups, "source", SOURCES, EVERYTHING),
            kind=_by(groups, "kind", KINDS, EVERYTHING),
            state=_by(groups, "state", STATES, EVERYTHING),
            used={name: found[f"used_{place}"] for place, name in enumerate(USED)},
            total=_sum(groups, EVERYTHING),
        )


def week_starts(now: dt.datetime, count: int) -> tuple[dt.datetime, ...]:
    """The Mondays, 00:00 UTC, at which the last `count` weeks began; the running one last."""
    today = now.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - dt.timedelta(days=today.weekday())
    return tuple(monday - dt.timedelta(weeks=back) for back in range(count - 1, -1, -1))


def month_starts(oldest: dt.datetime | None, now: dt.datetime, most: int = 24) -> tuple[dt.datetime, ...]:
    """The first of each month from the oldest to now, 00:00 UTC: at least 6, at most `most`."""
    first = now.astimezone(dt.UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    starts = [first]
    while len(starts) < most and (len(starts) < 6 or (oldest and starts[-1] > oldest)):
        starts.append((starts[-1] - dt.timedelta(days=1)).replace(day=1))
    return tuple(starts[::-1])


def _counted(groups: Sequence[Mapping[str, Any]], chosen: Filter) -> Facets:
    return Facets(
        total=_sum(groups, chosen),
        source=_by(groups, "source", SOURCES, chosen),
        kind=_by(groups, "kind", KINDS, chosen),
        state=_by(groups, "state", STATES, chosen),
        expiring=_sum([group for group in groups if group["ends"]], dataclasses.replace(chosen, expiring=False)),
    )


def _used(least: int, most: int | None) -> Q:
    return Q(use_count__gte=least) & (Q(use_count__lte=most) if most is not None else Q())


def _groups(rows: QuerySet[Memory], *, daily: bool = False) -> list[dict[str, Any]]:
    """How many rows there are of each kind there can be: at most 48 groups, whatever the number of rows; `daily`: of
    each day on which one was saved."""
    ends = ExpressionWrapper(Q(expires_at__isnull=False), output_field=BooleanField())
    # The first ten characters of a moment are its day in UTC, on SQLite and PostgreSQL alike. TruncDay would call
    # a Python function for each row on SQLite.
    day = {"day": Substr(Cast("created_at", CharField()), 1, 10)} if daily else {}
    alike = rows.order_by().annotate(ends=ends, **day).values("source", "kind", "state", "ends", *day)
    return [dict(group) for group in alike.annotate(number=Count("pk"), oldest=Min("created_at"))]


def _bars(groups: Iterable[Mapping[str, Any]], starts: Sequence[dt.datetime]) -> tuple[int, ...]:
    """How many came in from each start to the next, of daily groups."""
    counts = [0] * len(starts)
    days = [start.date().isoformat() for start in starts]
    for group in groups:
        if group["day"] >= days[0]:
            counts[bisect_right(days, group["day"]) - 1] += group["number"]
    return tuple(counts)


def _span(chosen: Filter) -> Q:
    span = Q(created_at__gte=chosen.since) if chosen.since else Q()
    return span & Q(created_at__lt=chosen.until) if chosen.until else span


def _sum(groups: Iterable[Mapping[str, Any]], chosen: Filter) -> int:
    """WARNING: keep in sync with MemoryRows.filtered; a test compares the two."""
    exact = {"source": chosen.source, "kind": chosen.kind, "state": chosen.state}
    return sum(
        group["number"]
        for group in groups
        if all(not value or group[name] == value for name, value in exact.items())
        and (group["ends"] or not chosen.expiring)
    )


def _by(groups: Sequence[Mapping[str, Any]], name: str, values: Sequence[str], chosen: Filter) -> dict[str, int]:
    """What each value of one filter would show, the other filters as they are."""
    return {value: _sum(groups, dataclasses.replace(chosen, **{name: value})) for value in values}  # type: ignore[arg-type]


def _clamped(number: int, total: int, size: int) -> int:
    """A page past the end is the last one: the list may have shrunk since the link was made."""
    return max(1, min(number, -(-total // size)))


def _page(items: Sequence[Any], total: int, number: int, size: int, order: str) -> Page:
    return Page(items=tuple(items), total=total, number=number, size=size, order=order)  # type: ignore[arg-type]
