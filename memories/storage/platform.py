"""One owner's notes, open events and erasures beside mem0's hosted platform: each statement names the owner."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from django.db.models import F, Q
from django.utils import timezone

from memories.models import Disclosure, Message, OwnerState, PlatformErasure, PlatformEvent, PlatformNote
from memories.owner import Owner
from memories.storage import everyone
from memories.types import Memory

AGAIN = dt.timedelta(seconds=30)
"""Until the background pass looks again."""
CHUNK = 500
LOST = dt.timedelta(minutes=15)
"""How long something may still come of a call whose answer never reached us: the platform names no limit."""


UNANSWERED = Q(event_id__startswith="lost-")


def lost_until(event_id: str) -> dt.datetime | None:
    """Of a call whose answer never came: until when something may still come of it. None for a real event."""
    kind, _, rest = event_id.partition("-")
    return dt.datetime.fromtimestamp(int(rest.split("-")[0]), dt.UTC) if kind == "lost" else None


def _lost_name(until: dt.datetime) -> str:
    """In the place of the name that the platform has not told yet."""
    return f"lost-{int(until.timestamp())}-{uuid.uuid4().hex[:12]}"


class PlatformRows:
    """Bound to one owner. Call what writes inside a writing scope."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    # --- Notes --------------------------------------------------------------------------------------------------------
    def notes(self) -> dict[uuid.UUID, PlatformNote]:
        """Every note, by the memory's id; one query."""
        return {row.memory_id: row for row in PlatformNote.objects.filter(owner_id=self._owner.pk)}

    def note(self, memory_id: uuid.UUID) -> PlatformNote | None:
        """The note on one memory."""
        return PlatformNote.objects.filter(owner_id=self._owner.pk, memory_id=memory_id).first()

    def hidden(self) -> set[uuid.UUID]:
        """What was deleted and is not confirmed to be gone yet."""
        rows = PlatformNote.objects.filter(owner_id=self._owner.pk, held_until__isnull=False)
        return set(rows.values_list("memory_id", flat=True))

    def set_state(self, ids: Sequence[uuid.UUID], state: str) -> None:
        """`active`, `paused` or `review`, whatever it was."""
        self._ensure(ids)
        self._among(ids).update(state=state)

    def hold(self, digests: Mapping[uuid.UUID, str], until: dt.datetime) -> None:
        """Hides these; from then on they may be erased."""
        self._ensure(list(digests))
        for memory_id, digest in digests.items():
            rows = PlatformNote.objects.filter(owner_id=self._owner.pk, memory_id=memory_id)
            rows.update(held_until=until, digest=digest)

    def release(self, which: Q) -> list[PlatformNote]:
        """Takes back what is hidden, while its moment has not come; what it was."""
        still = Q(held_until__gt=timezone.now())
        rows = list(PlatformNote.objects.filter(which, still, owner_id=self._owner.pk))
        PlatformNote.objects.filter(owner_id=self._owner.pk, pk__in=[row.pk for row in rows]).update(
            held_until=None, digest=""
        )
        return rows

    def due(self) -> list[uuid.UUID]:
        """What is hidden and may be erased now."""
        rows = PlatformNote.objects.filter(owner_id=self._owner.pk, held_until__lte=timezone.now())
        return list(rows.order_by("held_until").values_list("memory_id", flat=True))

    def drop(self, memory_id: uuid.UUID) -> None:
        """The memory is gone: so is what was noted of it."""
        PlatformNote.objects.filter(owner_id=self._owner.pk, memory_id=memory_id).delete()

    def used(self, memories: Sequence[Memory]) -> None:
        """Counts one more use of each, now."""
        ids = [uuid.UUID(memory.id) for memory in memories]
        self._ensure(ids)
        self._among(ids).update(use_count=F("use_count") + 1, last_used_at=timezone.now())

    def _among(self, ids: Sequence[uuid.UUID]):  # type: ignore[no-untyped-def]  # a query set
        return PlatformNote.objects.filter(owner_id=self._owner.pk, memory_id__in=list(ids))

    def _ensure(self, ids: Sequence[uuid.UUID]) -> None:
        rows = [PlatformNote(owner_id=self._owner.pk, memory_id=memory_id) for memory_id in ids]
        PlatformNote.objects.bulk_create(rows, ignore_conflicts=True, batch_size=CHUNK)

    # --- Events -------------------------------------------------------------------------------------------------------
    def asking(self, message_id: uuid.UUID | None) -> PlatformEvent:
        """Writes down that the platform is about to be asked to read something, before it is: should its answer not
        reach us, this stays, and `manage.py tend` looks after it when nothing more can come."""
        now = timezone.now()
        return PlatformEvent.objects.create(
            owner_id=self._owner.pk,
            event_id=_lost_name(now + LOST),
            message_id=message_id,
            epoch=self.epoch(),
            asked_at=now,
            due_at=now + LOST,
        )

    def asked(self, event: PlatformEvent, event_id: str) -> PlatformEvent:
        """The platform has said by which name it knows what it was asked."""
        event.event_id, event.due_at = event_id, timezone.now() + AGAIN
        rows = PlatformEvent.objects.filter(owner_id=self._owner.pk, pk=event.pk)
        rows.update(event_id=event.event_id, due_at=event.due_at)
        return event

    def open_event(self, message_id: uuid.UUID) -> PlatformEvent | None:
        """What was asked about this turn and is not answered yet, where the platform said that it was."""
        rows = PlatformEvent.objects.filter(owner_id=self._owner.pk, message_id=message_id)
        return rows.exclude(UNANSWERED).first()

    def unanswered(self, message_id: uuid.UUID) -> bool:
        """Whether this turn was sent once without an answer, and something may still come of it."""
        rows = PlatformEvent.objects.filter(owner_id=self._owner.pk, message_id=message_id)
        return rows.filter(UNANSWERED).exists()

    def due_events(self) -> list[PlatformEvent]:
        """Open events of no turn, and of turns that are gone, that are to be looked at."""
        rows = PlatformEvent.objects.filter(owner_id=self._owner.pk, due_at__lte=timezone.now())
        pending = Message.objects.filter(owner_id=self._owner.pk, memory_state="pending").values("pk")
        return list(rows.filter(UNANSWERED | ~Q(message_id__in=pending) | Q(message_id=None)).order_by("due_at"))

    def pending(self) -> int:
        """How many events are open."""
        return PlatformEvent.objects.filter(owner_id=self._owner.pk).exclude(UNANSWERED).count()

    def open_since(self) -> dt.datetime | None:
        """When the oldest open event was asked for; None where there is none. One query."""
        rows = PlatformEvent.objects.filter(owner_id=self._owner.pk).order_by("asked_at")
        return rows.values_list("asked_at", flat=True).first()

    def put_off(self, event: PlatformEvent) -> None:
        """Looks again later."""
        PlatformEvent.objects.filter(owner_id=self._owner.pk, pk=event.pk).update(due_at=timezone.now() + AGAIN)

    def close(self, event: PlatformEvent) -> bool:
        """Answered; False when somebody else closed it first."""
        return bool(PlatformEvent.objects.filter(owner_id=self._owner.pk, pk=event.pk).delete()[0])

    # --- Around -------------------------------------------------------------------------------------------------------
    def digest_key(self) -> bytes | None:
        """The key of the owner's marks; None for a newcomer, who has none."""
        keys = OwnerState.objects.filter(owner_id=self._owner.pk).values_list("digest_key", flat=True)
        return next((bytes(key) for key in keys), None)

    def epoch(self) -> int:
        """Grows with every wipe."""
        return OwnerState.objects.filter(owner_id=self._owner.pk).values_list("epoch", flat=True).first() or 0

    def hold_turn(self, message_id: uuid.UUID, until: dt.datetime) -> None:
        """Hides the turn a memory came from; it is erased when the moment has come."""
        Message.objects.filter(owner_id=self._owner.pk, pk=message_id, held_until=None).update(held_until=until)

    def release_turns(self, until: dt.datetime) -> None:
        """Brings back the turns that were hidden together."""
        Message.objects.filter(owner_id=self._owner.pk, held_until=until).update(held_until=None)

    def disclose(self, provider: str, message_id: uuid.UUID | None) -> None:
        """Writes down that a turn is sent to the platform to be read, before it is."""
        Disclosure.objects.create(
            owner_id=self._owner.pk,
            at=timezone.now(),
            provider=provider[:120],
            model="mem0",
            purpose="learning",
            message_id=message_id,
            memory_ids=[],
        )


class PlatformErasures:
    """Of one namespace, whose account may be gone. Not bound to an owner for that reason; holds ids and numbers."""

    def __init__(self, namespace: uuid.UUID) -> None:
        self._namespace = namespace

    def ask(self, receipt_id: uuid.UUID | None, waits_for: Sequence[str]) -> PlatformErasure:
        """Writes down that everything under the namespace is to go, in the transaction of the erasure itself."""
        now = timezone.now()
        return PlatformErasure.objects.create(
            namespace=self._namespace, receipt_id=receipt_id, waits_for=list(waits_for), created_at=now, due_at=now
        )

    def unconfirmed(self) -> bool:
        """Whether something asked for is not known to be gone."""
        return PlatformErasure.objects.filter(namespace=self._namespace, confirmed_at=None).exists()


def open_events_of(owner: Owner) -> list[str]:
    """Events whose outcome an erasure has to wait for."""
    return list(PlatformEvent.objects.filter(owner_id=owner.pk).values_list("event_id", flat=True))


def platform_erasures(receipt_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, PlatformErasure]:
    """How far the platform is with what these receipts tell of, by receipt; one query."""
    rows = PlatformErasure.objects.filter(receipt_id__in=list(receipt_ids))
    return {row.receipt_id: row for row in rows if row.receipt_id}


def due_erasures(limit: int) -> list[PlatformErasure]:
    """The erasures to go on with, the longest waiting first; for the background pass."""
    rows = PlatformErasure.objects.filter(confirmed_at=None, due_at__lte=timezone.now())
    return list(rows.order_by("due_at")[:limit])


def owners_with_platform_work(limit: int) -> list[int]:
    """Who has deletions or events to be followed up: keys of owners alone, for the background pass."""
    return everyone.owners("owners_with_platform_work", timezone.now(), limit)
