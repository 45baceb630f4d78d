"""Keeps a file's entries between the upload and the person's yes, and writes them piece by piece."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from memories.errors import MemoryNotFound
from memories.models import Import as ImportRow
from memories.models import ImportPart
from memories.owner import Owner
from memories.storage import everyone
from memories.storage.erasing import sweep
from memories.storage.guard import own
from memories.storage.owner_scope import reading
from memories.transfer_types import Chat, Entry, Import, Parsed, Problem

PIECE = 500
KEPT = dt.timedelta(hours=24)
"""How long an upload waits for its yes."""
MAX_PROBLEMS = 100
MOMENTS = ("created_at", "updated_at", "expires_at", "last_used_at")
KEYS = ("id", "message_id", "episode")


class Importing:
    """Bound to one owner."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def receive(self, parsed: Parsed) -> uuid.UUID:
        """Keeps what was read; an earlier upload that still waited for its yes goes."""
        rows = ImportRow.objects.filter(owner_id=self._owner.pk)
        for old in rows.filter(started=False):
            self._drop(old.pk)
        job = ImportRow.objects.create(
            owner_id=self._owner.pk,
            format=parsed.format[:60],
            total=len(parsed.entries) + len(parsed.chats),
            problems=[[problem.line, problem.sentence] for problem in parsed.problems[:MAX_PROBLEMS]],
            problem_count=len(parsed.problems),
            created_at=timezone.now(),
        )
        # Chats first: the memories said in them are linked to their turns.
        self._keep(job, "chats", [dataclasses.asdict(chat) for chat in parsed.chats], piece=20)
        self._keep(job, "memories", [dataclasses.asdict(entry) for entry in parsed.entries], piece=PIECE)
        self._keep(job, "marks", parsed.marks, piece=PIECE)
        return job.pk

    def _keep(self, job: ImportRow, kind: str, entries: Sequence[Mapping[str, Any]], *, piece: int) -> None:
        start = ImportPart.objects.filter(owner_id=self._owner.pk, job=job).count()
        for place in range(0, len(entries), piece):
            ImportPart.objects.create(
                owner_id=self._owner.pk,
                job=job,
                number=start + place // piece,
                kind=kind,
                entries=json.loads(json.dumps(entries[place : place + piece], default=_plain)),
            )

    def row(self, job_id: uuid.UUID) -> ImportRow:
        """The job. MemoryNotFound for another's, an unknown one, and one that waited too long."""
        since = timezone.now() - KEPT
        row = ImportRow.objects.filter(owner_id=self._owner.pk, pk=job_id, created_at__gt=since).first()
        if row is None:
            raise MemoryNotFound
        own(self._owner, row.owner_id, row.pk)
        return row

    def value(self, row: ImportRow, *, room: int = 0, new: int = 0, known: int = 0, forgotten: int = 0) -> Import:
        """The job as a value; the last numbers are the preview's."""
        step = "preview" if not row.started else "running" if self.next_part(row) else "done"
        return Import(
            id=str(row.pk),
            format=row.format,
            step=step,  # type: ignore[arg-type]
            total=row.total,
            done=row.done,
            saved=row.saved,
            known=row.known if row.started else known,
            forgotten=row.forgotten if row.started else forgotten,
            chats=row.chats if row.started else self._chat_count(row),
            problems=tuple(Problem(line=line, sentence=sentence) for line, sentence in row.problems),
            problem_count=row.problem_count,
            bring_back=row.bring_back,
            room=room,
            new=new,
        )

    def _chat_count(self, row: ImportRow) -> int:
        parts = ImportPart.objects.filter(owner_id=self._owner.pk, job=row, kind="chats")
        return sum(len(part.entries) for part in parts)

    def parts(self, job: ImportRow, kind: str) -> Iterable[list[Entry]]:
        """The entries that are left, a part at a time."""
        rows = ImportPart.objects.filter(owner_id=self._owner.pk, job=job, kind=kind).order_by("number")
        for row in rows.iterator(chunk_size=1):
            yield [entry_of(fields) for fields in row.entries]

    def next_part(self, job: ImportRow) -> ImportPart | None:
        """What is to be written next; None when nothing is left."""
        return ImportPart.objects.filter(owner_id=self._owner.pk, job=job).order_by("number").first()

    def is_there(self, part: ImportPart) -> bool:
        """False when another request wrote it meanwhile."""
        return ImportPart.objects.filter(owner_id=self._owner.pk, pk=part.pk).exists()

    def start(self, job: ImportRow, bring_back: bool) -> None:
        """The person said yes."""
        job.started, job.bring_back = True, bring_back
        job.save(update_fields=["started", "bring_back"])

    def finish(self, part: ImportPart, *, saved: int = 0, known: int = 0, forgotten: int = 0, chats: int = 0) -> None:
        """The part was written; its entries go."""
        ImportRow.objects.filter(owner_id=self._owner.pk, pk=part.job_id).update(
            done=F("done") + (0 if part.kind == "marks" else len(part.entries)),
            saved=F("saved") + saved,
            known=F("known") + known,
            forgotten=F("forgotten") + forgotten,
            chats=F("chats") + chats,
        )
        ImportPart.objects.filter(owner_id=self._owner.pk, pk=part.pk).delete()

    def drop(self, job_id: uuid.UUID) -> None:
        """Forgets the upload; what was written from it stays."""
        self._drop(self.row(job_id).pk)

    def _drop(self, job_id: uuid.UUID) -> None:
        ImportPart.objects.filter(owner_id=self._owner.pk, job_id=job_id).delete()
        sweep(ImportRow.objects.filter(owner_id=self._owner.pk, pk=job_id))


def entry_of(fields: Mapping[str, Any]) -> Entry:
    """An entry as it was before it was kept."""
    read = dict(fields)
    read |= {name: _moment(read[name]) for name in MOMENTS}
    read |= {name: _key(read[name]) for name in KEYS}
    read["versions"] = tuple((number, text, _moment(at)) for number, text, at in read["versions"])
    return Entry(**read)


def chat_of(fields: Mapping[str, Any]) -> Chat:
    """As entry_of, for a conversation."""
    turns = tuple(turn | {"created_at": _moment(turn["created_at"])} for turn in fields["turns"])
    moments = {name: _moment(fields[name]) for name in ("created_at", "updated_at")}
    return Chat(line=fields["line"], id=uuid.UUID(fields["id"]), title=fields["title"], turns=turns, **moments)


def _plain(value: object) -> str:
    """Moments to the microsecond; Django's own encoder cuts them to milliseconds."""
    return value.isoformat() if isinstance(value, dt.datetime) else str(value)


def _moment(text: str | None) -> Any:
    return parse_datetime(text) if text else None


def _key(text: str | None) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


def purge_stale_imports(limit: int = 100) -> int:
    """Removes the uploads of everyone that waited longer than a day; for the housekeeping. Returns how many."""
    gone, before = 0, timezone.now() - KEPT
    for owner in everyone.people("owners_with_stale_imports", before, limit):
        with reading(owner):
            old = ImportRow.objects.filter(owner_id=owner.pk, created_at__lt=before)
            sweep(ImportPart.objects.filter(owner_id=owner.pk, job__in=old.values("pk")))
            gone += sweep(old)
    return gone
