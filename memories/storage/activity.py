"""The log of what was done to one person's data: appended within each verb's own transaction, never changed."""

from __future__ import annotations

import uuid

from django.utils import timezone

from memories.models import Activity
from memories.owner import Door, Owner


class ActivityLog:
    """Bound to one owner and to the door they came through. Holds no content, ever."""

    def __init__(self, owner: Owner, door: Door) -> None:
        self._owner, self._door = owner, door

    def append(self, verb: str, *, object_id: uuid.UUID | None = None, count: int = 1) -> None:
        """One line. Call it inside the transaction of what it tells of."""
        door = self._door
        Activity.objects.create(
            owner_id=self._owner.pk,
            at=timezone.now(),
            verb=verb,
            object_id=object_id,
            count=count,
            via=door.via,
            device=door.device[:60],
            address=door.address[:45],
            actor=door.actor,
            reason=door.reason[:200],
        )
