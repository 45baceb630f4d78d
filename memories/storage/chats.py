"""One owner's conversations in the database: each query names the owner."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.utils import timezone

from memories.chat_types import Conversation, ConversationPage, Mode
from memories.errors import ConversationNotFound
from memories.models import Conversation as ConversationRow
from memories.models import Memory
from memories.models import Message as MessageRow
from memories.owner import Owner
from memories.storage.erasing import erase_conversations
from memories.storage.guard import own

TEMPORARY_FOR = dt.timedelta(hours=24)
"""How long a temporary conversation is kept when it is not left before."""


class ConversationRows:
    """The queries. Bound to one owner at construction; no method takes another."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def alive(self) -> QuerySet[ConversationRow]:
        """What can be opened: a temporary one past its time is gone, even before it is purged."""
        live = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return ConversationRow.objects.filter(live, owner_id=self._owner.pk)

    def get(self, conversation_id: uuid.UUID) -> Conversation:
        """One conversation. ConversationNotFound."""
        return self.value(self.row(conversation_id))

    def row(self, conversation_id: uuid.UUID) -> ConversationRow:
        """The row itself. ConversationNotFound."""
        row = self.alive().filter(pk=conversation_id).first()
        if row is None:
            raise ConversationNotFound
        own(self._owner, row.owner_id, row.pk)
        return row

    def value(self, row: ConversationRow) -> Conversation:
        """A row as a value, looked at again."""
        own(self._owner, row.owner_id, row.pk)
        return Conversation(
            id=str(row.pk),
            title=row.title,
            mode=row.memory_mode,  # type: ignore[arg-type]  # the table's checks allow no other words
            created_at=row.created_at,
            updated_at=row.updated_at,
            expires_at=row.expires_at,
            left_out=tuple(row.left_out),
        )

    def create(self, mode: Mode) -> ConversationRow:
        """A new, empty conversation."""
        now = timezone.now()
        expires = now + TEMPORARY_FOR if mode == "temporary" else None
        return ConversationRow.objects.create(
            owner_id=self._owner.pk, memory_mode=mode, created_at=now, updated_at=now, expires_at=expires
        )

    def page(self, number: int, size: int) -> ConversationPage:
        """The kept conversations, last used first; one query. Temporary ones are not listed."""
        number = max(1, number)
        rows = self.alive().filter(expires_at=None).order_by("-updated_at", "-id")
        found = list(rows[(number - 1) * size : number * size + 1])
        return ConversationPage(
            items=tuple(self.value(row) for row in found[:size]), number=number, more=len(found) > size
        )

    def search(self, query: str, limit: int) -> ConversationPage:
        """Kept conversations whose title or turns hold each of the words, last used first; two queries."""
        rows = self.alive().filter(expires_at=None)
        turns = MessageRow.objects.filter(owner_id=self._owner.pk, held_until=None)
        for word in query.split()[:8]:
            inside = turns.filter(text__icontains=word).values("conversation_id")
            rows = rows.filter(Q(title__icontains=word) | Q(pk__in=inside))
        found = list(rows.order_by("-updated_at", "-id")[: limit + 1])
        return ConversationPage(
            items=tuple(self.value(row) for row in found[:limit]),
            number=1,
            more=len(found) > limit,
            found=self._excerpts(found[:limit], query),
        )

    def _excerpts(self, rows: Collection[ConversationRow], query: str) -> dict[str, str]:
        """For each conversation the words around the first find in its turns."""
        word = (query.split() or [""])[0]
        mine = MessageRow.objects.filter(owner_id=self._owner.pk, held_until=None)
        turns = mine.filter(conversation__in=rows, text__icontains=word)
        excerpts: dict[str, str] = {}
        for conversation_id, text in turns.order_by("position").values_list("conversation_id", "text")[:200]:
            excerpts.setdefault(str(conversation_id), _around(text, word))
        return excerpts

    def rename(self, conversation_id: uuid.UUID, title: str, *, by_hand: bool) -> None:
        """A title of the person's own stays; one made from the first turn gives way to it."""
        rows = self.alive().filter(pk=conversation_id)
        if not by_hand:
            rows = rows.filter(titled_by_hand=False)
        rows.update(title=title[:120], **({"titled_by_hand": True} if by_hand else {}))

    def delete(self, conversation_id: uuid.UUID) -> None:
        """The conversation with its turns and recall marks. Its memories stay, without their source."""
        erase_conversations(self._owner, self.alive().filter(pk=conversation_id))

    def memories_from(self, conversation_id: uuid.UUID) -> list[uuid.UUID]:
        """Ids of the listed memories that were said in this conversation, newest first; one query."""
        rows = Memory.objects.filter(owner_id=self._owner.pk, message__conversation_id=conversation_id, held_until=None)
        return list(rows.order_by("-created_at", "-id").values_list("pk", flat=True))

    def delete_expired(self) -> int:
        """Removes the temporary conversations whose time is over; how many there were."""
        rows = ConversationRow.objects.filter(owner_id=self._owner.pk, expires_at__lte=timezone.now())
        return erase_conversations(self._owner, rows)


def _around(text: str, word: str, room: int = 60) -> str:
    at = max(0, text.casefold().find(word.casefold()))
    start, end = max(0, at - room), at + len(word) + room
    return ("…" if start else "") + " ".join(text[start:end].split()) + ("…" if end < len(text) else "")
