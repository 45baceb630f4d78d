"""Spreads the tenant tables over the machines of a Citus cluster, by owner: one person's rows are on one of them.

What changes for it, and only there: a primary key has to contain the owner. Everything else is the same on one machine:
each statement and each join names the owner, and every unique constraint contains them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from memories.postgres.catalog import Catalog
from memories.postgres.keys import references
from memories.postgres.tables import inner_keys, tenant_tables, without_owner

PEOPLE = "accounts_user"
"""On every machine: each person's rows refer to their account."""


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """Some statements that belong together: all or none."""

    says: str
    statements: tuple[str, ...]


def distributed() -> list[str]:
    """The tables that are spread, what is pointed to first. A table with rows of nobody stays where it is."""
    targets = [key.target for key in inner_keys()]
    tables = [table for table in tenant_tables() if table not in without_owner()]
    return sorted(tables, key=lambda table: (table != "memories_ownerstate", table not in targets, table))


def steps(catalog: Catalog) -> Iterator[Step]:
    """What is left to do; nothing on a second run."""
    done = catalog.distributed()
    waiting = [table for table in distributed() if table not in done]
    if PEOPLE not in done:
        yield Step(f"{PEOPLE}: a copy on every machine", (f"SELECT create_reference_table('{PEOPLE}')",))
    if waiting:
        # They refer to each other, spread or not: the keys come back when all are.
        yield Step("keys between people's rows: off for a moment", tuple(unkeyed(catalog)))
    for table in waiting:
        beside = "none" if table == "memories_ownerstate" else "memories_ownerstate"
        spread = f"SELECT create_distributed_table('{table}', 'owner_id', colocate_with => '{beside}')"
        yield Step(f"{table}: spread by owner", (*prepared(catalog, table), spread))
    missing = [key for key in inner_keys() if waiting or key.name not in catalog.constraints(key.table)]
    if missing:
        added = (
            f"ALTER TABLE {key.table} ADD CONSTRAINT {key.name} {references(key, cluster=True)}" for key in missing
        )
        yield Step("keys between people's rows: on again", tuple(added))


def settings(catalog: Catalog) -> Step:
    """Each transaction's owner is told to the machines that take part in it."""
    name = f"ALTER DATABASE {catalog.database} SET citus.propagate_set_commands = 'local'"
    return Step("the owner of a transaction is told to every machine", (name,))


def prepared(catalog: Catalog, table: str) -> Iterator[str]:
    """A primary key with the owner in front, in place of the one on the id and of the unique constraint beside it."""
    for name, (kind, columns, _) in catalog.constraints(table).items():
        if kind == "p" and "owner_id" not in columns:
            for beside, (other, held, _) in catalog.constraints(table).items():
                if other == "u" and held == ("owner_id", *columns):
                    yield f"ALTER TABLE {table} DROP CONSTRAINT {beside}"
            yield f"ALTER TABLE {table} DROP CONSTRAINT {name}"
            yield f"ALTER TABLE {table} ADD CONSTRAINT {name} PRIMARY KEY (owner_id, {', '.join(columns)})"


def unkeyed(catalog: Catalog) -> list[str]:
    """Takes the keys between people's rows away: first of the preparatory statements."""
    return [statement for key in inner_keys() for statement in _without_key(catalog, key.table, key.name)]


def _without_key(catalog: Catalog, table: str, name: str) -> list[str]:
    return [f"ALTER TABLE {table} DROP CONSTRAINT {name}"] if name in catalog.constraints(table) else []
