"""Turns what the platform tells into our values; each is looked at first: whose it is, and whether it can be one."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, cast, get_args

from memories.engines.platform_http import OddAnswer
from memories.errors import IsolationBreach
from memories.owner import Owner
from memories.types import Memory, Source, Version

security = logging.getLogger("memsite.security")

MORE_THAN = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A memory on the platform: the value, and what we wrote beside its text there."""

    memory: Memory
    metadata: Mapping[str, Any]

    @property
    def id(self) -> uuid.UUID:
        return uuid.UUID(self.memory.id)


def held(row: Mapping[str, Any], owner: Owner) -> Held:
    """The row as a value. IsolationBreach, logged with ids alone, when it does not say that it is this owner's;
    EngineUnavailable when it is no memory at all."""
    memory_id = id_of(row)
    if row.get("user_id") != owner.name:
        security.critical("isolation breach: the platform gave owner %s memory %s of another", owner.pk, memory_id)
        raise IsolationBreach
    text = row.get("memory")
    if not isinstance(text, str) or not text:
        raise OddAnswer()
    metadata = row.get("metadata")
    notes: Mapping[str, Any] = metadata if isinstance(metadata, dict) else {}
    created = moment(notes.get("created_at")) or moment(row.get("created_at"))
    if created is None:
        raise OddAnswer()
    return Held(memory=_memory(memory_id, text, created, row, notes), metadata=notes)


def is_owners(row: Mapping[str, Any], owner: Owner) -> bool:
    """Whether a memory that was asked for by its id is this owner's: a stranger's is an everyday thing there."""
    return row.get("user_id") == owner.name


def id_of(row: Mapping[str, Any]) -> uuid.UUID:
    """The row's id. EngineUnavailable for anything but a UUID."""
    try:
        return uuid.UUID(str(row.get("id")))
    except ValueError as error:
        raise OddAnswer() from error


def _memory(
    memory_id: uuid.UUID, text: str, created: dt.datetime, row: Mapping[str, Any], notes: Mapping[str, Any]
) -> Memory:
    source, version = notes.get("source"), notes.get("version")
    return Memory(
        id=str(memory_id),
        memory=text.replace("\x00", ""),
        created_at=created,
        updated_at=max(created, moment(row.get("updated_at")) or created) if version_of(version) > 1 else created,
        score=_score(row.get("score")),
        source=cast(Source, source) if source in get_args(Source) else "program",
        kind="inferred" if notes.get("kind") == "inferred" else "stated",
        expires_at=_end(row.get("expiration_date")),
        message_id=_uuid_text(notes.get("message_id")),
        version=version_of(version),
    )


def version_of(value: object) -> int:
    """The number we keep beside the text; 1 for a memory that something else than this site wrote."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 1 else 1


def moment(value: object) -> dt.datetime | None:
    """An ISO 8601 moment, aware, UTC; None for anything else."""
    try:
        found = dt.datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)


def _end(value: object) -> dt.datetime | None:
    """The platform names the last day of use (UTC); we name the moment from which on it is not used."""
    try:
        return dt.datetime.combine(dt.date.fromisoformat(str(value)[:10]) + MORE_THAN, dt.time(), dt.UTC)
    except (ValueError, OverflowError):
        return None


def last_day(end: dt.datetime) -> str:
    """The other way round: the last whole day before this moment."""
    return (end.astimezone(dt.UTC).date() - MORE_THAN).isoformat()


def _score(value: object) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return max(0.0, min(float(value), 1.0))


def _uuid_text(value: object) -> str | None:
    try:
        return str(uuid.UUID(str(value)))
    except ValueError:
        return None


def versions(rows: Sequence[Mapping[str, Any]], now: Memory) -> list[Version]:
    """The platform's history as ours, oldest first; where it has none, the text as it is now."""
    told = [row for row in rows if row.get("event") in ("ADD", "UPDATE") and isinstance(row.get("new_memory"), str)]
    told.sort(key=lambda row: moment(row.get("created_at")) or now.created_at)
    if not told:
        told = [{"event": "ADD", "new_memory": now.memory, "created_at": now.created_at.isoformat()}]
    old: list[str | None] = [None, *(row["new_memory"] for row in told)]
    return [
        Version(
            number=number,
            event="UPDATE" if before is not None else "ADD",
            old_memory=before,
            new_memory=row["new_memory"],
            created_at=moment(row.get("created_at")) or now.created_at,
        )
        for number, (before, row) in enumerate(zip(old, told, strict=False), start=1)
    ]
