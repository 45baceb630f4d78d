"""The second engine: mem0's hosted platform, bound to one owner by their namespace, which is its `user_id`."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence

from django.db.models import Q
from django.utils import timezone

from memories.engines.base import Capabilities
from memories.engines.platform_base import WIPING
from memories.engines.platform_http import PlatformUnavailable
from memories.engines.platform_learning import PlatformLearning
from memories.engines.platform_lists import UNDO_WINDOW
from memories.engines.platform_values import Held, held, id_of, is_owners, versions
from memories.engines.platform_wire import Row
from memories.errors import EngineUnavailable, MemoryNotFound, StaleVersion
from memories.sensitive import kind_told
from memories.storage.digests import digest
from memories.storage.owner_scope import reading, writing
from memories.types import Filter, Memory, Page, Source, Turn, Version

NOT_YET = (
    "mem0's platform was asked to erase this and has not confirmed it yet. It is not used any more, and the asking "
    "goes on by itself."
)


class PlatformEngine(PlatformLearning):
    """Implements `memories.engines.base.Engine`. Texts are on the platform alone; states, deletions under way, uses,
    marks of what was forgotten and the log are ours. docs/platform.md tells which is which."""

    capabilities = Capabilities(at_once=False, files=False, traces=False, context=False, whole_days=True)

    # --- Verbs of the contract ----------------------------------------------------------------------------------------
    def add(self, turns: Sequence[Turn], *, source: Source) -> list[Memory]:
        """See Engine.add. One request; when it is not answered, the error says that it may have been done. That it is
        sent is noted before: a wipe waits until nothing can come of it any more."""
        self._check_room(len(turns))
        messages = [{"role": turn.role, "content": turn.text} for turn in turns]
        beside: dict[str, object] = {"source": source, "version": 1}
        if any(kind_told(turn.text, source) == "inferred" for turn in turns):
            # Read back so from the first moment: it waits for the person's yes.
            beside["kind"] = "inferred"
        with self._ahead(None) as asked:
            rows = self._line.keep(messages, beside)
        with writing(self._owner) as state:
            if not self._rows.close(asked):
                raise PlatformUnavailable(WIPING)  # Wiped meanwhile: what was just saved is erased with the rest.
            self._tombstones.lift(digest(state.digest_key, turn.text) for turn in turns)
            self._log.append("saved", count=len(rows))
        return self._noted(self._kept(rows))

    def _kept(self, rows: Sequence[Row]) -> list[Held]:
        """What was just stored. An answer that does not tell all of it is completed by reading the memory."""
        told = ("user_id", "created_at")
        return [held(row if all(row.get(k) for k in told) else self._line.get(id_of(row)), self._owner) for row in rows]

    def search(self, query: str, *, limit: int) -> list[Memory]:
        """See Engine.search. The platform's own ranking, what was concluded a little lower; what may not be used
        is left out here."""
        with reading(self._owner):
            aside = len(self._rows.notes())
        return [found for found in self._found(query, limit + aside) if _recallable(found)][:limit]

    def page(self, chosen: Filter, *, query: str, number: int, size: int, order: str) -> Page:
        """See Engine.page."""
        return self.browse(chosen, query=query, number=number, size=size, order="" if query else order).page

    def get_all(self) -> list[Memory]:
        """See Engine.get_all."""
        return self._all()

    def get(self, memory_id: uuid.UUID) -> Memory:
        """See Engine.get."""
        return self._value(memory_id)

    def update(self, memory_id: uuid.UUID, text: str, *, version: int | None) -> Memory:
        """See Engine.update. The version is our number beside the text: of two edits that arrive between the look and
        the write, the later one stands."""
        before = self._one(memory_id)
        if version is not None and before.memory.version != version:
            raise StaleVersion
        if before.memory.memory == text:
            return self._value(memory_id)
        # Dates stay whatever the platform makes of an update.
        beside = {**before.metadata, "version": before.memory.version + 1}
        beside.setdefault("created_at", before.memory.created_at.isoformat())
        self._line.change(memory_id, {"text": text, "metadata": beside})
        with writing(self._owner):
            # Whether it waits is decided by the words it had: a correction is the person's own.
            self._rows.set_state([memory_id], self._noted([before])[0].state)
            self._log.append("edited", object_id=memory_id)
        return self._value(memory_id)

    def history(self, memory_id: uuid.UUID) -> list[Version]:
        """See Engine.history."""
        memory = self._value(memory_id)
        return versions(self._line.history(memory_id), memory)

    def usable(self, memory_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
        """See Engine.usable. The platform is asked: what was erased or has ended there is not on its list any more."""
        return {uuid.UUID(found.id) for found in self._some(list(memory_ids)) if _recallable(found)}

    def mark_used(self, message_id: uuid.UUID, used: Sequence[Memory]) -> None:
        """See Engine.mark_used. Counts and moments alone: the words are not kept beside the reply."""
        with writing(self._owner, bump=False):
            self._rows.used(used)
            self._log.append("recalled", object_id=message_id, count=len(used))

    def count(self) -> int:
        """See Engine.count."""
        with reading(self._owner):
            if self._wiping():
                return 0
            hidden = len(self._rows.hidden())
        # What is hidden is still there, until the platform has confirmed that it is not.
        return max(0, self._line.count() - hidden)

    def pending(self) -> int:
        """See Engine.pending."""
        with reading(self._owner):
            return self._rows.pending()

    # --- Deleting -----------------------------------------------------------------------------------------------------
    def delete(self, memory_id: uuid.UUID, *, with_message: bool = False) -> None:
        """See Engine.delete. Hidden first, then erased and looked for again; EngineUnavailable while the platform has
        not confirmed it, and `manage.py tend` goes on."""
        memory, now = self._value(memory_id), timezone.now()
        self._hide([memory], now, with_message=with_message)
        if not self._erased(memory_id):
            raise PlatformUnavailable(NOT_YET)

    def hold(self, memory_id: uuid.UUID, *, with_message: bool = False) -> dt.datetime:
        """See Engine.hold."""
        until = timezone.now() + UNDO_WINDOW
        self._hide([self._value(memory_id)], until, with_message=with_message)
        return until

    def restore(self, memory_id: uuid.UUID) -> Memory:
        """See Engine.restore."""
        if not self._brought_back(Q(memory_id=memory_id)):
            raise MemoryNotFound("It is too late to take this back: the memory is gone.")
        return self._value(memory_id)

    def erase_due(self) -> int:
        """Erases what was deleted and can no longer be taken back; how many are confirmed gone. For the background
        pass."""
        with reading(self._owner):
            due = self._rows.due()
        return sum(self._erased(memory_id) for memory_id in due)

    def _erased(self, memory_id: uuid.UUID) -> bool:
        try:
            return self._erase(memory_id)
        except EngineUnavailable:
            return False

    def _erase(self, memory_id: uuid.UUID) -> bool:
        """Off the platform, with marks of its earlier texts left here; True when it was looked for and not found."""
        row = self._there(memory_id)
        if row is not None:
            self._mark_earlier(memory_id, row)
            self._discard(memory_id)
            if self._there(memory_id) is not None:
                return False
        with writing(self._owner):
            self._rows.drop(memory_id)
        return True

    def _there(self, memory_id: uuid.UUID) -> Row | None:
        try:
            row = self._line.get(memory_id)
        except MemoryNotFound:
            return None
        return row if is_owners(row, self._owner) else None

    def _mark_earlier(self, memory_id: uuid.UUID, row: Row) -> None:
        texts = {*self._line.earlier(memory_id), str(row.get("memory"))}
        with writing(self._owner) as state:
            self._tombstones.lay(digest(state.digest_key, text) for text in texts)


def _recallable(memory: Memory) -> bool:
    """Whether it may be put before an assistant."""
    return memory.state == "active" and (memory.expires_at is None or memory.expires_at > timezone.now())
