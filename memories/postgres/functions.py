"""The functions that answer for everyone, written from `memories.storage.everyone`."""

from __future__ import annotations

from collections.abc import Iterator

from memories.postgres.catalog import Catalog
from memories.storage.everyone import NEEDS, Need


def statements(catalog: Catalog) -> Iterator[str]:
    """All of them, each time: a function is replaced in an instant, and keeps who may call it."""
    for need in NEEDS.values():
        yield _function(catalog, need)
        yield f"REVOKE ALL ON FUNCTION {need.signature} FROM PUBLIC"


def _function(catalog: Catalog, need: Need) -> str:
    takes = ", ".join(f"_{name} {kind}" for name, kind in need.takes)
    gives = ", ".join(f"{name} {kind}" for name, kind in need.gives)
    body = need.sql.format(**{name: f"_{name}" for name, _ in need.takes})
    # SET LOCAL as a statement, not as a clause of the function: Citus sends the statement on to the machines that hold
    # the rows. It is taken back within the function; should that fail in between, so does all since the savepoint.
    return (
        f"CREATE OR REPLACE FUNCTION memsite_{need.name}({takes}) RETURNS TABLE ({gives}) LANGUAGE plpgsql "
        f"SECURITY DEFINER SET search_path = {catalog.schema}, pg_temp AS $$\n"
        f"BEGIN\n  SET LOCAL app.everyone = 'on';\n  RETURN QUERY {body};\n"
        "  SET LOCAL app.everyone = '';\nEND $$"
    )
