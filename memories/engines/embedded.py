"""The embedded engine: memories in our own tables, bound to one owner."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Sequence

from django.utils import timezone

from memories.embedders import Embedder
from memories.engines.base import Capabilities
from memories.engines.curating import UNDO_WINDOW, Curating
from memories.engines.embedding import chosen_embedder
from memories.engines.learning import Found, find_facts
from memories.engines.transferring import Transferring
from memories.errors import MemoryNotFound, QuotaExceeded, StaleVersion
from memories.models import OwnerState
from memories.models.base import new_id
from memories.owner import Door, Owner
from memories.sensitive import kind_told, must_wait
from memories.storage.activity import ActivityLog
from memories.storage.browsing import Browsing
from memories.storage.digests import digest
from memories.storage.entities import EntityStore
from memories.storage.erasing import erase_memories, erase_message_of, hold_message, settle, unhold_message
from memories.storage.memories import MemoryRows, NewMemory
from memories.storage.owner_scope import reading, writing
from memories.storage.packing import packed
from memories.storage.preferences import quota_of
from memories.storage.recall import Recall
from memories.storage.tombstones import Tombstones
from memories.text import reworded, terms
from memories.types import Filter, Learned, Memory, Page, Source, Turn, Version


class EmbeddedEngine(Curating, Transferring):
    """Implements `memories.engines.base.Engine` on this site's database. Facts are found by mem0's pipeline where a
    model is connected (`memories.engines.pipeline`), by rules where none is."""

    def __init__(self, owner: Owner, door: Door) -> None:
        self._owner, self._log = owner, ActivityLog(owner, door)
        self._rows, self._tombstones = MemoryRows(owner), Tombstones(owner)
        self._embedder: Embedder = chosen_embedder()
        self._recall = Recall(owner, self._embedder)

    capabilities = Capabilities()

    # --- Verbs of the contract ----------------------------------------------------------------------------------------
    def add(self, turns: Sequence[Turn], *, source: Source) -> list[Memory]:
        """See Engine.add. Typing something in, or importing it, stores it as said; nothing is left out."""
        episode = new_id() if len(turns) > 1 else None
        new = [
            dataclasses.replace(
                fresh, role=turn.role, episode=episode, position=place, kind=kind_told(turn.text, source)
            )
            for place, (turn, fresh) in enumerate(zip(turns, self._fresh([t.text for t in turns], source), strict=True))
        ]
        with writing(self._owner) as state:
            self._check_quota(state, len(new))
            # What a person types in waits for nothing; of a program's texts, what counts as concluded does.
            new = [_marked(memory, state) if memory.kind == "inferred" else memory for memory in new]
            digests = [digest(state.digest_key, memory.text) for memory in new]
            self._tombstones.lift(digests)
            saved = self._rows.insert(new, digests)
            self._log.append("saved", count=len(saved))
        return saved

    def learn(
        self,
        turns: Sequence[Turn],
        *,
        source: Source,
        message_id: uuid.UUID | None,
        said_at: dt.datetime | None = None,
        context: Sequence[Turn],
    ) -> Learned:
        """See Engine.learn. The model and the embedder run first; then everything is written in one transaction."""
        found = find_facts(self._owner, self._embedder, turns, context=context, message_id=message_id, said_at=said_at)
        if not found.facts:
            return Learned()
        new = [
            dataclasses.replace(fresh, kind=fact.kind, message_id=message_id, id=fact.id)
            for fact, fresh in zip(found.facts, self._fresh([fact.text for fact in found.facts], source), strict=True)
        ]
        with writing(self._owner) as state:
            # Wiped, or the turn deleted, while the model was thinking: what was read may not be written any more.
            if not found.still_holds(state, self._owner):
                return Learned()
            if message_id and (before := self._written_of(message_id, found)):
                return Learned(saved=tuple(before))
            return self._keep_new(new, found, state)

    def _written_of(self, message_id: uuid.UUID, found: Found) -> list[Memory]:
        """What a worker wrote of the turn as it reads now, and died before it could say so: that stands, whatever is
        read the second time. What is older than the turn's last edit came of other words."""
        return self._rows.values(self._rows.listed().filter(message_id=message_id, created_at__gte=found.said_at))

    def _keep_new(self, new: Sequence[NewMemory], found: Found, state: OwnerState) -> Learned:
        once: dict[str, NewMemory] = {}
        same: dict[str, str] = {}
        for memory in new:
            key = digest(state.digest_key, memory.text)
            other = reworded(memory.text)
            twin = digest(state.digest_key, other) if other else key
            if twin not in once:
                once.setdefault(key, memory)
                same[twin] = key
        # What is known, or was forgotten, in the other words is so in these.
        known = {same.get(key, key): kept for key, kept in self._rows.with_digests(once.keys() | same.keys()).items()}
        refused = {same.get(key, key) for key in self._tombstones.among(once.keys() | same.keys())} - known.keys()
        wanted = {key: _marked(memory, state) for key, memory in once.items() if key not in known.keys() | refused}
        self._check_quota(state, len(wanted))
        saved = self._rows.insert(list(wanted.values()), list(wanted))
        if found.entities:
            found.entities.flush({uuid.UUID(memory.id) for memory in saved})
        if saved:
            self._log.append("learned", count=len(saved))
        return Learned(
            saved=tuple(saved),
            known=tuple(self._rows.by_ids(list(known.values()))),
            refused=tuple(memory.text for key, memory in once.items() if key in refused),
        )

    def search(self, query: str, *, limit: int) -> list[Memory]:
        """See Engine.search. Our own ranking: docs/benchmarks.md tells how far ahead of mem0's formula it is."""
        return self._recall.search(query, limit=limit)

    def page(self, chosen: Filter, *, query: str, number: int, size: int, order: str) -> Page:
        """See Engine.page."""
        with reading(self._owner):
            browsing = Browsing(self._owner, self._recall)
            return browsing.browse(
                chosen, query=query, number=number, size=size, order="best match" if query else order
            ).page

    def get_all(self) -> list[Memory]:
        """See Engine.get_all."""
        with reading(self._owner):
            return self._rows.values(self._rows.listed().order_by("-created_at", "-id"))

    def get(self, memory_id: uuid.UUID) -> Memory:
        """See Engine.get."""
        with reading(self._owner):
            return self._rows.get(memory_id)

    def update(self, memory_id: uuid.UUID, text: str, *, version: int | None) -> Memory:
        """See Engine.update."""
        fresh = self._fresh([text], "typed")[0]
        with writing(self._owner) as state:
            row = self._rows.locked(memory_id)
            if version is not None and row.version != version:
                raise StaleVersion
            if row.text == text:
                return self._rows.value(row)
            EntityStore(self._owner, embedder=self._embedder.name, dims=self._embedder.dims).unlink([memory_id])
            changed = self._rows.change_text(row, fresh, digest(state.digest_key, text))
            self._log.append("edited", object_id=memory_id)
        return changed

    def history(self, memory_id: uuid.UUID) -> list[Version]:
        """See Engine.history."""
        with reading(self._owner):
            return self._rows.history(memory_id)

    def delete(self, memory_id: uuid.UUID, *, with_message: bool = False) -> None:
        """See Engine.delete."""
        with writing(self._owner) as state:
            row = self._rows.locked(memory_id)
            chosen = self._rows.all().filter(pk=memory_id)
            self._tombstones.lay_for(chosen, state)
            erase_memories(self._owner, chosen)
            if with_message:
                erase_message_of(self._owner, row)
            self._log.append("deleted", object_id=memory_id)
        settle()

    def hold(self, memory_id: uuid.UUID, *, with_message: bool = False) -> dt.datetime:
        """See Engine.hold."""
        until = timezone.now() + UNDO_WINDOW
        with writing(self._owner):
            row = self._rows.locked(memory_id)
            self._tombstones.lay([row.digest])
            self._rows.all().filter(pk=memory_id).update(held_until=until)
            if with_message:
                hold_message(self._owner, row, until)
            self._log.append("deleted", object_id=memory_id)
        return until

    def restore(self, memory_id: uuid.UUID) -> Memory:
        """See Engine.restore."""
        with writing(self._owner):
            held = self._rows.all().filter(pk=memory_id, held_until__gt=timezone.now())
            row = held.first()
            if row is None:
                raise MemoryNotFound("It is too late to take this back: the memory is gone.")
            self._tombstones.lift([row.digest])
            unhold_message(self._owner, row)
            held.update(held_until=None)
            self._log.append("restored", object_id=memory_id)
            return self._rows.get(memory_id)

    def usable(self, memory_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
        """See Engine.usable."""
        with reading(self._owner):
            return self._rows.usable(memory_ids)

    def mark_used(self, message_id: uuid.UUID, used: Sequence[Memory]) -> None:
        """See Engine.mark_used."""
        with writing(self._owner, bump=False):
            self._rows.mark_used(message_id, used)
            self._log.append("recalled", object_id=message_id, count=len(used))

    def count(self) -> int:
        """See Engine.count."""
        with reading(self._owner):
            return self._rows.listed().count()

    def pending(self) -> int:
        """See Engine.pending. Turns are learned from in one go."""
        return 0

    # --- Inside -------------------------------------------------------------------------------------------------------
    def _fresh(self, texts: Sequence[str], source: Source) -> list[NewMemory]:
        vectors = self._embedder.embed(texts)
        return [
            NewMemory(
                text=text,
                terms=" ".join(terms(text)),
                vector=packed(vector),
                embedder=self._embedder.name,
                source=source,
            )
            for text, vector in zip(texts, vectors, strict=True)
        ]

    def _check_quota(self, state: OwnerState, more: int) -> None:
        limit = quota_of(state)
        if more and self._rows.all().count() + more > limit:
            raise QuotaExceeded(
                f"Your memory is full: it holds {limit:,}. Nothing was saved and nothing was dropped; delete what you "
                "no longer need and try again."
            )


def _marked(memory: NewMemory, state: OwnerState) -> NewMemory:
    """Held for review where it must wait for the person's yes."""
    waits = must_wait(memory.text, memory.kind, ask_first=state.ask_first)
    return dataclasses.replace(memory, state="review") if waits else memory
