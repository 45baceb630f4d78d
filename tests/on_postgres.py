"""Fixtures of a run on PostgreSQL: the tables' owner makes the database, the site's own role uses it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.backends.signals import connection_created

from memories.postgres import functions
from memories.postgres.catalog import Catalog
from memories.postgres.tables import tenant_tables
from memsite.database import LOGIN, log_in
from tests import postgres
from tests.isolation.rows import pointing_first
from tests.peeking import TWINS, peek

__all__ = ["django_db_keepdb", "django_db_modify_db_settings", "django_db_setup"]
SITE_LOGIN = {name: connection.settings_dict[name] for name in LOGIN}


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """A cluster's database is there already."""
    return postgres.on_citus() or bool(request.config.getvalue("reuse_db"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Asked for before the database is made: only the tables' owner may."""
    log_in(connection, settings.MIGRATE_LOGIN)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The roles, by the site's own commands; from here on everything runs as the role that runs a site."""
    with django_db_blocker.unblock():
        log_in(connection, SITE_LOGIN)
        call_command("create_roles", apply=True, verbosity=0)
        if postgres.on_citus():
            _spread()
        with owner_connection() as as_owner:
            as_owner.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {postgres.PEEK}")
            as_owner.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {postgres.PEEK}")
    connection_created.connect(_peek)
    # The site's role may not TRUNCATE, which is how Django empties tables between tests with real transactions.
    connection.ops.execute_sql_flush = _empty if postgres.on_citus() else _flush
    yield
    connection_created.disconnect(_peek)
    with django_db_blocker.unblock():
        log_in(connection, settings.MIGRATE_LOGIN)


def _spread() -> None:
    """Over two shards: each has all the tables, and what a test empties or changes is done in each of them."""
    with owner_connection() as as_owner:
        as_owner.execute(f"ALTER DATABASE {Catalog().database} SET citus.shard_count = 2".encode())
    call_command("distribute", apply=True, verbosity=0)
    # One statement, one transaction: to one that has turned to many machines at once Citus says no to the next.
    with owner_connection() as as_owner:
        as_owner.autocommit = True
        for statement in _for_looking():
            as_owner.execute(statement.encode())
    # Opened by what was asked just now, before `_peek` is told of each that is opened.
    connection.close()


def _for_looking() -> Iterator[str]:
    """A policy for what a test looks up itself. And the site's functions once more: they run as the tables' owner, who
    is told on the machines nothing of what a test's own transaction has written; within one, their twins do."""
    on = "current_setting('app.peek', true) = 'on'"
    for table in tenant_tables():
        if "peek" not in Catalog().security(table)[0]:
            yield f"CREATE POLICY peek ON {table} TO {postgres.SITE} USING ({on}) WITH CHECK ({on})"
    yield f"CREATE SCHEMA IF NOT EXISTS {TWINS}"
    yield f"GRANT USAGE ON SCHEMA {TWINS} TO {postgres.SITE}"
    for written in functions.statements(Catalog()):
        if written.startswith("CREATE"):
            twin = written.replace("FUNCTION memsite_", f"FUNCTION {TWINS}.memsite_")
            yield twin.replace("SECURITY DEFINER", "").replace("app.everyone", "app.peek")


def _peek(connection: Any, **_: Any) -> None:
    if peek not in connection.execute_wrappers:
        connection.execute_wrappers.append(peek)


def _flush(sql_list: Sequence[str]) -> None:
    with owner_connection() as as_owner:
        # Waits for no one: a connection that a test left in a transaction is that test's fault, and is named here.
        as_owner.execute("SET lock_timeout = '20s'")
        for statement in sql_list:
            as_owner.execute(statement.encode())


def _empty(_: Sequence[str]) -> None:
    """As `_flush`, on a cluster: there it takes a thirtieth of the time to delete the few rows that a test leaves."""
    with psycopg.connect(os.environ["CITUS_URL"], autocommit=True) as administrator:
        administrator.execute("SET statement_timeout = '20s'")
        kept = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
        for model in pointing_first(kept):
            administrator.execute(f"DELETE FROM {model._meta.db_table}".encode())


def owner_connection() -> psycopg.Connection[Any]:
    """As the tables' owner, on the database of this test run."""
    return _connect(settings.MIGRATE_LOGIN)


def site_connection() -> psycopg.Connection[Any]:
    """As the role that runs the site, without Django and without peeking."""
    return _connect(SITE_LOGIN)


def _connect(login: dict[str, Any]) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host=login["HOST"],
        port=login["PORT"] or None,
        user=login["USER"],
        password=login["PASSWORD"],
        dbname=connection.settings_dict["NAME"],
    )
