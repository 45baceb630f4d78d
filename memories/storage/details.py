"""Everything that belongs to one memory: the turn it was said in, its versions, the replies it was used in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from memories.data_types import Detail, Said, Use
from memories.models import Message
from memories.models import Recall as RecallRow
from memories.owner import Owner
from memories.storage.guard import own
from memories.storage.memories import MemoryRows

USES = 50


class Details:
    """Bound to one owner."""

    def __init__(self, owner: Owner) -> None:
        self._owner, self._rows = owner, MemoryRows(owner)

    def of(self, memory_id: uuid.UUID) -> Detail:
        """One memory with all that belongs to it; five queries. MemoryNotFound."""
        memory = self._rows.get(memory_id)
        said = self.said([uuid.UUID(memory.message_id)]) if memory.message_id else {}
        return Detail(
            memory=memory,
            said=said.get(uuid.UUID(memory.message_id)) if memory.message_id else None,
            versions=tuple(self._rows.history(memory_id)),
            uses=tuple(self._uses(memory_id)),
        )

    def said(self, message_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Said]:
        """The turns with these ids that can still be opened; one query."""
        live = Q(conversation__expires_at=None) | Q(conversation__expires_at__gt=timezone.now())
        rows = Message.objects.filter(live, owner_id=self._owner.pk, pk__in=list(message_ids), held_until=None)
        rows = rows.select_related("conversation").annotate(last=self._last("conversation"))
        return {row.pk: self._said(row, row.last) for row in rows}

    def _said(self, row: Message, last: int | None) -> Said:
        own(self._owner, row.owner_id, row.pk)
        own(self._owner, row.conversation.owner_id, row.conversation_id)
        return Said(
            conversation_id=str(row.conversation_id),
            title=row.conversation.title,
            message_id=str(row.pk),
            position=row.position,
            last=last or row.position,
            role=row.role,
            text=row.text,
            at=row.created_at,
        )

    def _uses(self, memory_id: uuid.UUID) -> list[Use]:
        marks = RecallRow.objects.filter(owner_id=self._owner.pk, memory_id=memory_id, relation="used")
        rows = marks.select_related("message__conversation").annotate(last=self._last("message__conversation"))
        return [self._use(row, row.last) for row in rows.order_by("-created_at", "-pk")[:USES]]

    def _use(self, row: RecallRow, last: int | None) -> Use:
        said = self._said(row.message, last)
        return Use(
            conversation_id=said.conversation_id,
            title=said.title,
            message_id=said.message_id,
            position=said.position,
            last=said.last,
            at=row.created_at,
            text=row.text,
        )

    def _last(self, conversation: str) -> Subquery:
        """The place of the newest turn of the row's conversation."""
        turns = Message.objects.filter(owner_id=self._owner.pk, conversation_id=OuterRef(f"{conversation}_id"))
        return Subquery(turns.order_by("-position").values("position")[:1])
