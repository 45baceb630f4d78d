"""Many memories at once: what a choice of ids holds, and what can be done to all of them."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from memories.data_types import Selection
from memories.models import Memory
from memories.owner import Owner
from memories.storage.browsing import SOURCES
from memories.storage.memories import MemoryRows
from memories.storage.tombstones import Tombstones

CHUNK = 500
"""Ids a statement: databases limit how many values one may carry."""


class Choosing:
    """Bound to one owner. Ids that are not there, or not theirs, are left out; nothing tells the two apart."""

    def __init__(self, owner: Owner) -> None:
        self._rows, self._tombstones = MemoryRows(owner), Tombstones(owner)

    def selection(self, ids: Sequence[uuid.UUID]) -> Selection:
        """What is there of these, and what it amounts to."""
        there: list[tuple[dt.datetime, uuid.UUID]] = []
        source, used = dict.fromkeys(SOURCES, 0), 0
        for rows in self._in_chunks(ids):
            there += rows.values_list("created_at", "pk")
            found = rows.aggregate(
                used=Count("pk", filter=Q(use_count__gt=0)),
                **{value: Count("pk", filter=Q(source=value)) for value in SOURCES},
            )
            used += found["used"]
            source = {value: source[value] + found[value] for value in SOURCES}
        kept = tuple(key for _, key in sorted(there, reverse=True))
        return Selection(
            ids=kept,
            source=source,
            used=used,
            newest=tuple(self._rows.by_ids(kept[:5])),
            missing=len(set(ids)) - len(kept),
            mark=mark_of(kept),
        )

    def set_state(self, ids: Sequence[uuid.UUID], before: Sequence[str], after: str) -> list[uuid.UUID]:
        """Moves those in one of the states before to the one after; returns which were moved."""
        moved: list[uuid.UUID] = []
        for rows in self._in_chunks(ids):
            chosen = list(rows.filter(state__in=before).values_list("pk", flat=True))
            self._rows.listed().filter(pk__in=chosen).update(state=after)
            moved += chosen
        return moved

    def hold(self, ids: Sequence[uuid.UUID], until: dt.datetime) -> list[uuid.UUID]:
        """Takes these out of everything until then; returns which were there."""
        held: list[uuid.UUID] = []
        for rows in self._in_chunks(ids):
            found = list(rows.values_list("pk", "digest"))
            self._tombstones.lay(digest for _, digest in found)
            rows.filter(pk__in=[key for key, _ in found]).update(held_until=until)
            held += [key for key, _ in found]
        return held

    def restore(self, until: dt.datetime) -> int:
        """Takes back everything that was held until exactly this moment, while it has not come."""
        held = self._rows.all().filter(held_until=until, held_until__gt=timezone.now())
        digests = list(held.values_list("digest", flat=True))
        for start in range(0, len(digests), CHUNK):
            self._tombstones.lift(digests[start : start + CHUNK])
        return held.update(held_until=None)

    def _in_chunks(self, ids: Sequence[uuid.UUID]) -> list[QuerySet[Memory]]:
        once = list(dict.fromkeys(ids))
        return [self._rows.listed().filter(pk__in=once[at : at + CHUNK]) for at in range(0, len(once), CHUNK)]


def mark_of(ids: Sequence[uuid.UUID]) -> str:
    """The same for the same set of ids, whatever their order; says nothing of them."""
    return hashlib.sha256(b"".join(sorted(key.bytes for key in ids))).hexdigest()
