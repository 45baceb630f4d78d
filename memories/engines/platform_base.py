"""What the parts of the platform engine share: reading one, reading all, and what we noted beside them."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence

from memories.data_types import Said
from memories.engines.platform_http import PlatformUnavailable
from memories.engines.platform_values import Held, held, is_owners
from memories.engines.platform_wire import Line
from memories.errors import InvalidText, MemoryNotFound, QuotaExceeded
from memories.models import PlatformEvent, PlatformNote
from memories.owner import Door, Owner
from memories.sensitive import must_wait
from memories.storage.activity import ActivityLog
from memories.storage.details import Details
from memories.storage.digests import digest
from memories.storage.owner_scope import reading, writing
from memories.storage.platform import PlatformErasures, PlatformRows
from memories.storage.preferences import preferences_of
from memories.storage.tombstones import Tombstones
from memories.types import Memory

CLOCKS = dt.timedelta(minutes=2)
"""How far the platform's clock may be behind ours."""
WIPING = (
    "mem0's platform has not confirmed yet that what you wiped is gone. Until it has, nothing new is saved, so that it "
    "is not erased with the rest. Try again in a few minutes."
)


class PlatformBase:
    """Bound to one owner. What is asked of the network is asked outside of transactions."""

    def __init__(self, owner: Owner, door: Door) -> None:
        self._owner, self._log = owner, ActivityLog(owner, door)
        self._line, self._rows, self._tombstones = Line(owner), PlatformRows(owner), Tombstones(owner)

    def _one(self, memory_id: uuid.UUID) -> Held:
        """One memory that is on the list. MemoryNotFound, for a stranger's too: one key of the platform opens the
        memories of everybody on this site, so whose it is has to be looked at here."""
        row = self._line.get(memory_id)
        if not is_owners(row, self._owner):
            raise MemoryNotFound
        found = held(row, self._owner)
        with reading(self._owner):
            note, wiping = self._rows.note(memory_id), self._wiping()
        if wiping or found.id != memory_id or (note and note.held_until):
            raise MemoryNotFound
        return found

    def _wiping(self) -> bool:
        """Whether everything there is was wiped here, and the platform has not confirmed that it is gone."""
        return PlatformErasures(self._owner.namespace).unconfirmed()

    def _all(self) -> list[Memory]:
        """The whole list, newest first. One request for 200 memories, two queries."""
        found: dict[uuid.UUID, Held] = {}
        for rows in self._line.pages():
            # Pages shift when something is added meanwhile: the same memory may come twice.
            found |= {each.id: each for each in (held(row, self._owner) for row in rows)}
        return sorted(self._noted(found.values()), key=_newest, reverse=True)

    def _noted(self, found: Iterable[Held]) -> list[Memory]:
        """Values with what we keep beside them, in the same order, without what is hidden."""
        memories = [each.memory for each in found]
        with reading(self._owner):
            if self._wiping():
                return []
            notes = self._rows.notes()
            turns = {uuid.UUID(memory.message_id) for memory in memories if memory.message_id}
            said = Details(self._owner).said(turns) if turns else {}
            unread = self._unread([memory for memory in memories if uuid.UUID(memory.id) not in notes])
        told = ((memory, notes.get(uuid.UUID(memory.id))) for memory in memories)
        return [
            _with(memory, note, said, waits=memory.id in unread)
            for memory, note in told
            if note is None or note.held_until is None
        ]

    def _unread(self, memories: Sequence[Memory]) -> set[str]:
        """Which of these, on which we noted nothing, wait although no note says so: what the platform concluded and
        nobody looked through yet, because its event is open, or because we went away before we wrote the note. A
        delicate conclusion waits however old it is, and so does one that was once forgotten: however it came there."""
        concluded = [memory for memory in memories if memory.kind == "inferred"]
        waiting = {memory.id for memory in concluded if must_wait(memory.memory, "inferred", ask_first=False)}
        if not concluded:
            return waiting
        since = self._rows.open_since()
        if since and preferences_of(self._owner).ask_first:
            # The platform's clock is not ours.
            waiting |= {memory.id for memory in concluded if memory.created_at >= since - CLOCKS}
        key = self._rows.digest_key() or b""
        marks = {memory.id: digest(key, memory.memory) for memory in concluded}
        forgotten = self._tombstones.among(marks.values())
        return waiting | {memory_id for memory_id, mark in marks.items() if mark in forgotten}

    def _value(self, memory_id: uuid.UUID) -> Memory:
        return next(iter(self._noted([self._one(memory_id)])))

    def _some(self, ids: Sequence[uuid.UUID]) -> list[Memory]:
        """Those of these that are on the list, in this order; others are left out."""
        once = list(dict.fromkeys(ids))
        if len(once) == 1:
            try:
                return [self._value(once[0])]
            except MemoryNotFound:
                return []
        there = {uuid.UUID(memory.id): memory for memory in self._all()} if once else {}
        return [there[key] for key in once if key in there]

    @contextlib.contextmanager
    def _ahead(self, message_id: uuid.UUID | None) -> Iterator[PlatformEvent]:
        """Around a call that makes something there: notes it before, and takes the note back where the platform, or its
        silence, leaves no doubt that nothing was made. A wipe waits for what is noted; and while one is not confirmed
        nothing is made: EngineUnavailable."""
        with writing(self._owner, bump=False, closed=True):
            if self._wiping():
                raise PlatformUnavailable(WIPING)
            event = self._rows.asking(message_id)
        try:
            yield event
        except (InvalidText, QuotaExceeded, PlatformUnavailable) as error:
            if not (isinstance(error, PlatformUnavailable) and error.unsure):
                with writing(self._owner, bump=False, closed=True):
                    self._rows.close(event)
            raise

    def _discard(self, memory_id: uuid.UUID) -> None:
        """Deletes one that is known to be the owner's; nothing happens when it is gone already."""
        with contextlib.suppress(MemoryNotFound):
            self._line.remove(memory_id)


def _newest(memory: Memory) -> tuple[object, str]:
    return memory.created_at, memory.id


def _with(memory: Memory, note: PlatformNote | None, said: dict[uuid.UUID, Said], *, waits: bool) -> Memory:
    turn = said.get(uuid.UUID(memory.message_id)) if memory.message_id else None
    return dataclasses.replace(
        memory,
        state=note.state if note else "review" if waits else "active",  # type: ignore[arg-type]  # the table's checks allow no other words
        use_count=note.use_count if note else 0,
        last_used_at=note.last_used_at if note else None,
        message_id=turn.message_id if turn else None,
        conversation_id=turn.conversation_id if turn else None,
        conversation_title=turn.title if turn else "",
    )
