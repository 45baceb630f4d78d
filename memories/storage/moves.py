"""How far moves between engines have come, one row a person and direction."""

from __future__ import annotations

from django.utils import timezone

from memories.models import Move
from memories.owner import Owner


class Moves:
    """Bound to one owner."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def went_there(self) -> bool:
        """Whether the last move was to the platform, finished or not."""
        rows = Move.objects.filter(owner_id=self._owner.pk).order_by("-updated_at")
        return rows.values_list("to", flat=True).first() == "platform"

    def write(self, to: str, found: int, moved: int, stayed: int, *, verified: bool) -> None:
        """Inside a writing scope."""
        now = timezone.now()
        numbers = {"found": found, "moved": moved, "stayed": stayed, "updated_at": now}
        Move.objects.update_or_create(
            owner_id=self._owner.pk, to=to, defaults={**numbers, "verified_at": now if verified else None}
        )
