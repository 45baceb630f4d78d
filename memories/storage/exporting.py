"""Hands out everything, a piece at a time: memory use does not grow with the size of the store."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from memories.models import Conversation, MemoryVersion, Message
from memories.models import Recall as RecallRow
from memories.owner import Owner
from memories.storage.details import Details
from memories.storage.guard import own
from memories.storage.memories import MemoryRows
from memories.transfer_types import Exported
from memories.types import Version

PIECE = 200


class Exporting:
    """Bound to one owner."""

    def __init__(self, owner: Owner) -> None:
        self._owner, self._rows, self._details = owner, MemoryRows(owner), Details(owner)

    def memories(self, ids: Sequence[uuid.UUID]) -> list[Exported]:
        """Those of these ids that are still there, in this order; four queries a piece."""
        rows = self._rows.listed().filter(pk__in=ids).select_related("message__conversation").defer("vector", "terms")
        found = {row.pk: row for row in rows}
        versions = self._versions(list(found))
        said = self._details.said([row.message_id for row in found.values() if row.message_id])
        return [
            Exported(
                memory=self._rows.value(row),
                versions=tuple(versions.get(row.pk, ())),
                said=said.get(row.message_id) if row.message_id else None,
                role=row.role,
                episode=str(row.episode) if row.episode else None,
                position=row.position,
            )
            for row in (found[key] for key in ids if key in found)
        ]

    def _versions(self, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Version]]:
        kept: dict[uuid.UUID, list[Version]] = {}
        rows = MemoryVersion.objects.filter(owner_id=self._owner.pk, memory_id__in=ids).order_by("memory_id", "number")
        for row in rows:
            own(self._owner, row.owner_id, row.pk)
            before = kept.setdefault(row.memory_id, [])
            old = before[-1].new_memory if before else None
            event: Any = "UPDATE" if before else "ADD"
            before.append(
                Version(number=row.number, event=event, old_memory=old, new_memory=row.text, created_at=row.created_at)
            )
        return kept

    def conversation_ids(self) -> list[uuid.UUID]:
        """The conversations that can be opened, oldest first."""
        live = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        rows = Conversation.objects.filter(live, owner_id=self._owner.pk).order_by("created_at", "id")
        return list(rows.values_list("pk", flat=True))

    def conversation(self, conversation_id: uuid.UUID) -> dict[str, Any] | None:
        """What the file says of a conversation before its turns; None when it is gone by now."""
        row = Conversation.objects.filter(owner_id=self._owner.pk, pk=conversation_id).first()
        if row is None:
            return None
        own(self._owner, row.owner_id, row.pk)
        return {
            "id": str(row.pk),
            "title": row.title,
            "memory": row.memory_mode,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
        }

    def turns(self, conversation_id: uuid.UUID, after: int) -> list[dict[str, Any]]:
        """The next turns of a conversation, in order; two queries."""
        rows = Message.objects.filter(owner_id=self._owner.pk, conversation_id=conversation_id, position__gt=after)
        piece = list(rows.filter(held_until=None).order_by("position")[:PIECE])
        used = self._used([row.pk for row in piece])
        return [self._turn(row, used.get(row.pk, [])) for row in piece]

    def _turn(self, row: Message, used: list[dict[str, Any]]) -> dict[str, Any]:
        own(self._owner, row.owner_id, row.pk)
        turn: dict[str, Any] = {
            "id": str(row.pk),
            "position": row.position,
            "role": row.role,
            "text": row.text,
            "status": row.status,
            "model": row.model,
            "created_at": row.created_at,
        }
        return turn | ({"given": row.given} if row.given else {}) | ({"used": used} if used else {})

    def _used(self, message_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[dict[str, Any]]]:
        marks: dict[uuid.UUID, list[dict[str, Any]]] = {}
        # What was deleted a moment ago is in no copy, also not as the words that a reply was given.
        listed = {"memory__owner_id": self._owner.pk, "memory__held_until": None}
        rows: QuerySet[RecallRow] = RecallRow.objects.filter(
            owner_id=self._owner.pk, message_id__in=message_ids, **listed
        )
        for row in rows.filter(relation="used").order_by("message_id", "rank"):
            own(self._owner, row.owner_id, row.pk)
            mark = {"memory_id": str(row.memory_id), "rank": row.rank, "score": row.score, "text": row.text}
            marks.setdefault(row.message_id, []).append(mark)
        return marks
