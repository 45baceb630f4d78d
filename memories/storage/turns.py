"""One owner's turns in the database: written once, answered once, edited behind the same owner."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from memories.chat_types import Fact, Message
from memories.errors import ConversationNotFound
from memories.models import Conversation as ConversationRow
from memories.models import Memory, Recall
from memories.models import Message as MessageRow
from memories.owner import Owner
from memories.storage.erasing import erase_messages
from memories.storage.guard import own


class TurnRows:
    """The queries. Bound to one owner at construction; no method takes another."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def all(self) -> QuerySet[MessageRow]:
        """What is shown: every turn of the owner's but those deleted a moment ago."""
        return self._every().filter(held_until=None)

    def _every(self) -> QuerySet[MessageRow]:
        return MessageRow.objects.filter(owner_id=self._owner.pk)

    def row(self, message_id: uuid.UUID, *, conversation_id: uuid.UUID | None = None) -> MessageRow:
        """One turn with its conversation. ConversationNotFound, also when it is of another conversation."""
        rows = self.all().filter(pk=message_id).select_related("conversation")
        if conversation_id is not None:
            rows = rows.filter(conversation_id=conversation_id)
        row = rows.first()
        if row is None or (row.conversation.expires_at and row.conversation.expires_at <= timezone.now()):
            raise ConversationNotFound
        own(self._owner, row.owner_id, row.pk)
        own(self._owner, row.conversation.owner_id, row.conversation.pk)
        return row

    def with_nonce(self, nonce: str) -> MessageRow | None:
        """The turn that this press of Send already became."""
        return self.all().filter(nonce=nonce).select_related("conversation").first()

    def reply_to(self, turn: MessageRow) -> MessageRow | None:
        """The reply that follows a turn."""
        later = self.all().filter(conversation_id=turn.conversation_id, position__gt=turn.position)
        row = later.order_by("position").first()
        return row if row and row.role == "assistant" else None

    def before(self, row: MessageRow, limit: int) -> list[MessageRow]:
        """Up to `limit` turns that came before, oldest first."""
        rows = self.all().filter(conversation_id=row.conversation_id, position__lt=row.position)
        return list(rows.order_by("-position")[:limit])[::-1]

    def write(self, conversation: ConversationRow, role: str, text: str, **fields: Any) -> MessageRow:
        """Adds a turn at the end. Inside a writing scope: the place is the last plus one."""
        now = timezone.now()
        rows = self._every().filter(conversation_id=conversation.pk)
        last: int = rows.aggregate(last=Max("position"))["last"] or 0
        conversation.updated_at = now
        conversation.save(update_fields=["updated_at"])
        return MessageRow.objects.create(
            owner_id=self._owner.pk,
            conversation=conversation,
            position=last + 1,
            role=role,
            text=text,
            created_at=now,
            updated_at=now,
            **fields,
        )

    def delete_after(self, row: MessageRow) -> None:
        """Removes what came after a turn: a rerun starts from there."""
        later = self._every().filter(conversation_id=row.conversation_id, position__gt=row.position)
        erase_messages(self._owner, later)

    def last(self, conversation_id: uuid.UUID, *, before: int | None, limit: int) -> list[MessageRow]:
        """The newest turns of a conversation (before a place), oldest first; one query."""
        rows = self.all().filter(conversation_id=conversation_id)
        if before is not None:
            rows = rows.filter(position__lt=before)
        return list(rows.order_by("-position")[:limit])[::-1]

    # --- Provenance ---------------------------------------------------------------------------------------------------
    def saved_by(self, message_ids: list[uuid.UUID]) -> dict[uuid.UUID, list[Fact]]:
        """Per turn the memories it caused, in order; one query."""
        rows = Memory.objects.filter(owner_id=self._owner.pk, message_id__in=message_ids, held_until=None)
        found: dict[uuid.UUID, list[Fact]] = {}
        for row in rows.defer("vector", "terms").order_by("created_at", "id"):
            own(self._owner, row.owner_id, row.pk)
            if row.message_id:
                found.setdefault(row.message_id, []).append(fact_of(row))
        return found

    def recalls(self, message_ids: list[uuid.UUID]) -> dict[tuple[uuid.UUID, str], list[Fact]]:
        """Per turn and relation (`used`, `known`) the memories, best first; one query."""
        mine = {"owner_id": self._owner.pk, "memory__owner_id": self._owner.pk}
        rows = Recall.objects.filter(message_id__in=message_ids, memory__held_until=None, **mine)
        rows = rows.select_related("memory__message__conversation").defer("memory__vector", "memory__terms")
        found: dict[tuple[uuid.UUID, str], list[Fact]] = {}
        for row in rows.order_by("rank", "id"):
            own(self._owner, row.memory.owner_id, row.memory.pk)
            fact = fact_of(row.memory, text=row.text, score=row.score)
            found.setdefault((row.message_id, row.relation), []).append(fact)
        return found

    def mark_known(self, message_id: uuid.UUID, memory_ids: list[uuid.UUID]) -> None:
        """Writes down which memories a turn said again, as they read now."""
        now = timezone.now()
        there = Memory.objects.filter(owner_id=self._owner.pk, pk__in=memory_ids, held_until=None)
        marks = [
            Recall(
                owner_id=self._owner.pk,
                message_id=message_id,
                memory=row,
                relation="known",
                rank=rank,
                text=row.text,
                created_at=now,
            )
            for rank, row in enumerate(there.defer("vector", "terms"))
        ]
        Recall.objects.bulk_create(marks, ignore_conflicts=True)

    def facts(self, memory_ids: list[uuid.UUID]) -> dict[str, Fact]:
        """The listed memories with these ids; one query."""
        rows = Memory.objects.filter(owner_id=self._owner.pk, pk__in=memory_ids, held_until=None)
        found: dict[str, Fact] = {}
        for row in rows.defer("vector", "terms"):
            own(self._owner, row.owner_id, row.pk)
            found[str(row.pk)] = fact_of(row)
        return found


def fact_of(row: Memory, *, text: str | None = None, score: float | None = None) -> Fact:
    """A memory's row as a turn shows it. The source turn is read only where it was joined."""
    joined = "message" in row._state.fields_cache
    chat = row.message.conversation if joined and row.message else None
    return Fact(
        id=str(row.pk),
        text=row.text if text is None else text,
        current=row.text,
        kind=row.kind,  # type: ignore[arg-type]  # the table's checks allow no other words
        state=row.state,  # type: ignore[arg-type]
        version=row.version,
        said_at=row.created_at,
        source=row.source,
        score=score,
        conversation_id=str(chat.pk) if chat and not chat.expires_at else None,
        conversation_title=chat.title if chat else "",
        message_id=str(row.message_id) if row.message_id else None,
    )


def message_of(row: MessageRow, **extra: Any) -> Message:
    """A turn's row as a value."""
    learned: Mapping[str, Any] = row.learned or {}
    return Message(
        id=str(row.pk),
        conversation_id=str(row.conversation_id),
        position=row.position,
        role=row.role,  # type: ignore[arg-type]  # the table's checks allow no other words
        text=row.text,
        created_at=row.created_at,
        updated_at=row.updated_at,
        reasoning=row.reasoning,
        status=row.status,  # type: ignore[arg-type]
        error=row.error,
        model=row.model,
        asks=row.asks,
        given=tuple(row.given),
        learning=row.memory_state,  # type: ignore[arg-type]
        late=bool(learned.get("late")),
        full=bool(learned.get("full")),
        refused=tuple(learned.get("refused", ())),
        **extra,
    )
