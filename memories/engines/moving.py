"""Moves one owner's memories between our tables and mem0's platform: each once, read back, and only then taken away.

No list of what went is kept: what is on the other side says where it came from, so that a move that was cut
anywhere goes on where it stopped.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Iterator
from typing import Literal

from memories.engines.embedded import EmbeddedEngine
from memories.engines.platform import PlatformEngine
from memories.engines.platform_base import WIPING
from memories.engines.platform_http import PlatformUnavailable
from memories.engines.platform_values import Held, held, id_of
from memories.owner import Door, Owner
from memories.storage.arriving import Arriving
from memories.storage.digests import digest
from memories.storage.erasing import erase_memories
from memories.storage.memories import MemoryRows
from memories.storage.moves import Moves
from memories.storage.owner_scope import reading, writing
from memories.storage.tombstones import Tombstones
from memories.transfer_types import Entry
from memories.types import Memory

To = Literal["platform", "embedded"]
FROM = "moved_from"
"""Beside a memory on the platform: the id it had here."""
PIECE = 100
DOOR = Door(via="command", actor="site")


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """Numbers of one owner's move."""

    found: int
    there: int
    """On the other side, each read back with the same words."""
    stayed: int
    """What the platform could not keep as it is: paused, waiting for a yes, or with an end."""
    removed: int = 0
    """Taken away from where they were."""

    @property
    def complete(self) -> bool:
        return self.there + self.stayed == self.found


class Mover:
    """Bound to one owner at construction."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._here, self._there = EmbeddedEngine(owner, DOOR), PlatformEngine(owner, DOOR)

    def look(self, to: To) -> Moved:
        """What a move would find, and how much of it is there already. Changes nothing."""
        going, stayed = self._going(to)
        return Moved(found=len(going) + stayed, there=self._arrived(to, going), stayed=stayed)

    def size(self, to: To) -> int:
        """How many there are to be looked at, for a bar."""
        return (self._here if to == "platform" else self._there).count()

    def move(self, to: To, *, remove: bool, tell: Callable[[int], object]) -> Moved:
        """Moves what is not there yet, oldest first, and reads all of it back; `tell` hears how much each piece was.
        With `remove` it is then taken away from where it was, if every one was read back. EngineUnavailable: the next
        run goes on; so it is while the platform has not confirmed a wipe, which would take along what came since."""
        if to == "platform" and self._there._wiping():
            raise PlatformUnavailable(WIPING)
        going, stayed = self._going(to)
        if to == "platform":
            self._begin(going, stayed)
        for count in self._to_platform(going) if to == "platform" else self._to_embedded(going):
            tell(count)
        found = Moved(found=len(going) + stayed, there=self._arrived(to, going), stayed=stayed)
        if remove and found.complete:
            found = dataclasses.replace(found, removed=self._take_away(to, going))
        with writing(self._owner, bump=False, closed=True):
            Moves(self._owner).write(to, found.found, found.there, found.stayed, verified=found.complete)
        return found

    # --- Both ways ----------------------------------------------------------------------------------------------------
    def _going(self, to: To) -> tuple[list[Memory], int]:
        """What can go, oldest first, and how much has to stay."""
        source = self._here if to == "platform" else self._there
        found = source.get_all()[::-1]
        if to == "embedded":
            return found, 0
        fit = [memory for memory in found if memory.state == "active" and memory.expires_at is None]
        return fit, len(found) - len(fit)

    def _arrived(self, to: To, going: list[Memory]) -> int:
        """How many are on the other side, word for word."""
        texts = self._on_platform() if to == "platform" else {m.id: m.memory for m in self._here.get_all()}
        keys = {each.memory.id: self._key(each) for each in self._held()} if to == "embedded" else {}
        return sum(texts.get(keys.get(memory.id, memory.id)) == memory.memory for memory in going)

    def _held(self) -> Iterator[Held]:
        for rows in self._there._line.pages():
            yield from (held(row, self._owner) for row in rows)

    def _on_platform(self) -> dict[str, str]:
        """The texts there, by the id they had here."""
        return {str(each.metadata[FROM]): each.memory.memory for each in self._held() if FROM in each.metadata}

    def _key(self, each: Held) -> str:
        """The id a memory has here: the one it left with, where it comes back."""
        try:
            return str(uuid.UUID(str(each.metadata[FROM])))
        except (KeyError, ValueError):
            return each.memory.id

    # --- There --------------------------------------------------------------------------------------------------------
    def _begin(self, going: list[Memory], stayed: int) -> None:
        """Notes that there will be something there, so that a wipe reaches it even from a site that has no key yet; and
        takes away what an earlier run brought there and was forgotten here since."""
        with writing(self._owner, bump=False, closed=True) as state:
            Moves(self._owner).write("platform", len(going) + stayed, 0, stayed, verified=False)
            key = bytes(state.digest_key)
        here = {memory.id for memory in self._here.get_all()}
        moved = [each for each in self._held() if FROM in each.metadata and each.metadata[FROM] not in here]
        marks = {each.id: digest(key, each.memory.memory) for each in moved}
        with reading(self._owner):
            forgotten = Tombstones(self._owner).among(marks.values())
        for memory_id, mark in marks.items():
            if mark in forgotten:
                self._there._discard(memory_id)

    def _to_platform(self, going: list[Memory]) -> Iterator[int]:
        done = self._on_platform()
        for memory in going:
            if memory.id not in done:
                self._send(memory)
            yield 1

    def _send(self, memory: Memory) -> None:
        """One, unless it was deleted since it was listed. A wipe meanwhile stops the move: EngineUnavailable."""
        beside = {
            "source": memory.source,
            "kind": memory.kind,
            "version": 1,
            "created_at": memory.created_at.isoformat(),
            FROM: memory.id,
        }
        if memory.message_id:
            beside["message_id"] = memory.message_id
        with self._there._ahead(None) as asked:
            # Looked for once it is noted: a wipe is before that, or waits for it.
            with reading(self._owner):
                still = MemoryRows(self._owner).listed().filter(pk=memory.id).exists()
            rows = self._there._line.keep([{"role": "user", "content": memory.memory}], beside) if still else []
        with writing(self._owner, bump=False, closed=True):
            if not self._there._rows.close(asked):
                raise PlatformUnavailable(WIPING)
            # The person had their say about it here already; without a note it might wait for a yes once more.
            self._there._rows.set_state([id_of(row) for row in rows], "active")

    # --- And back -----------------------------------------------------------------------------------------------------
    def _to_embedded(self, going: list[Memory]) -> Iterator[int]:
        keys = {each.memory.id: uuid.UUID(self._key(each)) for each in self._held()}
        for start in range(0, len(going), PIECE):
            piece = going[start : start + PIECE]
            entries = [self._entry(memory, keys[memory.id]) for memory in piece if memory.id in keys]
            fresh = self._here._fresh([entry.text for entry in entries], "imported")
            with writing(self._owner, closed=True) as state:
                arriving = Arriving(self._owner, self._owner.namespace)
                there = arriving.ids_there(entries)
                arriving.write(
                    [
                        (entry, new, digest(state.digest_key, entry.text))
                        for entry, new in zip(entries, fresh, strict=True)
                        if entry.id not in there
                    ]
                )
            yield len(piece)

    def _entry(self, memory: Memory, key: uuid.UUID) -> Entry:
        earlier = self._there._earlier(memory)
        return Entry(
            line=0,
            text=memory.memory,
            kind=memory.kind,
            source=memory.source,
            state=memory.state,
            created_at=memory.created_at,
            updated_at=memory.updated_at,
            expires_at=memory.expires_at,
            versions=tuple((version.number, version.new_memory, version.created_at) for version in earlier),
            version=len(earlier) + 1,
            id=key,
            message_id=uuid.UUID(memory.message_id) if memory.message_id else None,
            use_count=memory.use_count,
            last_used_at=memory.last_used_at,
        )

    # --- Away with it -------------------------------------------------------------------------------------------------
    def _take_away(self, to: To, going: list[Memory]) -> int:
        """From where it was; not marked as forgotten, for it was not. The earlier texts that do not go along are: the
        platform could not say of them any more, when the memory is deleted there, that they were its own."""
        ids = [uuid.UUID(memory.id) for memory in going]
        if to == "platform":
            with writing(self._owner, closed=True) as state:
                rows = MemoryRows(self._owner).all()
                pieces = [rows.filter(pk__in=ids[start : start + PIECE]) for start in range(0, len(ids), PIECE)]
                for piece in pieces:
                    Tombstones(self._owner).lay_corrected(piece, state)
                return sum(erase_memories(self._owner, piece) for piece in pieces)
        for memory_id in ids:
            self._there._discard(memory_id)
        with reading(self._owner):
            left = {each.id for each in self._held()} & set(ids)
        return len(ids) - len(left)
