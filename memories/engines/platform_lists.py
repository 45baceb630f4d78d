"""The platform engine's part for those who look after their memories: lists, sets, states, copies."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import NoReturn

from django.db.models import Q
from django.utils import timezone

from memories.data_types import Detail, Facets, Listing, Overview, Pictures, Selection
from memories.engines import platform_counting as counting
from memories.engines.platform_base import PlatformBase
from memories.engines.platform_values import held, last_day, versions
from memories.errors import InvalidText, Unavailable
from memories.storage.browsing import FOUND, SOURCES
from memories.storage.choosing import mark_of
from memories.storage.details import Details
from memories.storage.digests import digest
from memories.storage.owner_scope import reading, writing
from memories.storage.preferences import preferences_of
from memories.transfer_types import Exported, Import, Parsed
from memories.types import Filter, Memory, Page, Version

UNDO_WINDOW = dt.timedelta(seconds=10)
"""How long a deletion can be taken back."""
NO_FILES = "Files cannot be imported while memories are kept on mem0's platform. Nothing was imported."


class PlatformLists(PlatformBase):
    """Implements `memories.engines.curator.Curator`; see there for what each verb promises."""

    # --- The list -----------------------------------------------------------------------------------------------------
    def browse(
        self, chosen: Filter, *, query: str, number: int, size: int, order: str, counted: Facets | None = None
    ) -> Listing:
        """See Curator.browse. The whole list is read: one request for 200 memories."""
        among = self._found(query, FOUND) if query else self._all()
        order = order if order in counting.ORDERS else ("best match" if query else "newest")
        shown = counting.in_order((m for m in among if counting.shows(chosen, m)), order)
        number = max(1, min(number, -(-len(shown) // size)))
        items = tuple(shown[(number - 1) * size : number * size])
        page = Page(items=items, total=len(shown), number=number, size=size, order=order)  # type: ignore[arg-type]
        return Listing(page=page, facets=counting.facets(among, chosen), matches=len(among) if query else None)

    def _found(self, query: str, limit: int) -> list[Memory]:
        """What the platform finds, best first, paused and waiting ones too; what was concluded ranks lower."""
        return counting.weighed(self._noted(held(row, self._owner) for row in self._line.search(query, limit)))

    def overview(self) -> Overview:
        """See Curator.overview."""
        with reading(self._owner):
            preferences = preferences_of(self._owner)
        return counting.overview(self._all(), preferences, timezone.now())

    def pictures(self) -> Pictures:
        """See Curator.pictures."""
        return counting.pictures(self._all(), timezone.now())

    def detail(self, memory_id: uuid.UUID) -> Detail:
        """See Curator.detail. Which replies used it is not known here: there is no row of ours they could point to."""
        memory = self._value(memory_id)
        kept = versions(self._line.history(memory_id), memory)
        with reading(self._owner):
            turns = [uuid.UUID(memory.message_id)] if memory.message_id else []
            said = Details(self._owner).said(turns)
        return Detail(memory=memory, said=next(iter(said.values()), None), versions=tuple(kept), uses=())

    def matching(self, chosen: Filter, query: str) -> list[uuid.UUID]:
        """See Curator.matching."""
        among = self._found(query, FOUND) if query else self._all()
        return [uuid.UUID(memory.id) for memory in among if counting.shows(chosen, memory)]

    def selection(self, ids: Sequence[uuid.UUID]) -> Selection:
        """See Curator.selection."""
        there = counting.in_order(self._some(ids), "newest")
        kept = tuple(uuid.UUID(memory.id) for memory in there)
        return Selection(
            ids=kept,
            source={value: sum(memory.source == value for memory in there) for value in SOURCES},
            used=sum(memory.use_count > 0 for memory in there),
            newest=tuple(there[:5]),
            missing=len(set(ids)) - len(kept),
            mark=mark_of(kept),
        )

    def same_as(self, text: str) -> Memory | None:
        """See Curator.same_as. Looked for among what the platform finds for these words."""
        with reading(self._owner):
            key = self._rows.digest_key()
        if key is None:
            return None
        wanted = digest(key, text)
        return next((memory for memory in self._found(text, 10) if digest(key, memory.memory) == wanted), None)

    # --- Sets ---------------------------------------------------------------------------------------------------------
    def set_state(self, ids: Sequence[uuid.UUID], before: Sequence[str], after: str, *, verb: str) -> int:
        """See Curator.set_state. The state is our note: the platform goes on finding it, and we leave it out."""
        chosen = [uuid.UUID(memory.id) for memory in self._some(ids) if memory.state in before]
        if chosen:
            with writing(self._owner):
                self._rows.set_state(chosen, after)
                self._log.append(verb, object_id=chosen[0] if len(chosen) == 1 else None, count=len(chosen))
        return len(chosen)

    def hold_many(self, ids: Sequence[uuid.UUID]) -> tuple[int, dt.datetime]:
        """See Curator.hold_many."""
        there, until = self._some(ids), timezone.now() + UNDO_WINDOW
        self._hide(there, until)
        return len(there), until

    def restore_held(self, until: dt.datetime) -> int:
        """See Curator.restore_held."""
        return self._brought_back(Q(held_until=until))

    def _hide(self, memories: Sequence[Memory], until: dt.datetime, *, with_message: bool = False) -> None:
        """Takes these out of everything; what was said there is not learned again meanwhile."""
        if not memories:
            return
        with writing(self._owner) as state:
            digests = {uuid.UUID(memory.id): digest(state.digest_key, memory.memory) for memory in memories}
            self._tombstones.lay(digests.values())
            # What waits without a note of ours goes on waiting when it is taken back.
            self._rows.set_state(
                [key for key, memory in zip(digests, memories, strict=True) if memory.state == "review"], "review"
            )
            self._rows.hold(digests, until)
            for turn in [memory.message_id for memory in memories if with_message and memory.message_id]:
                self._rows.hold_turn(uuid.UUID(turn), until)
            only = uuid.UUID(memories[0].id) if len(memories) == 1 else None
            self._log.append("deleted", object_id=only, count=len(memories))

    def _brought_back(self, which: Q) -> int:
        with writing(self._owner):
            back = self._rows.release(which)
            self._tombstones.lift(row.digest for row in back)
            for until in {row.held_until for row in back if row.held_until}:
                self._rows.release_turns(until)
            if back:
                only = back[0].memory_id if len(back) == 1 else None
                self._log.append("restored", object_id=only, count=len(back))
        return len(back)

    def expire(self, memory_id: uuid.UUID, moment: dt.datetime | None) -> Memory:
        """See Curator.expire. The platform keeps whole days (UTC): it is used until the last midnight before then."""
        self._one(memory_id)
        if moment is not None and last_day(moment) < timezone.now().astimezone(dt.UTC).date().isoformat():
            raise InvalidText("mem0's platform keeps whole days: choose a day after today.")
        self._line.change(memory_id, {"expiration_date": last_day(moment) if moment else None})
        with writing(self._owner):
            self._log.append("dated", object_id=memory_id)
        return self._value(memory_id)

    def named(self, ids: Sequence[uuid.UUID]) -> list[Memory]:
        """See Curator.named."""
        return self._some(ids)

    # --- Files --------------------------------------------------------------------------------------------------------
    def exported(self, ids: Sequence[uuid.UUID]) -> list[Exported]:
        """See Curator.exported. One more request for each memory that was ever corrected."""
        return [self._copy(memory) for memory in self._some(ids)]

    def _copy(self, memory: Memory) -> Exported:
        with reading(self._owner):
            said = Details(self._owner).said([uuid.UUID(memory.message_id)] if memory.message_id else [])
        turn = next(iter(said.values()), None)
        return Exported(memory=memory, versions=self._earlier(memory), said=turn, role="user", episode=None, position=0)

    def _earlier(self, memory: Memory) -> tuple[Version, ...]:
        """The texts before the present one."""
        if memory.version == 1:
            return ()
        return tuple(versions(self._line.history(uuid.UUID(memory.id)), memory)[:-1])

    def receive(self, parsed: Parsed) -> Import:
        """Not here."""
        self._no_files()

    def import_state(self, job_id: uuid.UUID) -> Import:
        """Not here."""
        self._no_files()

    def start_import(self, job_id: uuid.UUID, *, bring_back: bool) -> Import:
        """Not here."""
        self._no_files()

    def continue_import(self, job_id: uuid.UUID) -> Import:
        """Not here."""
        self._no_files()

    def drop_import(self, job_id: uuid.UUID) -> None:
        """Not here."""
        self._no_files()

    def _no_files(self) -> NoReturn:
        raise Unavailable(NO_FILES)
