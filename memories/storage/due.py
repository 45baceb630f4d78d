"""Turns that are still to be read for memories. The turn is the job: a lease in its row, no queue beside it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from typing import Any

from django.db.models import F
from django.utils import timezone

from memories.models import Message as MessageRow
from memories.owner import Owner
from memories.storage import everyone

LEASE = dt.timedelta(minutes=3)
"""Longer than a model may take to answer: only then may another worker take the turn."""
GRACE = dt.timedelta(minutes=1)
"""The process that took the turn learns right after the reply; others wait this long before they step in."""
ATTEMPTS = 5
"""After so many failures the page says so and offers Retry; nothing is tried by itself any more."""


@dataclasses.dataclass(frozen=True, slots=True)
class Claim:
    """The right to learn from one turn, for the length of the lease."""

    message_id: uuid.UUID
    attempt: int
    """From 1; a later claim has a higher number, and only the highest may settle the turn."""
    text: str
    said_at: dt.datetime
    """When the turn got these words: what is read of them counts only while it still has them."""
    conversation_id: uuid.UUID
    position: int


class DueRows:
    """The statements. Bound to one owner at construction; no method takes another."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def claim(self, message_id: uuid.UUID) -> Claim | None:
        """Takes the turn; None when there is nothing left to learn from it, or another worker has it."""
        mine = MessageRow.objects.filter(owner_id=self._owner.pk, role="user", held_until=None)
        rows = mine.filter(pk=message_id, memory_state="pending")
        row = rows.first()
        now = timezone.now()
        if row is None or (row.attempts and row.due_at and row.due_at > now):
            return None
        # Compared again in the statement: of two workers that read the same row, one gets it, and neither gets words
        # that were edited away in between.
        same = rows.filter(attempts=row.attempts, updated_at=row.updated_at)
        taken = same.update(attempts=F("attempts") + 1, due_at=now + LEASE)
        if not taken:
            return None
        return Claim(row.pk, row.attempts + 1, row.text, row.updated_at, row.conversation_id, row.position)

    def settle(self, claim: Claim, state: str, learned: dict[str, Any] | None) -> bool:
        """Writes what came of it; False when the turn was taken over, edited or deleted meanwhile."""
        rows = MessageRow.objects.filter(
            owner_id=self._owner.pk, pk=claim.message_id, memory_state="pending", attempts=claim.attempt
        )
        return bool(rows.update(memory_state=state, learned=learned, due_at=None))

    def put_off(self, claim: Claim, *, until: dt.datetime | None = None) -> None:
        """Tries again later: 30 seconds, then 1, 2, 4 minutes; at last `failed`. Or at a moment that is known."""
        rows = MessageRow.objects.filter(
            owner_id=self._owner.pk, pk=claim.message_id, memory_state="pending", attempts=claim.attempt
        )
        if until is not None:
            rows.update(due_at=until, attempts=0, learned={"late": True})
        elif claim.attempt >= ATTEMPTS:
            rows.update(memory_state="failed", due_at=None, learned=None)
        else:
            wait = dt.timedelta(seconds=30) * 2 ** (claim.attempt - 1)
            rows.update(due_at=timezone.now() + wait, learned={"late": True})

    def ask_again(self, message_id: uuid.UUID) -> bool:
        """The person pressed Retry: from the start, at once."""
        rows = MessageRow.objects.filter(owner_id=self._owner.pk, pk=message_id, role="user")
        rows = rows.filter(memory_state__in=["failed", "pending"])
        return bool(rows.update(memory_state="pending", attempts=0, due_at=timezone.now(), learned=None))

    def may_be_read(self, message_id: uuid.UUID) -> bool:
        """Whether the turn was neither deleted nor is about to be, and no wipe has taken it off what is to be read: a
        wipe leaves those that still were "off", and one may have come since this one was taken up."""
        turns = MessageRow.objects.filter(owner_id=self._owner.pk, pk=message_id, held_until=None)
        return turns.exclude(memory_state="off").exists()

    def said_at(self, message_id: uuid.UUID) -> dt.datetime | None:
        """When the turn got the words it has now; None when it is gone."""
        turns = MessageRow.objects.filter(owner_id=self._owner.pk, pk=message_id)
        return turns.values_list("updated_at", flat=True).first()

    def drop_refused(self, message_id: uuid.UUID, text: str) -> None:
        """The offer to remember again was taken or turned down."""
        row = MessageRow.objects.filter(owner_id=self._owner.pk, pk=message_id).first()
        if row is None or not row.learned:
            return
        row.learned["refused"] = [kept for kept in row.learned.get("refused", []) if kept != text]
        row.save(update_fields=["learned"])

    def drop_clash(self, message_id: uuid.UUID, newer: str, older: str) -> None:
        """The question which of two memories holds was answered."""
        row = MessageRow.objects.filter(owner_id=self._owner.pk, pk=message_id).first()
        if row is None or not row.learned:
            return
        row.learned["clashes"] = [pair for pair in row.learned.get("clashes", []) if pair != [newer, older]]
        row.save(update_fields=["learned"])


def due(limit: int) -> list[tuple[int, uuid.UUID]]:
    """Owner and turn of what is due, the longest waiting first; for the background pass."""
    return [(whose, turn) for whose, turn in everyone.ask("due_turns", moment=timezone.now(), most=limit)]
