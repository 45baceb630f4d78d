"""Everything that belongs to one memory: the turn it was said in, its versions, the replies it was used in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import Q
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
        rows = Message.objects.filter(live, owner_id=self._owner.pk, pk__in=list(message_ids))
        return {row.pk: self._said(row) for row in rows.select_related("conversation")}

    def _said(self, row: Message) -> Said:
        own(self._owner, row.owner_id, row.pk)
        own(self._owner, row.conversation.owner_id, row.conversation_id)
        return Said(
            conversation_id=str(row.conversation_id),
            title=row.conversation.title,
            message_id=str(row.pk),
            position=row.position,
            role=row.role,
            text=row.text,
            at=row.created_at,
        )

    def _uses(self, memory_id: uuid.UUID) -> list[Use]:
        marks = RecallRow.objects.filter(owner_id=self._owner.pk, memory_id=memory_id, relation="used")
        rows = marks.select_related("message__conversation").order_by("-created_at", "-pk")[:USES]
        return [self._use(row) for row in rows]

    def _use(self, row: RecallRow) -> Use:
        said = self._said(row.message)
        return Use(
            conversation_id=said.conversation_id,
            title=said.title,
            message_id=said.message_id,
            position=said.position,
            at=row.created_at,
            text=row.text,
        )
