"""Writes entries of a file as memories, and conversations as conversations: with their own ids, dates and versions."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from memories.models import Conversation, Memory, MemoryVersion, Message
from memories.models import Recall as RecallRow
from memories.models.base import new_id
from memories.owner import Owner
from memories.storage.memories import MemoryRows, NewMemory
from memories.transfer_types import Chat, Entry

Coming = tuple[Entry, NewMemory, str]
"""An entry, what was computed for it, and its digest."""


class Arriving:
    """Bound to one owner; call it inside a writing scope."""

    def __init__(self, owner: Owner, job_id: uuid.UUID) -> None:
        self._owner, self._job_id, self._rows = owner, job_id, MemoryRows(owner)

    def ids_there(self, entries: Sequence[Entry]) -> set[uuid.UUID]:
        """Which of the entries' own ids are there already, held ones included."""
        wanted = [entry.id for entry in entries if entry.id]
        return set(self._rows.all().filter(pk__in=wanted).values_list("pk", flat=True))

    def write(self, coming: Sequence[Coming]) -> None:
        """The memories and their earlier texts."""
        now = timezone.now()
        turns = self._turns_there(entry.message_id for entry, _, _ in coming if entry.message_id)
        rows = [
            self._row(entry, new, digest, now + dt.timedelta(microseconds=place), turns)
            for place, (entry, new, digest) in enumerate(coming)
        ]
        Memory.objects.bulk_create(rows, batch_size=400)
        versions = [
            MemoryVersion(owner_id=self._owner.pk, memory=row, number=number, text=text, created_at=at)
            for row, (entry, _, _) in zip(rows, coming, strict=True)
            for number, text, at in entry.versions
        ]
        MemoryVersion.objects.bulk_create(versions, batch_size=400)

    def _row(
        self, entry: Entry, new: NewMemory, digest: str, now: dt.datetime, turns: Mapping[uuid.UUID, uuid.UUID]
    ) -> Memory:
        created = entry.created_at or now
        return Memory(
            id=entry.id or new_id(),
            owner_id=self._owner.pk,
            text=new.text,
            terms=new.terms,
            digest=digest,
            vector=new.vector,
            embedder=new.embedder,
            source=entry.source,
            kind=entry.kind,
            state=entry.state,
            role=entry.role,
            episode=entry.episode,
            position=entry.position,
            version=entry.version,
            created_at=created,
            updated_at=entry.updated_at or created,
            expires_at=entry.expires_at,
            use_count=entry.use_count,
            last_used_at=entry.last_used_at,
            message_id=turns.get(entry.message_id) if entry.message_id else None,
        )

    def _turns_there(self, message_ids: Any) -> dict[uuid.UUID, uuid.UUID]:
        """For each turn a file names, the owner's turn that it is now: itself, or the copy this import made."""
        copies = {copy: key for key in message_ids for copy in (self.copy_of(key), key)}
        there = Message.objects.filter(owner_id=self._owner.pk, pk__in=list(copies)).values_list("pk", flat=True)
        return {copies[found]: found for found in there}

    def copy_of(self, key: uuid.UUID) -> uuid.UUID:
        """The id that this import gives to a row which cannot keep its own."""
        return uuid.uuid5(self._job_id, str(key))

    # --- Conversations ------------------------------------------------------------------------------------------------
    def write_chats(self, chats: Sequence[Chat]) -> int:
        """Those that are not there yet; returns how many."""
        rows = Conversation.objects.filter(owner_id=self._owner.pk, pk__in=[chat.id for chat in chats])
        there = set(rows.values_list("pk", flat=True))
        new = [chat for chat in chats if chat.id not in there]
        for chat in new:
            self._write_chat(chat)
        return len(new)

    def _write_chat(self, chat: Chat) -> None:
        row = Conversation.objects.create(
            id=chat.id,
            owner_id=self._owner.pk,
            title=chat.title,
            titled_by_hand=True,
            created_at=chat.created_at,
            updated_at=chat.updated_at,
        )
        ids = [uuid.UUID(turn["id"]) for turn in chat.turns]
        there = set(Message.objects.filter(owner_id=self._owner.pk, pk__in=ids).values_list("pk", flat=True))
        turns = [
            Message(
                id=self.copy_of(key) if key in there else key,
                owner_id=self._owner.pk,
                conversation=row,
                position=place,
                role=turn["role"],
                text=turn["text"],
                status=turn["status"],
                model=turn["model"],
                given=turn.get("given", []),
                created_at=turn["created_at"],
                updated_at=turn["created_at"],
            )
            for place, (key, turn) in enumerate(zip(ids, chat.turns, strict=True), start=1)
        ]
        Message.objects.bulk_create(turns, batch_size=400)

    def write_marks(self, marks: Sequence[Mapping[str, Any]]) -> None:
        """Which reply was given which memory, where both are there and the mark is not."""
        found = self._turns_there({uuid.UUID(mark["message_id"]) for mark in marks})
        keys = {uuid.UUID(mark["memory_id"]) for mark in marks}
        memories = set(self._rows.all().filter(pk__in=keys).values_list("pk", flat=True))
        rows = [
            RecallRow(
                owner_id=self._owner.pk,
                message_id=found[uuid.UUID(mark["message_id"])],
                memory_id=uuid.UUID(mark["memory_id"]),
                rank=mark["rank"],
                score=mark["score"],
                text=mark["text"],
                created_at=mark["at"],
            )
            for mark in marks
            if uuid.UUID(mark["message_id"]) in found and uuid.UUID(mark["memory_id"]) in memories
        ]
        RecallRow.objects.bulk_create(rows, ignore_conflicts=True, batch_size=400)
