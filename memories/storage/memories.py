"""One owner's memories in the database: each query names the owner, each row is looked at again on the way out."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from memories.errors import MemoryNotFound
from memories.models import Memory, MemoryVersion
from memories.models import Recall as RecallRow
from memories.models.base import new_id
from memories.owner import Owner
from memories.storage.expiring import Expiring
from memories.storage.guard import own
from memories.types import Filter, Kind, Page, Source, State, Version
from memories.types import Memory as MemoryValue

CHUNK = 500
"""Ids named in one statement."""
ORDERS = {
    "newest": ("-created_at", "-id"),
    "oldest": ("created_at", "id"),
    "most used": ("-use_count", "-created_at", "-id"),
}


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class NewMemory:
    """A memory about to be written: everything that had to be computed outside the transaction."""

    text: str
    terms: str
    vector: bytes
    embedder: str
    kind: Kind = "stated"
    source: Source = "chat"
    state: State = "active"
    role: str = "user"
    episode: uuid.UUID | None = None
    position: int = 0
    message_id: uuid.UUID | None = None
    id: uuid.UUID | None = None
    """Given where the row must keep an id it already has; made here otherwise."""


SHOWN = (
    *("id", "owner", "text", "source", "kind", "state", "version", "use_count", "last_used_at", "message"),
    *("created_at", "updated_at", "expires_at", "message__owner", "message__conversation"),
    *("message__conversation__owner", "message__conversation__title"),
)
"""What a value is made of; a turn's words and a memory's vector stay where they are."""


class MemoryRows:
    """The queries. Bound to one owner at construction; no method takes another."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def all(self) -> QuerySet[Memory]:
        """Every row of the owner, those held for undo included."""
        return Memory.objects.filter(owner_id=self._owner.pk)

    def listed(self) -> QuerySet[Memory]:
        """What lists and exports show: everything but what was deleted a moment ago."""
        return self.all().filter(held_until=None)

    def recallable(self) -> QuerySet[Memory]:
        """What may be put before an assistant: active, not held, not expired, not older than the person wants."""
        live = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return self.listed().filter(live, Expiring(self._owner).not_outlived(), state="active")

    def usable(self, memory_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
        """Which of these are recallable; a query for each 500."""
        ids = list(memory_ids)
        pieces = [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]
        return {key for piece in pieces for key in self.recallable().filter(pk__in=piece).values_list("pk", flat=True)}

    def filtered(self, chosen: Filter) -> QuerySet[Memory]:
        """The listed rows that a filter leaves."""
        rows = self.listed()
        exact = {"source": chosen.source, "kind": chosen.kind, "state": chosen.state}
        rows = rows.filter(**{name: value for name, value in exact.items() if value})
        if chosen.since:
            rows = rows.filter(created_at__gte=chosen.since)
        if chosen.until:
            rows = rows.filter(created_at__lt=chosen.until)
        return rows.exclude(expires_at=None) if chosen.expiring else rows

    def get(self, memory_id: uuid.UUID) -> MemoryValue:
        """One listed memory. MemoryNotFound."""
        found = self.values(self.listed().filter(pk=memory_id))
        if not found:
            raise MemoryNotFound
        return found[0]

    def locked(self, memory_id: uuid.UUID) -> Memory:
        """The row to change, inside a writing scope. MemoryNotFound."""
        # With its source in the same statement: a row looked up later would be found by its key alone.
        row = self.listed().filter(pk=memory_id).select_related("message__conversation").first()
        if row is None:
            raise MemoryNotFound
        own(self._owner, row.owner_id, row.pk)
        return row

    def values(self, rows: QuerySet[Memory]) -> list[MemoryValue]:
        """The rows as values, each looked at again; one query."""
        found = rows.select_related("message__conversation").only(*SHOWN)
        return [self.value(row) for row in found]

    def value(self, row: Memory, score: float | None = None) -> MemoryValue:
        """One row as a value. IsolationBreach when it is another owner's."""
        own(self._owner, row.owner_id, row.pk)
        chat = row.message.conversation if row.message_id and row.message else None
        if chat:
            own(self._owner, chat.owner_id, chat.pk)
        return MemoryValue(
            id=str(row.pk),
            memory=row.text,
            created_at=row.created_at,
            updated_at=row.updated_at,
            score=score,
            source=row.source,  # type: ignore[arg-type]  # the table's checks allow no other words
            kind=row.kind,  # type: ignore[arg-type]
            state=row.state,  # type: ignore[arg-type]
            expires_at=row.expires_at,
            conversation_id=str(chat.pk) if chat else None,
            conversation_title=chat.title if chat else "",
            message_id=str(row.message_id) if row.message_id else None,
            use_count=row.use_count,
            last_used_at=row.last_used_at,
            version=row.version,
        )

    def by_ids(self, ids: Sequence[uuid.UUID], scores: Sequence[float] | None = None) -> list[MemoryValue]:
        """The listed memories with these ids, in this order; one query."""
        rows = self.listed().filter(pk__in=ids).select_related("message__conversation").defer("vector", "terms")
        found = {row.pk: row for row in rows}
        marks: Sequence[float | None] = scores or [None] * len(ids)
        return [self.value(found[key], score) for key, score in zip(ids, marks, strict=True) if key in found]

    def page(self, chosen: Filter, *, number: int, size: int, order: str) -> Page:
        """A page of the list; two queries."""
        rows = self.filtered(chosen).order_by(*ORDERS[order])
        total = rows.count()
        number = max(1, min(number, -(-total // size)))
        items = self.values(rows[(number - 1) * size : number * size]) if total else []
        return Page(items=tuple(items), total=total, number=number, size=size, order=order)  # type: ignore[arg-type]

    def insert(self, new: Sequence[NewMemory], digests: Sequence[str]) -> list[MemoryValue]:
        """Writes the rows, in order: each a microsecond after the one before, so that the order can be read back."""
        now = timezone.now()
        rows = [
            self._row(memory, digest, now + dt.timedelta(microseconds=place))
            for place, (memory, digest) in enumerate(zip(new, digests, strict=True))
        ]
        Memory.objects.bulk_create(rows, batch_size=400)
        titled = [row for row in rows if row.message_id]
        return self.by_ids([row.pk for row in rows]) if titled else [self.value(row) for row in rows]

    def _row(self, new: NewMemory, digest: str, moment: dt.datetime) -> Memory:
        return Memory(
            id=new.id or new_id(),
            owner_id=self._owner.pk,
            text=new.text,
            terms=new.terms,
            digest=digest,
            vector=new.vector,
            embedder=new.embedder,
            source=new.source,
            kind=new.kind,
            state=new.state,
            role=new.role,
            episode=new.episode,
            position=new.position,
            message_id=new.message_id,
            created_at=moment,
            updated_at=moment,
        )

    def change_text(self, row: Memory, new: NewMemory, digest: str) -> MemoryValue:
        """Puts a new text in the row's place and keeps the old one as a version. Id, date and source stay."""
        MemoryVersion.objects.create(
            owner_id=self._owner.pk, memory=row, number=row.version, text=row.text, created_at=row.updated_at
        )
        row.text, row.terms, row.vector, row.embedder, row.digest = (
            new.text,
            new.terms,
            new.vector,
            new.embedder,
            digest,
        )
        row.version += 1
        row.updated_at = timezone.now()
        row.save(update_fields=["text", "terms", "vector", "embedder", "digest", "version", "updated_at"])
        return self.value(row)

    def history(self, memory_id: uuid.UUID) -> list[Version]:
        """Every text the memory has had, oldest first. MemoryNotFound."""
        row = self.get(memory_id)
        kept = MemoryVersion.objects.filter(owner_id=self._owner.pk, memory_id=memory_id).order_by("number")
        texts = [(version.number, version.text, version.created_at) for version in kept]
        texts.append((row.version, row.memory, row.updated_at))
        old: list[str | None] = [None, *(text for _, text, _ in texts)]
        return [
            Version(
                number=number,
                event="UPDATE" if before else "ADD",
                old_memory=before,
                new_memory=text,
                created_at=moment,
            )
            for before, (number, text, moment) in zip(old, texts, strict=False)
        ]

    def with_digests(self, digests: Iterable[str]) -> dict[str, uuid.UUID]:
        """Which of these are already there, by digest; the oldest of equals."""
        rows = self.listed().filter(digest__in=list(digests)).order_by("-created_at")
        return dict(rows.values_list("digest", "id"))

    def mark_used(self, message_id: uuid.UUID, used: Sequence[MemoryValue]) -> None:
        """Counts one more use, now, and keeps the words that were used. What was deleted meanwhile is left out."""
        now = timezone.now()
        there = set(self.listed().filter(pk__in=[memory.id for memory in used]).values_list("pk", flat=True))
        marks = [
            RecallRow(
                owner_id=self._owner.pk,
                message_id=message_id,
                memory_id=uuid.UUID(memory.id),
                rank=rank,
                score=memory.score,
                text=memory.memory,
                created_at=now,
            )
            for rank, memory in enumerate(used, start=1)
            if uuid.UUID(memory.id) in there
        ]
        RecallRow.objects.bulk_create(marks, ignore_conflicts=True)
        self.all().filter(pk__in=there).update(use_count=F("use_count") + 1, last_used_at=now)
