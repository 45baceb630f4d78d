"""The platform engine's part that learns: asked now, answered some time soon, looked through before it counts."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Sequence

from django.conf import settings

from memories.engines.platform_base import CLOCKS, WIPING
from memories.engines.platform_http import PlatformUnavailable, host
from memories.engines.platform_lists import PlatformLists
from memories.engines.platform_values import Held, held, id_of, is_owners
from memories.engines.platform_wire import Row
from memories.errors import EngineUnavailable, ExtractionFailed, MemoryNotFound, QuotaExceeded
from memories.models import OwnerState, PlatformEvent
from memories.sensitive import must_wait
from memories.storage.digests import digest
from memories.storage.due import DueRows
from memories.storage.owner_scope import reading, writing
from memories.storage.platform import lost_until
from memories.storage.preferences import preferences_of
from memories.types import Learned, Memory, Source, Turn

logger = logging.getLogger(__name__)


class StillReading(ExtractionFailed):
    """The platform has the turn and has not said yet what it found. Asking again later asks after the same event."""

    default = "mem0's platform is still reading this for memories. It will show here when it is done."


class PlatformLearning(PlatformLists):
    """See `memories.engines.base.Engine.learn`."""

    def learn(
        self,
        turns: Sequence[Turn],
        *,
        source: Source,
        message_id: uuid.UUID | None,
        said_at: dt.datetime | None = None,
        context: Sequence[Turn],
    ) -> Learned:
        """See Engine.learn. A turn that was asked about already is not sent again: its event is asked after.

        ExtractionFailed while the platform has not answered a turn's event (the turn stays pending), and when it
        failed. Without a turn the answer is Learned(pending=True), and `manage.py tend` sees to what comes of it. The
        turns before are not sent: the platform would learn from them once more.
        """
        with reading(self._owner):
            if message_id and not DueRows(self._owner).may_be_read(message_id):
                return Learned()
            event = self._rows.open_event(message_id) if message_id else None
            edited = event is not None and not self._as_sent(event)
        said = [{"role": turn.role, "content": turn.text} for turn in turns if turn.role == "user"]
        if event and edited:
            # Nothing of it is kept, for it read other words; those of now are sent once it is out of the way.
            self.settle(event)
            event = None
        if event is None and not said:
            return Learned()
        event = event or self._ask(said, source, message_id, said_at)
        return self.settle(event) if event else Learned()

    def _ask(
        self, said: Sequence[dict[str, str]], source: Source, message_id: uuid.UUID | None, said_at: dt.datetime | None
    ) -> PlatformEvent | None:
        """None where the turn has other words by now: those are read when it is taken up again."""
        self._check_room(1)
        with writing(self._owner, bump=False):
            self._rows.disclose(host(), message_id)
        # What the platform's model made of the words is its conclusion; it does not tell what was said outright.
        metadata = {"source": source, "kind": "inferred", "version": 1}
        if message_id:
            metadata["message_id"] = str(message_id)
        # Should this process die right after the call, the turn is sent again, what is found twice is removed, and the
        # note that it was sent has what came of it looked through: `_lost`.
        with self._ahead(message_id) as event:
            # From here on an edit is later than the note. One before it is seen now.
            if said_at and not self._still_says(message_id, said_at):
                with writing(self._owner, bump=False):
                    self._rows.close(event)
                return None
            event_id = self._line.read_for_facts(said, metadata)
        with writing(self._owner, bump=False):
            return self._rows.asked(event, event_id)

    def settle(self, event: PlatformEvent) -> Learned:
        """Asks after an event for a moment; what came of it. ExtractionFailed."""
        if lost_until(event.event_id):
            return self._lost(event)
        status, rows = self._line.wait_for(event.event_id, settings.MEM0_PATIENCE)
        if status == "pending":
            with writing(self._owner, bump=False):
                self._rows.put_off(event)
            if event.message_id:
                raise StillReading
            return Learned(pending=True)
        if status == "failed":
            with writing(self._owner, bump=False):
                self._rows.close(event)
            raise ExtractionFailed
        # First looked through, then closed: a crash in between leaves the event open, to be looked through again.
        learned = self._looked_through(event, [found for row in rows if (found := self._new(row))])
        with writing(self._owner) as state:
            self._rows.close(event)
            if event.message_id and self._rows.unanswered(event.message_id):
                self._note(learned)
            self._after(learned, state)
        return learned

    def settle_due(self) -> int:
        """Goes on with events that nobody waits for; how many were answered. For the background pass."""
        with reading(self._owner):
            waiting = self._rows.due_events()
        answered = 0
        for event in waiting:
            try:
                answered += not self.settle(event).pending
            except StillReading:
                continue
            except ExtractionFailed:
                answered += 1
            except EngineUnavailable as error:
                logger.warning("an event on the platform has to wait: %s", type(error).__name__)
                with writing(self._owner, bump=False):
                    self._rows.put_off(event)
        return answered

    def _lost(self, event: PlatformEvent) -> Learned:
        """Looks through what may have come of a call whose answer never reached us: what was forgotten once is removed
        from the platform, and so is what comes of a turn that was deleted; what has to wait for a yes is noted so.
        First looked through, then closed."""
        with reading(self._owner):
            notes, key = self._rows.notes(), self._rows.digest_key() or b""
        there = [held(row, self._owner) for rows in self._line.pages() for row in rows]
        fresh = [each for each in there if each.id not in notes and each.memory.created_at >= event.asked_at - CLOCKS]
        concluded = {each.id: each.memory for each in fresh if each.memory.kind == "inferred"}
        marks = {memory_id: digest(key, memory.memory) for memory_id, memory in concluded.items()}
        with reading(self._owner):
            forgotten = self._tombstones.among(marks.values())
            gone = not self._as_sent(event)
        for memory_id, mark in marks.items():
            if mark in forgotten or (gone and concluded[memory_id].message_id == str(event.message_id)):
                concluded.pop(memory_id)
                self._discard(memory_id)
        with writing(self._owner) as state:
            self._rows.close(event)
            self._wait(list(concluded.values()), state)
        return Learned()

    # --- What came of it ----------------------------------------------------------------------------------------------
    def _new(self, row: Row) -> Held | None:
        """A memory that an event tells of, read by its id; None for one that was only told of, or is gone again."""
        if row.get("event", "ADD") != "ADD":
            return None
        try:
            found = self._line.get(id_of(row))
        except MemoryNotFound:
            return None
        return held(found, self._owner) if is_owners(found, self._owner) else None

    def _looked_through(self, event: PlatformEvent, found: Sequence[Held]) -> Learned:
        """Removes from the platform what may not be kept: what was forgotten once, is there already, or comes of a turn
        that was deleted or edited since, or from before a wipe."""
        with writing(self._owner, bump=False) as state:
            stale = state.epoch != event.epoch or not self._as_sent(event)
            key = bytes(state.digest_key)
            digests = {each.id: digest(key, each.memory.memory) for each in found}
            forgotten = self._tombstones.among(digests.values())
        saved: dict[str, Memory] = {}
        known, refused = [], []
        for each in found:
            mark, there = digests[each.id], self._there_already(each, key)
            if not stale and mark in forgotten:
                refused.append(each.memory.memory)
            elif not stale and (there or mark in saved):
                known.append(there or saved[mark])
            elif not stale:
                saved[mark] = each.memory
                continue
            self._discard(each.id)
        return Learned(saved=tuple(saved.values()), known=tuple(known), refused=tuple(refused))

    def _still_says(self, message_id: uuid.UUID | None, said_at: dt.datetime) -> bool:
        with reading(self._owner):
            return message_id is None or DueRows(self._owner).said_at(message_id) == said_at

    def _as_sent(self, event: PlatformEvent) -> bool:
        """Whether the turn, if it is one of a chat, is still there and says what the platform was sent."""
        if event.message_id is None:
            return True
        turns = DueRows(self._owner)
        said_at = turns.said_at(event.message_id)
        return said_at is not None and said_at <= event.asked_at and turns.may_be_read(event.message_id)

    def _there_already(self, new: Held, key: bytes) -> Memory | None:
        """An older memory that says the same."""
        wanted = digest(key, new.memory.memory)
        others = [memory for memory in self._found(new.memory.memory, 10) if memory.id != new.memory.id]
        return next(
            (m for m in others if digest(key, m.memory) == wanted and m.created_at <= new.memory.created_at), None
        )

    def _note(self, learned: Learned) -> None:
        """Each as it is: what was looked through is not taken for what came of the call before, the lost one."""
        for state in ("active", "paused", "review"):
            ids = [uuid.UUID(each.id) for each in (*learned.saved, *learned.known) if each.state == state]
            self._rows.set_state(ids, state)

    def _after(self, learned: Learned, state: OwnerState) -> None:
        """Notes and the log, in the transaction that closes the event."""
        self._wait(learned.saved, state)
        if learned.saved:
            self._log.append("learned", count=len(learned.saved))

    def _wait(self, memories: Sequence[Memory], state: OwnerState) -> None:
        waiting = [m for m in memories if must_wait(m.memory, m.kind, ask_first=state.ask_first)]
        self._rows.set_state([uuid.UUID(memory.id) for memory in waiting], "review")

    def _check_room(self, more: int) -> None:
        with reading(self._owner):
            quota = preferences_of(self._owner).quota
            if self._wiping():
                raise PlatformUnavailable(WIPING)
        if more and self._line.count() + more > quota:
            raise QuotaExceeded(
                f"Your memory is full: it holds {quota:,}. Nothing new was saved and nothing was dropped; delete what "
                "you no longer need and try again."
            )
