"""The verbs of "Your data": what a person does with the list of what is remembered. Part of ScopedMemory."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone

from memories import seals
from memories.data_types import Detail, Listing, Overview, Pictures, Selection
from memories.engines.base import Engine
from memories.errors import InvalidText, MemoryNotFound
from memories.owner import Door, Owner
from memories.record_types import ActivityFilter, ActivityLine, ActivityPage, SentPage
from memories.storage.activity import ActivityLog
from memories.storage.exporting import Exporting
from memories.storage.owner_scope import reading, writing
from memories.storage.sent import SentRows
from memories.storage.tombstones import forgotten
from memories.transfer_types import Exported, Import, Parsed
from memories.types import Filter, Memory, Source, Turn
from memories.validation import valid_id, valid_query, valid_text

EVERYTHING = Filter()
EVERY_LINE = ActivityFilter()
PAGE = 25
PIECE = 200
UNDO_WINDOW = dt.timedelta(seconds=10)
"""How long the page offers to take something back."""


class Curated:
    """One owner's memories, as their owner looks after them. Every verb acts on that owner's and no one else's.

    A set of ids may have shrunk since it was chosen: what is not there, or not theirs, is left out, and no verb tells
    the two apart. A single id that is not there raises MemoryNotFound.
    """

    __slots__ = ()
    _owner: Owner
    _door: Door
    _engine: Engine

    # --- The list -----------------------------------------------------------------------------------------------------
    def browse(
        self,
        chosen: Filter = EVERYTHING,
        *,
        query: str = "",
        number: int = 1,
        size: int = PAGE,
        order: str = "",
        overview: Overview | None = None,
    ) -> Listing:
        """A page of the complete list, paused, waiting and expired ones included, and how many each filter would show.

        With a query, what it finds, best match first unless another order is named. A page past the end is the last.
        An overview that was made just now saves counting the same once more.
        """
        return self._engine.browse(
            chosen,
            query=valid_query(query),
            number=max(1, number),
            size=max(1, min(size, 200)),
            order=order,
            counted=overview.facets if overview else None,
        )

    def overview(self) -> Overview:
        """The whole store in numbers, and how much more fits."""
        return self._engine.overview()

    def pictures(self) -> Pictures:
        """The numbers behind the charts."""
        return self._engine.pictures()

    def detail(self, memory_id: str | uuid.UUID) -> Detail:
        """A memory with the turn it was said in, its versions and the replies it was used in."""
        return self._engine.detail(valid_id(memory_id))

    # --- One memory ---------------------------------------------------------------------------------------------------
    def once_forgotten(self, text: str) -> bool:
        """Whether the person had this forgotten, in these words; a program then leaves it so."""
        clean = valid_text(text)
        with reading(self._owner):
            return forgotten(self._owner, clean)

    def write(self, text: str, *, source: Source = "typed") -> tuple[Memory, bool]:
        """Keeps what the person typed in, word for word; returns it and whether it is new. What was there already is
        not stored twice."""
        clean = valid_text(text)
        there = self._engine.same_as(clean)
        if there:
            return there, False
        return self._engine.add([Turn(role="user", text=clean)], source=source)[0], True

    def pause(self, memory_id: str | uuid.UUID) -> None:
        """Not used in replies until resumed; nothing else changes. One that waits for review goes on waiting."""
        self._moved(memory_id, ["active"], "paused", "paused")

    def resume(self, memory_id: str | uuid.UUID) -> None:
        """Used in replies again."""
        self._moved(memory_id, ["paused"], "active", "resumed")

    def expire(self, memory_id: str | uuid.UUID, moment: dt.datetime | None) -> Memory:
        """From this moment on it is not used any more, though still listed; None takes the end away. InvalidText for a
        moment that has passed."""
        if moment is not None and moment <= timezone.now():
            raise InvalidText("Choose a day that is still to come.")
        return self._engine.expire(valid_id(memory_id), moment)

    def revert(self, memory_id: str | uuid.UUID, number: int, *, version: int | None = None) -> Memory:
        """Brings an earlier text back, as a new version; the others stay. StaleVersion as for update."""
        key = valid_id(memory_id)
        texts = {kept.number: kept.new_memory for kept in self._engine.history(key)}
        if number not in texts:
            raise MemoryNotFound
        return self._engine.update(key, texts[number], version=version)

    # --- Review -------------------------------------------------------------------------------------------------------
    def keep(self, memory_id: str | uuid.UUID) -> None:
        """The yes to what was waiting: from now on it is used."""
        self._moved(memory_id, ["review"], "active", "kept")

    def ask_again(self, memory_id: str | uuid.UUID) -> None:
        """Takes a yes back: it waits again, and is not used meanwhile."""
        self._moved(memory_id, ["active"], "review", "unkept")

    @staticmethod
    def undo_until() -> dt.datetime:
        """Until when an act of now is offered to be taken back."""
        return timezone.now() + UNDO_WINDOW

    def _moved(self, memory_id: str | uuid.UUID, before: Sequence[str], after: str, verb: str) -> None:
        key = valid_id(memory_id)
        if not self._engine.set_state([key], before, after, verb=verb):
            # Either it is in that state already, which is fine, or it is not there, which get() says.
            self._engine.get(key)

    # --- Many ---------------------------------------------------------------------------------------------------------
    def matching(self, chosen: Filter, query: str = "") -> Selection:
        """Everything that the list shows under these filters, on all its pages."""
        return self._engine.selection(self._engine.matching(chosen, valid_query(query)))

    def selection(self, ids: Sequence[str]) -> Selection:
        """What is there of these ids, and what doing away with them would mean."""
        return self._engine.selection(_ids(ids))

    def about(self, topic: str) -> Selection:
        """What bears on a topic, to be looked through before it is forgotten; nothing for an empty one."""
        clean = valid_query(topic)
        return self._engine.selection(self._engine.matching(EVERYTHING, clean) if clean else [])

    def named(self, ids: Sequence[str]) -> list[Memory]:
        """Those of these that are there, in this order."""
        return self._engine.named(_ids(ids))

    def pause_many(self, ids: Sequence[uuid.UUID]) -> int:
        """As pause, for those that are active; returns how many."""
        return self._engine.set_state(ids, ["active"], "paused", verb="paused")

    def resume_many(self, ids: Sequence[uuid.UUID]) -> int:
        """As resume, for those that are paused; returns how many."""
        return self._engine.set_state(ids, ["paused"], "active", verb="resumed")

    def hold_many(self, ids: Sequence[uuid.UUID]) -> tuple[int, dt.datetime]:
        """Deletes these with a moment's grace; returns how many, and until when restore_held takes them back."""
        return self._engine.hold_many(ids)

    def restore_held(self, until: dt.datetime) -> int:
        """Takes back what was deleted together, while its grace lasts; returns how many came back."""
        return self._engine.restore_held(until)

    # --- Files --------------------------------------------------------------------------------------------------------
    def receive(self, parsed: Parsed) -> Import:
        """Keeps what a file holds for a day, until the person says yes or no."""
        return self._engine.receive(parsed)

    def import_state(self, job_id: str | uuid.UUID) -> Import:
        """Where an import stands; before the yes, what would come of it."""
        return self._engine.import_state(valid_id(job_id))

    def start_import(self, job_id: str | uuid.UUID, *, bring_back: bool = False) -> Import:
        """The yes, and the first piece; `bring_back` also takes in what was once forgotten."""
        return self._engine.start_import(valid_id(job_id), bring_back=bring_back)

    def continue_import(self, job_id: str | uuid.UUID) -> Import:
        """The next piece, of at most 500 memories."""
        return self._engine.continue_import(valid_id(job_id))

    def drop_import(self, job_id: str | uuid.UUID) -> None:
        """Forgets an upload; what was written of it stays."""
        self._engine.drop_import(valid_id(job_id))

    def copy(self, ids: Sequence[uuid.UUID] | None = None) -> Iterator[list[Exported]]:
        """These memories with all that belongs to them, or every one, in pieces of 200, newest first.

        Each piece is read in a scope of its own; what is deleted meanwhile is left out."""
        chosen = self._engine.matching(EVERYTHING, "") if ids is None else list(ids)
        for start in range(0, len(chosen), PIECE):
            yield self._engine.exported(chosen[start : start + PIECE])

    def copy_chats(self) -> Iterator[tuple[dict[str, Any], Iterator[dict[str, Any]]]]:
        """Every conversation that can be opened, oldest first, each with its turns in order; as `copy` reads."""
        with reading(self._owner):
            keys = Exporting(self._owner).conversation_ids()
        for key in keys:
            with reading(self._owner):
                chat = Exporting(self._owner).conversation(key)
            if chat:
                yield chat, self._copy_turns(key)

    def _copy_turns(self, key: uuid.UUID) -> Iterator[dict[str, Any]]:
        after = 0
        while turns := self._turns_after(key, after):
            yield from turns
            after = turns[-1]["position"]

    def _turns_after(self, key: uuid.UUID, after: int) -> list[dict[str, Any]]:
        with reading(self._owner):
            return Exporting(self._owner).turns(key, after)

    def seal(self, row_id: str) -> str:
        """The mark by which this id is known as one's own when it comes back in a file."""
        return seals.seal(self._owner, row_id)

    def sealed(self, row_id: object, mark: object) -> bool:
        """Whether an id and its mark come from a file exported here, by this owner."""
        return seals.holds(self._owner, row_id, mark)

    # --- What was done, and what left ---------------------------------------------------------------------------------
    def activity(self, chosen: ActivityFilter = EVERY_LINE, *, number: int = 1, size: int = 50) -> ActivityPage:
        """A page of the log, newest first."""
        with reading(self._owner):
            return self._log().page(chosen, number=max(1, number), size=size)

    def activity_lines(self, chosen: ActivityFilter = EVERY_LINE) -> Iterator[list[ActivityLine]]:
        """The whole log in pieces, newest first, each read in a scope of its own: who takes them may change threads."""
        start = 0
        while lines := self._piece(chosen, start):
            yield lines
            start += len(lines)

    def _piece(self, chosen: ActivityFilter, start: int) -> list[ActivityLine]:
        with reading(self._owner):
            return self._log().piece(chosen, start=start, size=500)

    def note(self, verb: str, count: int = 1) -> None:
        """A line in the log for what changes no memory: signing in, taking a copy."""
        with writing(self._owner, bump=False):
            self._log().append(verb, count=count)

    def sent(self, *, number: int = 1, size: int = PAGE) -> SentPage:
        """What left the site, newest first."""
        with reading(self._owner):
            rows = SentRows(self._owner).rows(max(1, number), size)
        there = self._engine.named(rows.memory_ids)
        with reading(self._owner):
            return SentRows(self._owner).page(rows, there)

    def _log(self) -> ActivityLog:
        return ActivityLog(self._owner, self._door)


def _ids(ids: Sequence[str]) -> list[uuid.UUID]:
    """Those that can be an id; the others are left out like those that are not there."""
    found = []
    for value in ids:
        try:
            found.append(valid_id(value))
        except MemoryNotFound:
            continue
    return found
