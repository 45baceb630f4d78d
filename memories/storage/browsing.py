"""The list as a person browses it: filtered, sorted, paged, and counted beside each filter."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from memories.data_types import Facets, Listing, Overview, Pictures
from memories.models import Memory
from memories.owner import Owner
from memories.storage.grouping import DailyGroup, Group, daily_groups, groups
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
        self._owner, self._rows, self._recall = owner, MemoryRows(owner), recall

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
        return _counted(groups(rows.filter(_span(chosen))), chosen)

    def overview(self, preferences: Preferences) -> Overview:
        """The whole store in numbers; one query."""
        starts = week_starts(timezone.now(), BARS)
        days = daily_groups(self._owner)
        states = _by(days, "state", STATES, EVERYTHING)
        return Overview(
            total=_sum(days, EVERYTHING),
            source=_by(days, "source", SOURCES, EVERYTHING),
            review=states["review"],
            paused=states["paused"],
            oldest=min((group["oldest"] for group in days), default=None),
            preferences=preferences,
            facets=_counted(days, EVERYTHING),
            starts=starts,
            bars=_bars(days, starts),
        )

    def pictures(self) -> Pictures:
        """The numbers behind the charts; two queries."""
        days = daily_groups(self._owner)
        starts = month_starts(min((group["oldest"] for group in days), default=None), timezone.now())
        used = {f"used_{place}": Count("pk", filter=_used(*ends)) for place, ends in enumerate(USED.values())}
        found = self._rows.listed().aggregate(**used)
        return Pictures(
            starts=starts,
            saved=_bars(days, starts),
            source=_by(days, "source", SOURCES, EVERYTHING),
            kind=_by(days, "kind", KINDS, EVERYTHING),
            state=_by(days, "state", STATES, EVERYTHING),
            used={name: found[f"used_{place}"] for place, name in enumerate(USED)},
            total=_sum(days, EVERYTHING),
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


def _counted(alike: Sequence[Group], chosen: Filter) -> Facets:
    return Facets(
        total=_sum(alike, chosen),
        source=_by(alike, "source", SOURCES, chosen),
        kind=_by(alike, "kind", KINDS, chosen),
        state=_by(alike, "state", STATES, chosen),
        expiring=_sum([group for group in alike if group["ends"]], dataclasses.replace(chosen, expiring=False)),
    )


def _used(least: int, most: int | None) -> Q:
    return Q(use_count__gte=least) & (Q(use_count__lte=most) if most is not None else Q())


def _bars(days: Iterable[DailyGroup], starts: Sequence[dt.datetime]) -> tuple[int, ...]:
    """How many came in from each start to the next."""
    counts = [0] * len(starts)
    firsts = [start.date().isoformat() for start in starts]
    for group in days:
        if group["day"] >= firsts[0]:
            counts[bisect_right(firsts, group["day"]) - 1] += group["number"]
    return tuple(counts)


def _span(chosen: Filter) -> Q:
    span = Q(created_at__gte=chosen.since) if chosen.since else Q()
    return span & Q(created_at__lt=chosen.until) if chosen.until else span


def _sum(alike: Iterable[Group], chosen: Filter) -> int:
    return sum(group["number"] for group in alike if _fits(group, chosen))


def _fits(group: Group, chosen: Filter) -> bool:
    """WARNING: keep in sync with MemoryRows.filtered; a test compares the two."""
    return (
        (not chosen.source or group["source"] == chosen.source)
        and (not chosen.kind or group["kind"] == chosen.kind)
        and (not chosen.state or group["state"] == chosen.state)
        and (not chosen.expiring or group["ends"])
    )


def _by(alike: Sequence[Group], name: str, values: Sequence[str], chosen: Filter) -> dict[str, int]:
    """What each value of one filter would show, the other filters as they are."""
    return {value: _sum(alike, dataclasses.replace(chosen, **{name: value})) for value in values}  # type: ignore[arg-type]


def _clamped(number: int, total: int, size: int) -> int:
    """A page past the end is the last one: the list may have shrunk since the link was made."""
    return max(1, min(number, -(-total // size)))


def _page(items: Sequence[Any], total: int, number: int, size: int, order: str) -> Page:
    return Page(items=tuple(items), total=total, number=number, size=size, order=order)  # type: ignore[arg-type]
