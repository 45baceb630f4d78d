"""The hot read: an owner's recallable rows, in plain SQL. Building the same query with the ORM costs more than all of
the ranking does; a test holds the two against each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection

from memories.owner import Owner
from memories.storage.expiring import CHOICE, has_outlived
from memories.storage.guard import own
from memories.storage.owner_scope import read_once
from memories.types import Memory


class RecallRow(NamedTuple):
    """A row as the driver gives it: on SQLite ids are hex. Moments are text, for only the hits' are ever read.

    Its state is not there, for it can only be active.
    """

    id: Any
    owner_id: int
    store_version: int
    """The owner's `OwnerState.version` in the same snapshot of the database."""
    choice: str | None
    """How long the person wants memories to be kept."""
    terms: str
    vector: bytes | memoryview | None
    """None where another embedder made it: vectors of two are never compared."""
    episode: Any
    position: int
    kind: Any
    text: str
    source: Any
    message_id: Any
    use_count: int
    version: int
    created_at: str
    updated_at: str
    expires_at: str | None
    last_used_at: str | None


Row = tuple[Any, ...]
"""The same, as a bare tuple: made into a RecallRow only where it is a hit."""
OWNER, STORE_VERSION, KEEPING, RANKED = 1, 2, 3, slice(4, 9)
"""Places in it: the ranking reads terms, vector, episode, position and kind."""
EXPIRES = RecallRow._fields.index("expires_at")

_SPECIAL = {
    "store_version": "(SELECT state.version FROM memories_ownerstate AS state WHERE state.owner_id = %s)",
    "choice": CHOICE,
    "vector": "CASE WHEN embedder = %s THEN vector END",
} | {name: f"CAST({name} AS TEXT)" for name in ("created_at", "updated_at", "expires_at", "last_used_at")}
RECALLABLE = (
    f"SELECT {', '.join(_SPECIAL.get(name, name) for name in RecallRow._fields)} FROM memories_memory "  # noqa: S608
    "WHERE owner_id = %s AND held_until IS NULL AND state = 'active' AND (expires_at IS NULL OR expires_at > %s)"
)
OLDEST_FIRST = " ORDER BY memories_memory.created_at, id"
ALL_RECALLABLE = RECALLABLE + OLDEST_FIRST
TITLES = (
    "SELECT message.id, conversation.owner_id, conversation.id, conversation.title FROM memories_message AS message "
    "JOIN memories_conversation AS conversation ON conversation.id = message.conversation_id "
    "AND conversation.owner_id = message.owner_id "
    "WHERE message.owner_id = %s AND message.id IN "
)


def recallable_rows(owner: Owner, embedder: str, only: Sequence[Any] | None = None) -> list[Row]:
    """What may be put before an assistant, oldest first, or these row ids of it; each row looked at. One query."""
    sql = ALL_RECALLABLE if only is None else f"{RECALLABLE} AND id IN {_marks(only)}{OLDEST_FIRST}"
    mine = owner.pk
    rows: list[Row] = read_once(owner, sql, (mine, mine, embedder, mine, _now(), *(only or ())))
    for row in rows:
        if row[OWNER] != mine:
            own(owner, row[OWNER], row[0])
    return _not_outlived(rows) if rows and rows[0][KEEPING] else rows


def _not_outlived(rows: list[Row]) -> list[Row]:
    now = dt.datetime.now(dt.UTC)
    return [row for row in rows if not _outlived(RecallRow._make(row), now)]


def _outlived(row: RecallRow, now: dt.datetime) -> bool:
    used = moment(row.last_used_at) if row.last_used_at else None
    created, updated = moment(row.created_at), moment(row.updated_at)
    return has_outlived(row.choice or "", now, created=created, updated=updated, used=used)


def store_version(owner: Owner) -> int:
    """How often their memories were changed: what kept indexes are checked by. One query."""
    found = read_once(owner, "SELECT version FROM memories_ownerstate WHERE owner_id = %s", (owner.pk,))
    return int(found[0][0]) if found else 0


def values_of(owner: Owner, found: Iterable[tuple[Row, float]]) -> list[Memory]:
    """The rows as values, each with its score. One query where some of them came from a chat, else none."""
    hits = [(RecallRow._make(row), score) for row, score in found]
    titles = _titles(owner, [row.message_id for row, _ in hits if row.message_id])
    return [_value(row, score, *titles.get(row.message_id, (None, ""))) for row, score in hits]


def _titles(owner: Owner, messages: Sequence[Any]) -> Mapping[Any, tuple[Any, str]]:
    """Per message the conversation it stands in, and its title."""
    if not messages:
        return {}
    found = read_once(owner, TITLES + _marks(messages), (owner.pk, *messages))
    for _, owner_id, conversation, _ in found:
        own(owner, owner_id, conversation)
    return {message: (conversation, title) for message, _, conversation, title in found}


def _value(row: RecallRow, score: float, conversation: Any, title: str) -> Memory:
    created = moment(row.created_at)
    return Memory(
        id=_id(row.id),
        memory=row.text,
        created_at=created,
        updated_at=created if row.updated_at == row.created_at else moment(row.updated_at),
        score=score,
        source=row.source,
        kind=row.kind,
        expires_at=moment(row.expires_at) if row.expires_at else None,
        conversation_id=_id(conversation) if conversation else None,
        conversation_title=title,
        message_id=_id(row.message_id) if row.message_id else None,
        use_count=row.use_count,
        last_used_at=moment(row.last_used_at) if row.last_used_at else None,
        version=row.version,
    )


def _id(value: Any) -> str:
    """Canonical text, from a UUID or from the hex that SQLite keeps."""
    text = str(value)
    if len(text) == 36:
        return text
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def moment(text: str) -> dt.datetime:
    """Aware, UTC. SQLite writes moments in UTC without saying so; PostgreSQL says."""
    read = dt.datetime.fromisoformat(text)
    return read.replace(tzinfo=dt.UTC) if read.tzinfo is None else read.astimezone(dt.UTC)


def _now() -> Any:
    """The moment, as the driver compares it."""
    now = dt.datetime.now(dt.UTC)
    return str(now.replace(tzinfo=None)) if connection.vendor == "sqlite" else now


def _marks(values: Sequence[Any]) -> str:
    return f"({', '.join(['%s'] * len(values))})"
