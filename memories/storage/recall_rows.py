"""The hot read: an owner's recallable rows, in plain SQL. Building the same query with the ORM costs more than all of
the ranking does; a test holds the two against each other."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from memories.owner import Owner
from memories.storage.guard import own
from memories.types import Memory


class RecallRow(NamedTuple):
    """A row as the driver gives it: on SQLite ids are hex. Moments are text, for only the hits' are ever read."""

    id: Any
    owner_id: int
    store_version: int
    """The owner's `OwnerState.version` in the same snapshot of the database."""
    terms: str
    vector: bytes | memoryview
    embedder: str
    episode: Any
    position: int
    text: str
    source: Any
    kind: Any
    state: Any
    message_id: Any
    use_count: int
    version: int
    created_at: str
    updated_at: str
    expires_at: str | None
    last_used_at: str | None


_SPECIAL = {"store_version": "(SELECT state.version FROM memories_ownerstate AS state WHERE state.owner_id = %s)"} | {
    name: f"CAST({name} AS TEXT)" for name in ("created_at", "updated_at", "expires_at", "last_used_at")
}
RECALLABLE = (
    f"SELECT {', '.join(_SPECIAL.get(name, name) for name in RecallRow._fields)} FROM memories_memory "  # noqa: S608
    "WHERE owner_id = %s AND held_until IS NULL AND state = 'active' AND (expires_at IS NULL OR expires_at > %s)"
)
TITLES = (
    "SELECT message.id, conversation.owner_id, conversation.id, conversation.title FROM memories_message AS message "
    "JOIN memories_conversation AS conversation ON conversation.id = message.conversation_id "
    "AND conversation.owner_id = message.owner_id "
    "WHERE message.owner_id = %s AND message.id IN "
)


def recallable_rows(owner: Owner, only: Sequence[Any] | None = None) -> list[RecallRow]:
    """What may be put before an assistant, oldest first, or these row ids of it; each row looked at. One query."""
    narrowed = f" AND id IN {_marks(only)}" if only is not None else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{RECALLABLE}{narrowed} ORDER BY memories_memory.created_at, id",
            [owner.pk, owner.pk, _now(), *(only or ())],
        )
        rows = list(map(RecallRow._make, cursor.fetchall()))
    for row in rows:
        own(owner, row.owner_id, row.id)
    return rows


def values_of(owner: Owner, found: Iterable[tuple[RecallRow, float]]) -> list[Memory]:
    """The rows as values, each with its score. One query where some of them came from a chat, else none."""
    hits = list(found)
    titles = _titles(owner, [row.message_id for row, _ in hits if row.message_id])
    return [_value(row, score, *titles.get(row.message_id, (None, ""))) for row, score in hits]


def _titles(owner: Owner, messages: Sequence[Any]) -> Mapping[Any, tuple[Any, str]]:
    """Per message the conversation it stands in, and its title."""
    if not messages:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(TITLES + _marks(messages), [owner.pk, *messages])
        found = cursor.fetchall()
    for _, owner_id, conversation, _ in found:
        own(owner, owner_id, conversation)
    return {message: (conversation, title) for message, _, conversation, title in found}


def _value(row: RecallRow, score: float, conversation: Any, title: str) -> Memory:
    return Memory(
        id=_id(row.id),
        memory=row.text,
        created_at=moment(row.created_at),
        updated_at=moment(row.updated_at),
        score=score,
        source=row.source,
        kind=row.kind,
        state=row.state,
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
    return str(value if isinstance(value, uuid.UUID) else uuid.UUID(hex=value))


def moment(text: str) -> dt.datetime:
    """Aware, UTC. SQLite writes moments in UTC without saying so; PostgreSQL says."""
    read = dt.datetime.fromisoformat(text)
    return read.replace(tzinfo=dt.UTC) if read.tzinfo is None else read.astimezone(dt.UTC)


def _now() -> Any:
    return connection.ops.adapt_datetimefield_value(timezone.now())


def _marks(values: Sequence[Any]) -> str:
    return f"({', '.join(['%s'] * len(values))})"
