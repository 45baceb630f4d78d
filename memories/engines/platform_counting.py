"""Filters, orders and counts over a list of memories: the platform has no such questions, so the whole list is read."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from memories.data_types import Facets, Overview, Pictures
from memories.storage.browsing import BARS, KINDS, SOURCES, STATES, USED, month_starts, week_starts
from memories.storage.weighing import INFERRED
from memories.types import Filter, Memory, Preferences

ORDERS: dict[str, Callable[[Memory], Any]] = {
    "newest": lambda memory: (memory.created_at, memory.id),
    "oldest": lambda memory: (memory.created_at, memory.id),
    "most used": lambda memory: (memory.use_count, memory.created_at, memory.id),
}


def in_order(memories: Iterable[Memory], order: str) -> list[Memory]:
    """Sorted as the list is; "best match" leaves what a search found as it came."""
    if order not in ORDERS:
        return list(memories)
    return sorted(memories, key=ORDERS[order], reverse=order != "oldest")


def weighed(found: Iterable[Memory]) -> list[Memory]:
    """What a search found, with what was concluded ranked lower, as our own ranking does. What came without a score
    stays where it came."""
    memories = [m if m.kind == "stated" or m.score is None else _lowered(m, m.score) for m in found]
    if any(memory.score is None for memory in memories):
        return memories
    return sorted(memories, key=lambda memory: memory.score or 0.0, reverse=True)


def _lowered(memory: Memory, score: float) -> Memory:
    return dataclasses.replace(memory, score=score * INFERRED)


def shows(chosen: Filter, memory: Memory, *, leaving_out: str = "") -> bool:
    """Whether a filter leaves this memory; without one of its parts, for the counts beside that part."""
    exact = {"source": chosen.source, "kind": chosen.kind, "state": chosen.state}
    if any(value and name != leaving_out and getattr(memory, name) != value for name, value in exact.items()):
        return False
    if chosen.since and memory.created_at < chosen.since:
        return False
    if chosen.until and memory.created_at >= chosen.until:
        return False
    return not (chosen.expiring and leaving_out != "expiring" and memory.expires_at is None)


def facets(memories: Sequence[Memory], chosen: Filter) -> Facets:
    """What each choice of a filter would show."""

    def under(name: str, values: Sequence[str]) -> dict[str, int]:
        left = [memory for memory in memories if shows(chosen, memory, leaving_out=name)]
        return {value: sum(getattr(memory, name) == value for memory in left) for value in values}

    return Facets(
        total=sum(shows(chosen, memory) for memory in memories),
        source=under("source", SOURCES),
        kind=under("kind", KINDS),
        state=under("state", STATES),
        expiring=sum(
            memory.expires_at is not None and shows(chosen, memory, leaving_out="expiring") for memory in memories
        ),
    )


def overview(memories: Sequence[Memory], preferences: Preferences, now: dt.datetime) -> Overview:
    """The whole store in numbers."""
    starts = week_starts(now, BARS)
    return Overview(
        total=len(memories),
        source=_by("source", SOURCES, memories),
        review=sum(memory.state == "review" for memory in memories),
        paused=sum(memory.state == "paused" for memory in memories),
        oldest=min((memory.created_at for memory in memories), default=None),
        preferences=preferences,
        facets=facets(memories, Filter()),
        starts=starts,
        bars=_bars(starts, memories),
    )


def pictures(memories: Sequence[Memory], now: dt.datetime) -> Pictures:
    """The numbers behind the charts."""
    starts = month_starts(min((memory.created_at for memory in memories), default=None), now)
    used = {
        name: sum(least <= memory.use_count <= (memory.use_count if most is None else most) for memory in memories)
        for name, (least, most) in USED.items()
    }
    return Pictures(
        starts=starts,
        saved=_bars(starts, memories),
        source=_by("source", SOURCES, memories),
        kind=_by("kind", KINDS, memories),
        state=_by("state", STATES, memories),
        used=used,
        total=len(memories),
    )


def _by(name: str, values: Sequence[str], memories: Sequence[Memory]) -> dict[str, int]:
    return {value: sum(getattr(memory, name) == value for memory in memories) for value in values}


def _bars(starts: Sequence[dt.datetime], memories: Sequence[Memory]) -> tuple[int, ...]:
    ends = [*starts[1:], None]
    spans = zip(starts, ends, strict=True)
    return tuple(sum(a <= m.created_at and (b is None or m.created_at < b) for m in memories) for a, b in spans)
