"""The embedded engine's part for those who look after their memories: lists, sets, states, versions."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.utils import timezone

from memories.data_types import Detail, Facets, Listing, Overview, Pictures, Selection
from memories.errors import MemoryNotFound
from memories.models import OwnerState
from memories.owner import Owner
from memories.storage.activity import ActivityLog
from memories.storage.browsing import Browsing
from memories.storage.choosing import Choosing
from memories.storage.details import Details
from memories.storage.digests import digest
from memories.storage.exporting import Exporting
from memories.storage.memories import MemoryRows
from memories.storage.owner_scope import reading, writing
from memories.storage.preferences import preferences_of
from memories.storage.recall import Recall
from memories.transfer_types import Exported
from memories.types import Filter, Memory

UNDO_WINDOW = dt.timedelta(seconds=10)
"""How long a deletion can be taken back."""


class Curating:
    """Implements `memories.engines.curator.Curator`, but for files; see there for what each verb promises."""

    _owner: Owner
    _log: ActivityLog
    _rows: MemoryRows
    _recall: Recall

    def browse(
        self, chosen: Filter, *, query: str, number: int, size: int, order: str, counted: Facets | None = None
    ) -> Listing:
        """See Curator.browse."""
        with reading(self._owner):
            browsing = Browsing(self._owner, self._recall)
            return browsing.browse(chosen, query=query, number=number, size=size, order=order, counted=counted)

    def overview(self) -> Overview:
        """See Curator.overview."""
        with reading(self._owner):
            return Browsing(self._owner, self._recall).overview(preferences_of(self._owner))

    def pictures(self) -> Pictures:
        """See Curator.pictures."""
        with reading(self._owner):
            return Browsing(self._owner, self._recall).pictures()

    def detail(self, memory_id: uuid.UUID) -> Detail:
        """See Curator.detail."""
        with reading(self._owner):
            return Details(self._owner).of(memory_id)

    def matching(self, chosen: Filter, query: str) -> list[uuid.UUID]:
        """See Curator.matching."""
        with reading(self._owner):
            return Browsing(self._owner, self._recall).ids(chosen, query)

    def selection(self, ids: Sequence[uuid.UUID]) -> Selection:
        """See Curator.selection."""
        with reading(self._owner):
            return Choosing(self._owner).selection(ids)

    def same_as(self, text: str) -> Memory | None:
        """See Curator.same_as."""
        with reading(self._owner):
            state = OwnerState.objects.filter(owner_id=self._owner.pk).first()
            found = self._rows.with_digests([digest(state.digest_key, text)]) if state else {}
            return next(iter(self._rows.by_ids(list(found.values()))), None)

    def set_state(self, ids: Sequence[uuid.UUID], before: Sequence[str], after: str, *, verb: str) -> int:
        """See Curator.set_state."""
        with writing(self._owner):
            moved = Choosing(self._owner).set_state(ids, before, after)
            if moved:
                self._log.append(verb, object_id=moved[0] if len(moved) == 1 else None, count=len(moved))
        return len(moved)

    def hold_many(self, ids: Sequence[uuid.UUID]) -> tuple[int, dt.datetime]:
        """See Curator.hold_many."""
        until = timezone.now() + UNDO_WINDOW
        with writing(self._owner):
            held = Choosing(self._owner).hold(ids, until)
            if held:
                self._log.append("deleted", object_id=held[0] if len(held) == 1 else None, count=len(held))
        return len(held), until

    def restore_held(self, until: dt.datetime) -> int:
        """See Curator.restore_held."""
        with writing(self._owner):
            count = Choosing(self._owner).restore(until)
            if count:
                self._log.append("restored", count=count)
        return count

    def expire(self, memory_id: uuid.UUID, moment: dt.datetime | None) -> Memory:
        """See Curator.expire."""
        with writing(self._owner):
            changed = self._rows.listed().filter(pk=memory_id).update(expires_at=moment)
            if not changed:
                raise MemoryNotFound
            self._log.append("dated", object_id=memory_id)
            return self._rows.get(memory_id)

    def named(self, ids: Sequence[uuid.UUID]) -> list[Memory]:
        """See Curator.named."""
        with reading(self._owner):
            return self._rows.by_ids(ids)

    def exported(self, ids: Sequence[uuid.UUID]) -> list[Exported]:
        """See Curator.exported."""
        with reading(self._owner):
            return Exporting(self._owner).memories(ids)
