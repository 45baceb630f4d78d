"""What one person asked to forget, as keyed hashes: enough to know it again, not enough to read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from memories.models import Memory, MemoryVersion, OwnerState, Tombstone
from memories.owner import Owner
from memories.storage.digests import digest

# One statement, however many memories: they never come through Python.
LAY_ALL = (
    "INSERT INTO memories_tombstone (owner_id, digest, created_at) "
    "SELECT DISTINCT owner_id, digest, {now} FROM memories_memory WHERE owner_id = %s ON CONFLICT DO NOTHING"
)


class Tombstones:
    """Bound to one owner."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def lay(self, digests: Iterable[str]) -> None:
        """Remembers that these were forgotten; twice is once."""
        now = timezone.now()
        rows = [Tombstone(owner_id=self._owner.pk, digest=digest, created_at=now) for digest in set(digests)]
        Tombstone.objects.bulk_create(rows, ignore_conflicts=True, batch_size=400)

    def lay_for(self, rows: QuerySet[Memory], state: OwnerState) -> None:
        """For these memories, in their present and in every earlier text: an old chat may hold any of them."""
        chosen = rows.filter(owner_id=self._owner.pk)
        self.lay(chosen.values_list("digest", flat=True))
        self.lay_versions(chosen, state)

    def lay_all(self, state: OwnerState) -> None:
        """For every memory there is, before a wipe."""
        everything = Memory.objects.filter(owner_id=self._owner.pk)
        with connection.cursor() as cursor:
            now = connection.ops.adapt_datetimefield_value(timezone.now())
            cursor.execute(LAY_ALL.format(now="%s"), [now, self._owner.pk])
        self.lay_versions(everything, state)

    def lay_versions(self, memories: QuerySet[Memory], state: OwnerState) -> None:
        """For the earlier texts of these memories."""
        self.lay(self._versions(memories, state))

    def lay_corrected(self, memories: QuerySet[Memory], state: OwnerState) -> None:
        """For the earlier texts of memories that go on elsewhere without them: what was corrected stays corrected. What
        some memory still says is left out, for that is not forgotten."""
        said = Memory.objects.filter(owner_id=self._owner.pk).values_list("digest", flat=True)
        self.lay(set(self._versions(memories, state)) - set(said))

    def _versions(self, memories: QuerySet[Memory], state: OwnerState) -> Iterator[str]:
        texts = MemoryVersion.objects.filter(owner_id=self._owner.pk, memory_id__in=memories.order_by().values("pk"))
        key = bytes(state.digest_key)
        return (digest(key, text) for text in texts.values_list("text", flat=True).iterator(chunk_size=2000))

    def lift(self, digests: Iterable[str]) -> None:
        """The person decided anew: these may be remembered again."""
        Tombstone.objects.filter(owner_id=self._owner.pk, digest__in=list(digests)).delete()

    def among(self, digests: Iterable[str]) -> set[str]:
        """Which of these were forgotten; one query for 500."""
        wanted, found = list(digests), set[str]()
        # Databases limit how many values a statement may carry.
        for start in range(0, len(wanted), 500):
            rows = Tombstone.objects.filter(owner_id=self._owner.pk, digest__in=wanted[start : start + 500])
            found |= set(rows.values_list("digest", flat=True))
        return found


def forgotten(owner: Owner, text: str) -> bool:
    """Whether this text is one of those that this person had forgotten."""
    state = OwnerState.objects.filter(owner_id=owner.pk).first()
    return state is not None and bool(Tombstones(owner).among([digest(bytes(state.digest_key), text)]))
