"""The list as a person browses it: filtered, sorted, paged, and counted beside each filter."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from memories.data_types import Facets, Listing, Overview, Pictures
from memories.models import Memory
from memories.owner import Owner
from memories.storage.memories import ORDERS, MemoryRows
from memories.storage.recall import Recall
from memories.types import Filter, Page

SOURCES = ("chat", "typed", "imported", "program")
KINDS = ("stated", "inferred")
STATES = ("active", "paused", "review")
FOUND = 1_000
"""How many matches of a search are looked at."""
BARS = 17
USED = {"never": (0, 0), "once": (1, 1), "2 to 5 times": (2, 5), "6 times or more": (6, None)}


class Browsing:
    """Bound to one owner. Each method costs the same few queries however many rows there are."""

    def __init__(self, owner: Owner, recall: Recall) -> None:
        self._rows, self._recall = MemoryRows(owner), recall

    def browse(self, chosen: Filter, *, query: str, number: int, size: int, order: str) -> Listing:
        """One page with its counts: two queries, four with a search."""
        if query:
            return self._found(chosen, query, number, size, order or "best match")
        order = order if order in ORDERS else "newest"
        facets = self._facets(self._rows.listed(), chosen)
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
        """One query: a conditional count for each value, under the filters of the other kinds."""
        without = {name: _where(chosen, leaving_out=name) for name in ("source", "kind", "state", "expiring")}
        wanted = {"total": Count("pk", filter=_where(chosen))}
        for name, values in (("source", SOURCES), ("kind", KINDS), ("state", STATES)):
            wanted |= {f"{name}_{v}": Count("pk", filter=without[name] & Q(**{name: v})) for v in values}
        wanted["expiring"] = Count("pk", filter=without["expiring"] & Q(expires_at__isnull=False))
        found: dict[str, int] = rows.aggregate(**wanted)
        return Facets(
            total=found["total"],
            source=_under(found, "source", SOURCES),
            kind=_under(found, "kind", KINDS),
            state=_under(found, "state", STATES),
            expiring=found["expiring"],
        )

    def overview(self, quota: int) -> Overview:
        """The whole store in numbers; one query."""
        starts = week_starts(timezone.now(), BARS)
        found = self._rows.listed().aggregate(
            total=Count("pk"),
            oldest=Min("created_at"),
            review=Count("pk", filter=Q(state="review")),
            paused=Count("pk", filter=Q(state="paused")),
            **{f"source_{value}": Count("pk", filter=Q(source=value)) for value in SOURCES},
            **_bars(starts),
        )
        return Overview(
            total=found["total"],
            source=_under(found, "source", SOURCES),
            review=found["review"],
            paused=found["paused"],
            oldest=found["oldest"],
            quota=quota,
            starts=starts,
            bars=tuple(found[f"bar_{place}"] for place in range(len(starts))),
        )

    def pictures(self) -> Pictures:
        """The numbers behind the charts; two queries."""
        rows = self._rows.listed()
        oldest = rows.aggregate(oldest=Min("created_at"))["oldest"]
        starts = month_starts(oldest, timezone.now())
        found = rows.aggregate(
            total=Count("pk"),
            **{f"source_{value}": Count("pk", filter=Q(source=value)) for value in SOURCES},
            **{f"kind_{value}": Count("pk", filter=Q(kind=value)) for value in KINDS},
            **{f"state_{value}": Count("pk", filter=Q(state=value)) for value in STATES},
            **{f"used_{place}": Count("pk", filter=_used(*ends)) for place, ends in enumerate(USED.values())},
            **_bars(starts),
        )
        return Pictures(
            starts=starts,
            saved=tuple(found[f"bar_{place}"] for place in range(len(starts))),
            source=_under(found, "source", SOURCES),
            kind=_under(found, "kind", KINDS),
            state=_under(found, "state", STATES),
            used={name: found[f"used_{place}"] for place, name in enumerate(USED)},
            total=found["total"],
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


def _bars(starts: Sequence[dt.datetime]) -> dict[str, Count]:
    ends = [*starts[1:], None]
    spans = [Q(created_at__gte=a) & (Q(created_at__lt=b) if b else Q()) for a, b in zip(starts, ends, strict=True)]
    return {f"bar_{place}": Count("pk", filter=span) for place, span in enumerate(spans)}


def _used(least: int, most: int | None) -> Q:
    return Q(use_count__gte=least) & (Q(use_count__lte=most) if most is not None else Q())


def _where(chosen: Filter, *, leaving_out: str = "") -> Q:
    """WARNING: keep in sync with MemoryRows.filtered; a test compares the two."""
    empty = False if leaving_out == "expiring" else None
    chosen = dataclasses.replace(chosen, **{leaving_out: empty}) if leaving_out else chosen  # type: ignore[arg-type]
    exact = {"source": chosen.source, "kind": chosen.kind, "state": chosen.state}
    where = Q(**{name: value for name, value in exact.items() if value})
    if chosen.since:
        where &= Q(created_at__gte=chosen.since)
    if chosen.until:
        where &= Q(created_at__lt=chosen.until)
    if chosen.expiring:
        where &= Q(expires_at__isnull=False)
    return where if where else Q(pk__isnull=False)


def _under(found: Mapping[str, Any], name: str, values: Sequence[str]) -> dict[str, int]:
    return {value: found[f"{name}_{value}"] for value in values}


def _clamped(number: int, total: int, size: int) -> int:
    """A page past the end is the last one: the list may have shrunk since the link was made."""
    return max(1, min(number, -(-total // size)))


def _page(items: Sequence[Any], total: int, number: int, size: int, order: str) -> Page:
    return Page(items=tuple(items), total=total, number=number, size=size, order=order)  # type: ignore[arg-type]
