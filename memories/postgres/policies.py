"""Row-level security: a statement sees and writes the rows of the owner that its transaction names, and no others.

Every table has two policies. `own_rows` holds for everyone, the tables' owner included (FORCE). `count_everyone` lets
the tables' owner read, while `app.everyone` is on: that is what the functions of `memories.storage.everyone` do, which
return keys and numbers alone. The role that runs the site can call those, and has no use for the setting.
"""

from __future__ import annotations

from collections.abc import Iterator

from memories.postgres.catalog import Catalog
from memories.postgres.tables import tenant_tables, without_owner

OWN = "owner_id = nullif(current_setting('app.owner', true), '')::bigint"


def statements(catalog: Catalog) -> Iterator[str]:
    """What is missing, as SQL; nothing where everything is there."""
    for table in tenant_tables():
        policies, enabled, forced = catalog.security(table)
        if not enabled:
            yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        if not forced:
            yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
        if "own_rows" not in policies:
            yield f"CREATE POLICY own_rows ON {table} USING ({OWN}) WITH CHECK ({OWN})"
        if "count_everyone" not in policies:
            yield (
                f"CREATE POLICY count_everyone ON {table} FOR SELECT TO {catalog.role} "
                "USING (current_setting('app.everyone', true) = 'on')"
            )
        if table in without_owner():
            yield from _rows_of_nobody(table, policies)


def _rows_of_nobody(table: str, policies: set[str]) -> Iterator[str]:
    """What an erased account leaves behind says nothing of whose it was, and can be written and read by its id."""
    if "nobodys_read" not in policies:
        yield f"CREATE POLICY nobodys_read ON {table} FOR SELECT USING (owner_id IS NULL)"
    if "nobodys_written" not in policies:
        yield f"CREATE POLICY nobodys_written ON {table} FOR INSERT WITH CHECK (owner_id IS NULL)"
