"""Ready for many machines, shown on one: each table can be split by owner. At the end, what only a cluster shows."""

from __future__ import annotations

import os
import re
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from memories.models.base import SamePersonKey
from memories.postgres import citus
from memories.postgres.catalog import Catalog
from memories.postgres.tables import inner_keys, tenant_models, tenant_tables, without_owner

pytestmark = pytest.mark.postgres


def prepared() -> psycopg.Connection[Any]:
    """A connection of the tables' owner, in a transaction that took the command's preparatory steps."""
    from tests.on_postgres import owner_connection

    opened = owner_connection()
    catalog = Catalog()
    for statement in citus.unkeyed(catalog, citus.distributed()):
        opened.execute(statement.encode())
    for table in citus.distributed():
        for statement in citus.prepared(catalog, table):
            opened.execute(statement.encode())
    return opened


@pytest.mark.parametrize("table", citus.distributed())
def test_each_table_can_be_split_by_owner(transactional_db: None, table: str) -> None:
    """PostgreSQL holds a partitioned table to the rule that Citus has: every unique index contains the owner."""
    with prepared() as opened:
        opened.execute(f"CREATE TABLE probe (LIKE {table} INCLUDING ALL) PARTITION BY HASH (owner_id)".encode())
        opened.rollback()


@pytest.mark.one_machine
def test_as_it_stands_a_table_cannot_be_split(transactional_db: None) -> None:
    """The probe can fail."""
    from tests.on_postgres import owner_connection

    with owner_connection() as opened, pytest.raises(psycopg.errors.FeatureNotSupported):
        opened.execute("CREATE TABLE probe (LIKE memories_memory INCLUDING ALL) PARTITION BY HASH (owner_id)")


def test_the_keys_come_back_after_the_split(transactional_db: None) -> None:
    with prepared() as opened:
        for key in inner_keys():
            sql = f"ALTER TABLE {key.table} ADD CONSTRAINT {key.name} {citus.references(key, cluster=True)}"
            opened.execute(sql.encode())
        opened.rollback()


def test_every_table_has_its_place() -> None:
    assert {*citus.distributed(), *without_owner()} == set(tenant_tables())
    assert citus.distributed()[0] == "memories_ownerstate", "the others are laid beside it"


def test_every_inner_key_joins_by_owner() -> None:
    for model in tenant_models():
        for field in model._meta.local_concrete_fields:
            if field.related_model in tenant_models():
                assert isinstance(field, SamePersonKey), f"{model.__name__}.{field.name} joins by id alone"


@pytest.mark.one_machine
def test_nothing_is_done_unasked(transactional_db: None) -> None:
    out = StringIO()
    call_command("distribute", stdout=out)
    shown = out.getvalue()
    for table in citus.distributed():
        assert f"create_distributed_table('{table}', 'owner_id'" in shown
    assert re.search(r"\[\d+/\d+\] accounts_user", shown) and "Nothing was changed" in shown
    assert "owner_id" not in Catalog().constraints("memories_memory")["memories_memory_pkey"][1]


@pytest.mark.one_machine
def test_without_citus_it_says_so(transactional_db: None) -> None:
    with pytest.raises(CommandError, match="no Citus"):
        call_command("distribute", apply=True, verbosity=0)


# --- On a cluster -----------------------------------------------------------------------------------------------------
def places() -> dict[str, tuple[str, str, int]]:
    """Per table that the cluster knows: `h` spread or `n` not, `t` on every machine or `s`, and beside which others."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT logicalrelid::text, partmethod, repmodel, colocationid FROM pg_dist_partition")
        return {table: place for table, *place in cursor.fetchall()}


@pytest.mark.citus
def test_each_persons_rows_lie_side_by_side(transactional_db: None) -> None:
    found = places()
    assert found[citus.PEOPLE][:2] == ["n", "t"]
    assert {found[table][0] for table in citus.distributed()} == {"h"}
    assert len({found[table][2] for table in citus.distributed()}) == 1
    assert not found.keys() & set(without_owner()), "what Citus keeps on the coordinator can go by the policies"
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT nodeport FROM citus_shards WHERE table_name = 'memories_memory'::regclass")
        assert len(cursor.fetchall()) > 1, "on more machines than one"


@pytest.mark.citus
def test_what_was_spread_is_spread_once(transactional_db: None) -> None:
    assert list(citus.steps(Catalog())) == []
    out = StringIO()
    call_command("distribute", apply=True, stdout=out)
    assert "[1/1]" in out.getvalue() and "create_" not in out.getvalue()


@pytest.mark.citus
def test_rows_are_kept_off_the_coordinator(transactional_db: None) -> None:
    """An INSERT of what a SELECT finds would go by the policies there."""
    host, port, _ = Catalog().coordinator() or pytest.fail("no coordinator")
    with psycopg.connect(os.environ["CITUS_URL"], autocommit=True) as administrator:
        turn = "SELECT citus_set_node_property(%s, %s, 'shouldhaveshards', %s)"
        administrator.execute(turn, [host, port, True])
        try:
            with pytest.raises(CommandError, match="shouldhaveshards"):
                call_command("distribute", apply=True, verbosity=0)
        finally:
            administrator.execute(turn, [host, port, False])


@pytest.mark.citus
def test_the_machines_hold_to_the_policies_themselves(transactional_db: None) -> None:
    """Not only the coordinator: each shard has those of its table, and they count for everyone."""
    asked = "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = '%s'::regclass"
    with connection.cursor() as cursor:
        for table in citus.distributed():
            cursor.execute("SELECT success, result FROM run_command_on_shards(%s, %s)", [table, asked])
            assert {tuple(row) for row in cursor.fetchall()} == {(True, "t")}, table


@pytest.mark.citus
def test_a_table_that_a_migration_adds_can_still_be_spread(owner: User, transactional_db: None) -> None:
    """Its key to the account makes Citus take it over; nothing of it is lost on the way back, nor its count."""
    from tests.on_postgres import owner_connection

    with owner_connection() as opened:
        opened.autocommit = True
        for statement in (
            "CREATE TABLE probe (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, owner_id bigint NOT NULL)",
            f"ALTER TABLE probe ADD CONSTRAINT probe_owner FOREIGN KEY (owner_id) REFERENCES {citus.PEOPLE} (id)",
            "ALTER TABLE probe ENABLE ROW LEVEL SECURITY",
            f"INSERT INTO probe (owner_id) SELECT {owner.pk} FROM generate_series(1, 3)",
            "ALTER TABLE probe FORCE ROW LEVEL SECURITY",
        ):
            opened.execute(statement.encode())
        try:
            assert "probe" in Catalog().taken_over()
            with opened.transaction():
                for statement in citus.given_back(Catalog(), "probe"):
                    opened.execute(statement.encode())
                for statement in citus.spread(Catalog(), "probe"):
                    opened.execute(statement.encode())
            assert "probe" in Catalog().distributed()
            opened.execute("ALTER TABLE probe NO FORCE ROW LEVEL SECURITY")
            opened.execute(f"INSERT INTO probe (owner_id) VALUES ({owner.pk})".encode())
            assert [key for (key,) in opened.execute("SELECT id FROM probe ORDER BY id")] == [1, 2, 3, 4]
        finally:
            opened.execute("DROP TABLE probe")
