"""The role that runs the site: it reads and writes rows, owns nothing, and passes by no policy."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction

from memories.postgres.catalog import Catalog
from memories.storage.everyone import NEEDS

PLAIN = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"


def statements(catalog: Catalog, role: str, password: str, *, there: bool) -> Iterator[str]:
    """Everything the role needs; run twice it changes nothing."""
    name = connection.ops.quote_name(role)
    database = connection.ops.quote_name(str(connection.settings_dict["NAME"]))
    if not there:
        yield f"CREATE ROLE {name} {PLAIN} PASSWORD {_literal(password)}"
    yield f"GRANT CONNECT ON DATABASE {database} TO {name}"
    yield from grants(catalog, name)


def grants(catalog: Catalog, name: str) -> Iterator[str]:
    """Rows of every table, now and later; no TRUNCATE, no REFERENCES, no TRIGGER."""
    schema = connection.ops.quote_name(catalog.schema)
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {name}"
    for rights, kind in (("SELECT, INSERT, UPDATE, DELETE", "TABLES"), ("USAGE, SELECT", "SEQUENCES")):
        yield f"GRANT {rights} ON ALL {kind} IN SCHEMA {schema} TO {name}"
        yield f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT {rights} ON {kind} TO {name}"
    # Which migrations have run is the table owner's to write.
    yield f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {name}"
    for need in NEEDS.values():
        yield f"GRANT EXECUTE ON FUNCTION {need.signature} TO {name}"
    yield f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT EXECUTE ON FUNCTIONS TO {name}"


def _literal(text: str) -> str:
    from psycopg import sql

    return sql.Literal(text).as_string()


def privileges(role: str) -> tuple[bool, bool] | None:
    """Whether the role is a superuser, and whether it passes by row policies; None where there is no such role."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", [role])
        found: tuple[bool, bool] | None = cursor.fetchone()
    return found


def run(statements: list[str]) -> None:
    """All or none."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
