"""A reply's row while it is being written. Each statement holds only as long as the row still says `streaming`, so that
whoever ends it (Stop, a deleted chat, a wipe) is obeyed by the worker at its next write."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import QuerySet
from django.utils import timezone

from memories.models import Message as MessageRow
from memories.owner import Owner
from memories.storage import everyone
from memories.storage.owner_scope import reading

ABANDONED_AFTER = dt.timedelta(seconds=20)
"""A worker touches its row every few seconds; after this much silence it is dead."""
ABANDONED = "The server stopped while this was being written. What had come is kept; try again."


class ReplyRows:
    """The statements. Bound to one owner at construction; no method takes another."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def _streaming(self) -> QuerySet[MessageRow]:
        return MessageRow.objects.filter(owner_id=self._owner.pk, role="assistant", status="streaming")

    def keep(self, reply_id: uuid.UUID, text: str, reasoning: str) -> bool:
        """Writes what has come so far and shows that the worker lives; False when the reply was ended elsewhere."""
        rows = self._streaming().filter(pk=reply_id)
        return bool(rows.update(text=text, reasoning=reasoning, updated_at=timezone.now()))

    def close(self, reply_id: uuid.UUID, *, status: str, text: str, reasoning: str, error: str = "") -> bool:
        """Ends the reply, once; False when it was ended elsewhere (its last text is then kept as it was)."""
        rows = self._streaming().filter(pk=reply_id)
        now = timezone.now()
        return bool(rows.update(status=status, text=text, reasoning=reasoning, error=error[:300], updated_at=now))

    def stop(self, conversation_id: uuid.UUID, reply_id: uuid.UUID | None = None) -> int:
        """Ends what is being written in a conversation, keeping the text that has come."""
        rows = self._streaming().filter(conversation_id=conversation_id)
        if reply_id is not None:
            rows = rows.filter(pk=reply_id)
        return rows.update(status="stopped", updated_at=timezone.now())

    def settle(self, reply_id: uuid.UUID, text: str, reasoning: str) -> None:
        """After a Stop: the words that were shown but not yet written join the row."""
        rows = MessageRow.objects.filter(owner_id=self._owner.pk, pk=reply_id, status="stopped")
        rows.update(text=text, reasoning=reasoning)

    def close_abandoned(self) -> int:
        """Ends the owner's replies whose worker is dead, keeping their text; how many there were."""
        now = timezone.now()
        rows = self._streaming().filter(updated_at__lt=now - ABANDONED_AFTER)
        return rows.update(status="failed", error=ABANDONED, updated_at=now)


def close_all_abandoned(limit: int = 100) -> int:
    """The same for everyone, one owner after the other, for the background pass."""
    closed = 0
    for owner in everyone.people("owners_with_abandoned", timezone.now() - ABANDONED_AFTER, limit):
        with reading(owner):
            closed += ReplyRows(owner).close_abandoned()
    return closed
