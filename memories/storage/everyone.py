"""The few questions about everyone, for the background passes and the admin: their answers are keys and numbers alone.

SQLite runs the text as it stands. On PostgreSQL, where row policies show a statement one owner's rows at most, each is
a function that runs with the rights of the tables' owner; `manage.py migrate` writes it into the database from here,
and the role that runs the site may call it but not change it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from memories.owner import Owner


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """One question."""

    name: str
    for_whom: str
    """Who asks, and why no owner can be named."""
    takes: tuple[tuple[str, str], ...]
    """Names and PostgreSQL types of the values, each of which stands in the text as {name}."""
    gives: tuple[tuple[str, str], ...]
    """Names and PostgreSQL types of the columns: keys and numbers."""
    sql: str

    @property
    def signature(self) -> str:
        """As GRANT and REVOKE name the function."""
        return f"memsite_{self.name}({', '.join(kind for _, kind in self.takes)})"


_MOST = ("most", "integer")
_MOMENT = ("moment", "timestamptz")
_OWNERS = (("whose", "bigint"),)

NEEDS = {
    need.name: need
    for need in (
        Need(
            name="due_turns",
            for_whom="tend: turns that are still to be read for memories, the longest waiting first; those of closed "
            "accounts wait until they are let in again, and keep nobody else waiting",
            takes=(_MOMENT, _MOST),
            gives=(("whose", "bigint"), ("turn", "uuid")),
            sql="SELECT owner_id, id FROM memories_message WHERE memory_state = 'pending' AND due_at <= {moment} "
            "AND owner_id IN (SELECT id FROM accounts_user WHERE is_active) ORDER BY due_at LIMIT {most}",
        ),
        Need(
            name="owners_with_ended",
            for_whom="tend: whose deletions can no longer be taken back",
            takes=(_MOMENT, _MOST),
            gives=_OWNERS,
            sql="SELECT owner_id FROM memories_memory WHERE held_until <= {moment} UNION "
            "SELECT owner_id FROM memories_message WHERE held_until <= {moment} ORDER BY 1 LIMIT {most}",
        ),
        Need(
            name="owners_with_expired",
            for_whom="tend: whose memories are past an end that was set for them",
            takes=(_MOMENT, _MOST),
            gives=_OWNERS,
            sql="SELECT DISTINCT owner_id FROM memories_memory WHERE expires_at <= {moment} ORDER BY 1 LIMIT {most}",
        ),
        Need(
            name="owners_with_outlived",
            for_whom="tend: whose memories are older than they want any to be; the moments are 3, 12 and 24 months ago",
            takes=(("three", "timestamptz"), ("twelve", "timestamptz"), ("more", "timestamptz"), _MOST),
            gives=_OWNERS,
            sql="SELECT state.owner_id FROM memories_ownerstate AS state WHERE state.retention_months IS NOT NULL AND "
            "EXISTS (SELECT 1 FROM memories_memory AS memory WHERE memory.owner_id = state.owner_id AND "
            "memory.held_until IS NULL AND CASE WHEN state.retention_basis = 'saved' THEN memory.created_at "
            "WHEN memory.last_used_at > memory.updated_at THEN memory.last_used_at ELSE memory.updated_at END <= "
            "CASE state.retention_months WHEN 3 THEN {three} WHEN 12 THEN {twelve} ELSE {more} END) "
            "ORDER BY 1 LIMIT {most}",
        ),
        Need(
            name="owners_with_expired_chats",
            for_whom="tend: whose temporary chats are over",
            takes=(_MOMENT, _MOST),
            gives=_OWNERS,
            sql="SELECT DISTINCT owner_id FROM memories_conversation WHERE expires_at <= {moment} "
            "ORDER BY 1 LIMIT {most}",
        ),
        Need(
            name="owners_with_abandoned",
            for_whom="tend: whose replies were being written by a worker that is silent since the moment",
            takes=(_MOMENT, _MOST),
            gives=_OWNERS,
            sql="SELECT DISTINCT owner_id FROM memories_message WHERE role = 'assistant' AND status = 'streaming' "
            "AND updated_at < {moment} ORDER BY 1 LIMIT {most}",
        ),
        Need(
            name="owners_with_platform_work",
            for_whom="tend: whose deletions or events on mem0's platform are to be followed up",
            takes=(_MOMENT, _MOST),
            gives=_OWNERS,
            sql="SELECT owner_id FROM memories_platformnote WHERE held_until <= {moment} UNION "
            "SELECT owner_id FROM memories_platformevent WHERE due_at <= {moment} ORDER BY 1 LIMIT {most}",
        ),
        Need(
            name="owners_with_old_activity",
            for_whom="tend: whose log has lines that are older than it is kept",
            takes=(_MOMENT, _MOST),
            gives=_OWNERS,
            sql="SELECT DISTINCT owner_id FROM memories_activity WHERE at < {moment} ORDER BY 1 LIMIT {most}",
        ),
        Need(
            name="owners_with_stale_imports",
            for_whom="tend: whose uploads waited too long",
            takes=(_MOMENT, _MOST),
            gives=_OWNERS,
            sql="SELECT DISTINCT owner_id FROM memories_import WHERE created_at < {moment} ORDER BY 1 LIMIT {most}",
        ),
        Need(
            name="site_numbers",
            for_whom="the dashboard and /metrics: how much there is and what waits, in all",
            takes=(),
            gives=(("name", "text"), ("amount", "bigint")),
            sql="SELECT 'memories', COUNT(*) FROM memories_memory WHERE held_until IS NULL "
            "UNION ALL SELECT 'conversations', COUNT(*) FROM memories_conversation "
            "UNION ALL SELECT 'pending', COUNT(*) FROM memories_message WHERE memory_state = 'pending' "
            "UNION ALL SELECT 'unlearned', COUNT(*) FROM memories_message WHERE memory_state = 'failed' "
            "UNION ALL SELECT 'failed', COUNT(*) FROM memories_message WHERE status = 'failed' "
            "UNION ALL SELECT 'erasures', COUNT(*) FROM memories_receipt",
        ),
        Need(
            name="numbers_of",
            for_whom="the admin's list: how much each person on the page keeps, and when they last did something; "
            "`keys` is like ',7,12,'",
            takes=(("keys", "text"),),
            gives=(
                ("whose", "bigint"),
                ("memories", "bigint"),
                ("conversations", "bigint"),
                ("last_done", "timestamptz"),
            ),
            # Not from the accounts: a cluster has a copy of those on each machine, and each would count for all.
            sql="SELECT state.owner_id, "
            "(SELECT COUNT(*) FROM memories_memory WHERE owner_id = state.owner_id AND held_until IS NULL), "
            "(SELECT COUNT(*) FROM memories_conversation WHERE owner_id = state.owner_id), "
            "(SELECT MAX(at) FROM memories_activity WHERE owner_id = state.owner_id) "
            "FROM memories_ownerstate AS state WHERE {keys} LIKE '%,' || CAST(state.owner_id AS text) || ',%'",
        ),
        Need(
            name="waiting_since",
            for_whom="/metrics and the dashboard: how many turns were due to be read for memories before the moment",
            takes=(_MOMENT,),
            gives=(("amount", "bigint"),),
            sql="SELECT COUNT(*) FROM memories_message WHERE memory_state = 'pending' AND due_at < {moment}",
        ),
        Need(
            name="saved_by_day",
            for_whom="the dashboard: how many memories were saved on each day",
            takes=(_MOMENT,),
            gives=(("day", "text"), ("amount", "bigint")),
            sql="SELECT SUBSTR(CAST(created_at AS text), 1, 10), COUNT(*) FROM memories_memory "
            "WHERE created_at >= {moment} GROUP BY 1 ORDER BY 1",
        ),
        Need(
            name="replies_since",
            for_whom="the dashboard: how long a model took for each reply, and whether it failed",
            takes=(_MOMENT, _MOST),
            gives=(("begun", "timestamptz"), ("ended", "timestamptz"), ("failed", "bigint")),
            sql="SELECT created_at, updated_at, CAST(CASE status WHEN 'failed' THEN 1 ELSE 0 END AS bigint) "
            "FROM memories_message WHERE role = 'assistant' AND status <> 'streaming' AND model <> '' "
            "AND created_at >= {moment} ORDER BY created_at DESC LIMIT {most}",
        ),
        Need(
            name="behind",
            for_whom="reembed: how many memories of whom another embedder made",
            takes=(("name", "text"),),
            gives=(("whose", "bigint"), ("memories", "bigint")),
            sql="SELECT owner_id, COUNT(*) FROM memories_memory WHERE embedder <> {name} GROUP BY owner_id ORDER BY 1",
        ),
    )
}


def ask(name: str, /, **values: Any) -> list[tuple[Any, ...]]:
    """The answer to one of NEEDS, its values by name; one statement."""
    need = NEEDS[name]
    if connection.vendor == "postgresql":
        marks = ", ".join(f"%s::{kind}" for _, kind in need.takes)
        sql, given = f"SELECT * FROM memsite_{need.name}({marks})", [values[key] for key, _ in need.takes]  # noqa: S608
    else:
        sql, given = _marked(need, values)
    with _alone(), connection.cursor() as cursor:
        cursor.execute(sql, given)
        return [tuple(map(_read, row, need.gives)) for row in cursor.fetchall()]


def _alone() -> contextlib.AbstractContextManager[None]:
    """A transaction, on PostgreSQL: outside of one Citus tells the machines nothing of what the function sets, and each
    would find nothing to answer."""
    inside = connection.vendor != "postgresql" or connection.in_atomic_block
    return contextlib.nullcontext() if inside else transaction.atomic()


def owners(name: str, moment: dt.datetime, limit: int) -> list[int]:
    """Keys of owners, in order."""
    return [key for (key,) in ask(name, moment=moment, most=limit)]


def people(name: str, moment: dt.datetime, limit: int) -> list[Owner]:
    """As `owners`, each ready to be opened by itself: one query more."""
    return with_keys(owners(name, moment, limit))


def with_keys(keys: Sequence[int]) -> list[Owner]:
    """The owners with these keys, those of closed accounts included; one query."""
    rows = User.objects.filter(pk__in=keys).order_by("pk").values_list("pk", "namespace")
    return [Owner(pk=pk, namespace=namespace) for pk, namespace in rows]


def _marked(need: Need, values: dict[str, Any]) -> tuple[str, list[Any]]:
    """The text with a mark for each value, and the values in the order of their marks."""
    order: list[Any] = []

    class Marks(dict[str, str]):
        def __getitem__(self, key: str) -> str:
            value = values[key]
            order.append(connection.ops.adapt_datetimefield_value(value) if isinstance(value, dt.datetime) else value)
            return "%s"

    return need.sql.format_map(Marks()), order


def _read(value: Any, column: tuple[str, str]) -> Any:
    """SQLite keeps a UUID as its hex."""
    return uuid.UUID(hex=value) if column[1] == "uuid" and isinstance(value, str) else value
