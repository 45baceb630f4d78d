"""A row cannot point to another person's, whoever writes it and however: raw SQL, on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from memories.owner import owner_of
from memories.postgres.apply import protect
from memories.postgres.tables import InnerKey, inner_keys
from memories.storage.owner_scope import reading

KEYS = inner_keys()
People = tuple[User, User]


def first(table: str, person: User) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} WHERE owner_id = %s", [person.pk])
        return cursor.fetchone()[0]


def point(key: InnerKey, person: User, to: Any) -> None:
    """As this person, in raw SQL, the constraint looked at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {key.table} SET {key.column} = %s WHERE owner_id = %s", [to, person.pk])


@pytest.mark.django_db  # pytest-django makes the tables where one test of those chosen asks for them so.
def test_there_are_keys_to_try() -> None:
    assert {(key.table, key.column) for key in KEYS} >= {
        ("memories_message", "conversation_id"),
        ("memories_memory", "message_id"),
        ("memories_recall", "memory_id"),
    }


@pytest.mark.parametrize("key", KEYS, ids=lambda key: f"{key.table}.{key.column}")
def test_a_row_cannot_point_to_anothers(people: People, key: InnerKey) -> None:
    me, other = people
    theirs = first(key.target, other)
    with pytest.raises(IntegrityError), reading(owner_of(me)):
        point(key, me, theirs)
    with reading(owner_of(me)):
        point(key, me, first(key.target, me))


@pytest.mark.parametrize("key", KEYS, ids=lambda key: f"{key.table}.{key.column}")
def test_a_new_row_cannot_point_to_anothers(people: People, key: InnerKey) -> None:
    me, other = people
    theirs = first(key.target, other)
    columns = _columns(key.table)
    fresh = {"id": _fresh(key.table), key.column: "%s", "number": "number + 1", "position": "position + 1",
             "relation": "'known'", "nonce": "NULL"}  # fmt: skip
    values = ", ".join(fresh.get(name, name) for name in columns)
    sql = f"INSERT INTO {key.table} ({', '.join(columns)}) SELECT {values} FROM {key.table} WHERE owner_id = %s"
    # A cluster would COPY otherwise, which no table with row policies takes.
    sql += " ON CONFLICT DO NOTHING"
    with pytest.raises(IntegrityError), reading(owner_of(me)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [theirs, me.pk])


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def _fresh(table: str) -> str:
    if isinstance(first(table, User.objects.first()), int):  # type: ignore[arg-type]
        return "id + 1000"
    return "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"


@pytest.mark.postgres
def test_a_second_run_adds_nothing(people: People) -> None:
    from django.conf import settings

    from memsite.database import LOGIN, log_in

    site = {name: connection.settings_dict[name] for name in LOGIN}
    log_in(connection, settings.MIGRATE_LOGIN)
    told: list[str] = []
    try:
        protect(told.append)
    finally:
        log_in(connection, site)
    assert {statement.split("(")[0].split()[0] for statement in told} <= {"CREATE", "REVOKE"}
    assert all("FUNCTION" in statement for statement in told)
