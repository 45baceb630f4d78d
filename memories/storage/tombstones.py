"""What one person asked to forget, as keyed hashes: enough to know it again, not enough to read it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from memories.models import Tombstone
from memories.owner import Owner


class Tombstones:
    """Bound to one owner."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def lay(self, digests: Iterable[str]) -> None:
        """Remembers that these were forgotten; twice is once."""
        now = timezone.now()
        rows = [Tombstone(owner_id=self._owner.pk, digest=digest, created_at=now) for digest in set(digests)]
        Tombstone.objects.bulk_create(rows, ignore_conflicts=True, batch_size=400)

    def lift(self, digests: Iterable[str]) -> None:
        """The person decided anew: these may be remembered again."""
        Tombstone.objects.filter(owner_id=self._owner.pk, digest__in=list(digests)).delete()

    def among(self, digests: Iterable[str]) -> set[str]:
        """Which of these were forgotten; one query."""
        rows = Tombstone.objects.filter(owner_id=self._owner.pk, digest__in=list(digests))
        return set(rows.values_list("digest", flat=True))
