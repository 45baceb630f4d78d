"""Row policies, in raw SQL as the role that runs the site: others' rows cannot be read, written, moved or counted."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import DataError, connection, transaction

from accounts.models import User
from memories.errors import EngineUnavailable
from memories.models import Memory
from memories.owner import owner_of
from memories.postgres import citus
from memories.postgres.tables import tenant_models, tenant_tables, without_owner
from memories.scoped import ScopedMemory
from memories.storage import everyone
from memories.storage.owner_scope import read_once, reading, writing
from tests.memories.postgres.conftest import scope
from tests.peeking import no_peeking
from tests.postgres import on_citus

pytestmark = pytest.mark.postgres
Site = psycopg.Connection[Any]
TABLES = tenant_tables()
People = tuple[User, User]
ONE_EACH = {model._meta.db_table for model in tenant_models() if model._meta.pk.name == "owner"}
"""A second row for the other would break the key before the policy is asked."""


def count(site: Site, table: str, where: str = "true") -> int:
    row = site.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()  # type: ignore[arg-type]
    assert row
    return int(row[0])


@pytest.mark.parametrize("table", TABLES)
def test_without_a_scope_there_are_no_rows(people: People, site: Site, table: str) -> None:
    assert count(site, table) == 0
    site.execute("SET LOCAL app.owner = ''")
    assert count(site, table) == 0


@pytest.mark.parametrize("table", TABLES)
def test_a_scope_shows_ones_own_and_no_other(people: People, site: Site, table: str) -> None:
    me, other = people
    scope(site, me)
    assert count(site, table) == count(site, table, f"owner_id = {me.pk}") == 1
    assert count(site, table, f"owner_id = {other.pk}") == 0


@pytest.mark.parametrize("table", TABLES)
def test_others_rows_are_neither_changed_nor_removed(people: People, site: Site, table: str) -> None:
    me, other = people
    scope(site, me)
    assert site.execute(f"UPDATE {table} SET owner_id = owner_id WHERE owner_id = {other.pk}").rowcount == 0
    assert site.execute(f"DELETE FROM {table} WHERE owner_id = {other.pk}").rowcount == 0


@pytest.mark.parametrize("table", TABLES)
def test_a_row_cannot_be_moved_to_another(people: People, site: Site, table: str) -> None:
    me, other = people
    scope(site, me)
    # A cluster does not even look at the policy: what a row is spread by stays as it is.
    refused = "partition value" if on_citus() and table in citus.distributed() else "row-level security"
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported), match=refused):
        site.execute(f"UPDATE {table} SET owner_id = {other.pk}")


@pytest.mark.parametrize("table", [t for t in TABLES if t not in ONE_EACH])
def test_a_row_cannot_be_written_for_another(people: People, site: Site, table: str) -> None:
    me, other = people
    scope(site, me)
    columns = [
        name
        for (name,) in site.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [table],
        )
    ]
    values = ", ".join({"owner_id": str(other.pk), "id": _other_id(table)}.get(name, f'"{name}"') for name in columns)
    named = ", ".join(f'"{name}"' for name in columns)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        site.execute(f"INSERT INTO {table} ({named}) SELECT {values} FROM {table}")


def _other_id(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT atttypid::regtype::text FROM pg_attribute WHERE attrelid = %s::regclass AND attname = 'id'", [table]
        )
        return "gen_random_uuid()" if cursor.fetchone()[0] == "uuid" else "id + 1000"


@pytest.mark.parametrize("statement", ["TRUNCATE memories_memory",
    "ALTER TABLE memories_memory DISABLE ROW LEVEL SECURITY", "DROP POLICY own_rows ON memories_memory",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'x', now())", "CREATE TABLE mine (id int)",
    "SET ROLE memsite_owner"])  # fmt: skip
def test_the_sites_role_cannot_take_more(people: People, site: Site, statement: str) -> None:
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported)):
        site.execute(statement)  # type: ignore[arg-type]


def test_the_sites_role_cannot_copy_rows_in(people: People, site: Site) -> None:
    me, _ = people
    scope(site, me)
    into = "COPY memories_tombstone (owner_id, digest, created_at) FROM STDIN"
    with pytest.raises(psycopg.errors.FeatureNotSupported), site.cursor().copy(into) as rows:
        rows.write_row([me.pk, "d" * 64, "2026-01-01T00:00Z"])


def test_the_setting_of_the_functions_opens_nothing_for_the_site(people: People, site: Site) -> None:
    site.execute("SET LOCAL app.everyone = 'on'")
    assert count(site, "memories_memory") == 0


def test_the_functions_give_keys_and_numbers(people: People, site: Site) -> None:
    rows = site.execute("SELECT * FROM memsite_behind('none')").fetchall()
    assert rows == [(person.pk, 1) for person in people]
    assert count(site, "memories_memory") == 0, "and open nothing for what comes after"


def test_the_site_is_answered_for_everyone(people: People) -> None:
    assert everyone.ask("behind", name="none") == [(person.pk, 1) for person in people]
    assert everyone.ask("numbers_of", keys=f",{people[0].pk},")[0][:3] == (people[0].pk, 1, 1)


@pytest.mark.parametrize("need", everyone.NEEDS.values(), ids=lambda need: need.name)
def test_a_function_can_say_no_words(need: everyone.Need) -> None:
    kinds = {kind for _, kind in need.gives} - {"bigint", "uuid", "timestamptz"}
    assert not kinds or need.name in LABELS


LABELS = {"site_numbers", "saved_by_day"}
"""Their text is a label written out in the statement, or a day; no column of words is read."""


def test_the_tables_owner_is_held_by_the_policies_too(people: People) -> None:
    from tests.on_postgres import owner_connection

    with owner_connection() as as_owner:
        assert [count(as_owner, table) for table in TABLES] == [0] * len(TABLES)


@pytest.mark.django_db  # pytest-django makes the tables where one test of those chosen asks for them so.
def test_rows_of_nobody_are_the_last_receipts_alone() -> None:
    assert without_owner() == ["memories_receipt"]


# --- The scope itself -------------------------------------------------------------------------------------------------
def named() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.owner', true)")
        return cursor.fetchone()[0] or ""


def test_nothing_sticks_to_a_pooled_connection(people: People) -> None:
    used = []
    for person in people * 10:
        assert ScopedMemory(person).count() == 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            used.append(cursor.fetchone()[0])
        connection.close()
        with no_peeking():
            assert named() == "" and not Memory.objects.exists()
        connection.close()
    assert len(set(used)) < len(used), "the pool gave one back that had been used for another"


SEEN = "SELECT owner_id, current_setting('app.owner', true) FROM memories_memory WHERE 1 = %s"


def test_a_read_in_one_message_names_its_owner_for_no_longer(people: People) -> None:
    with no_peeking():
        for person in people * 2:
            assert read_once(owner_of(person), SEEN, [1]) == [(person.pk, str(person.pk))]
            assert named() == "" and not Memory.objects.exists()
        with pytest.raises(DataError):
            read_once(owner_of(people[0]), "SELECT 1 / (owner_id - owner_id) FROM memories_memory WHERE 1 = %s", [1])
        assert named() == "" and not Memory.objects.exists()


def test_a_read_in_one_message_leaves_the_scope_around_it(people: People) -> None:
    me, other = map(owner_of, people)
    with no_peeking(), reading(me):
        assert read_once(other, SEEN, [1]) == [(other.pk, str(other.pk))]
        assert named() == str(me.pk) and list(Memory.objects.values_list("owner_id", flat=True)) == [me.pk]
    with no_peeking(), transaction.atomic():
        assert len(read_once(other, SEEN, [1])) == 1
        assert named() == "" and not Memory.objects.exists()


def test_after_a_connection_that_broke_in_a_read_another_is_opened(people: People) -> None:
    me, other = people
    assert ScopedMemory(me).search("anything") == []
    told = connection.get_connection_params()
    as_site = {key: told[key] for key in ("host", "port", "user", "password", "dbname") if key in told}
    with psycopg.connect(**as_site) as beside:
        beside.execute("SELECT pg_terminate_backend(%s::int)", [connection.connection.info.backend_pid])
    with pytest.raises(EngineUnavailable):
        ScopedMemory(me).search("anything")
    with no_peeking():
        for person in (other, me):
            assert read_once(owner_of(person), SEEN, [1]) == [(person.pk, str(person.pk))]
        assert named() == "" and not Memory.objects.exists()


def test_a_scope_inside_another_gives_it_back(people: People) -> None:
    me, other = map(owner_of, people)
    with no_peeking(), reading(me):
        with reading(other):
            assert list(Memory.objects.values_list("owner_id", flat=True)) == [other.pk]
        assert list(Memory.objects.values_list("owner_id", flat=True)) == [me.pk]
        with pytest.raises(ZeroDivisionError), writing(other):
            raise ZeroDivisionError
        assert list(Memory.objects.values_list("owner_id", flat=True)) == [me.pk]
    assert named() == ""


def test_a_savepoint_around_a_scope_is_left_without_one(people: People) -> None:
    with no_peeking(), transaction.atomic():
        with reading(owner_of(people[0])):
            assert Memory.objects.count() == 1
        assert named() == "" and Memory.objects.count() == 0


def test_where_transactions_are_opened_by_hand_a_scope_is_left_too(people: People) -> None:
    me, other = map(owner_of, people)
    transaction.set_autocommit(False)
    try:
        with no_peeking():
            assert read_once(me, SEEN, [1]) == [(me.pk, str(me.pk))]
            assert named() == "" and not Memory.objects.exists()
            with reading(other):
                assert list(Memory.objects.values_list("owner_id", flat=True)) == [other.pk]
            assert named() == "" and not Memory.objects.exists()
    finally:
        transaction.rollback()
        transaction.set_autocommit(True)
