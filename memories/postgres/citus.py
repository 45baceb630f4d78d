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
OWNER = ("owner_id",)


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
    if waiting:
        # They refer to each other, spread or not, and what refers to a copy becomes the coordinator's own for good: the
        # keys come back when all are spread.
        yield Step("keys of people's rows: off for a moment", tuple(unkeyed(catalog)))
    if PEOPLE not in done:
        yield Step(f"{PEOPLE}: a copy on every machine", (f"SELECT create_reference_table('{PEOPLE}')",))
    for table in waiting:
        beside = "none" if table == "memories_ownerstate" else "memories_ownerstate"
        spread = f"SELECT create_distributed_table('{table}', 'owner_id', colocate_with => '{beside}')"
        yield Step(f"{table}: spread by owner", (*prepared(catalog, table), spread))
    missing = keyed(catalog, everything=bool(waiting))
    if missing:
        yield Step("keys of people's rows: on again", tuple(missing))


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
    """Takes the keys between people's rows and those to their accounts away: first of the preparatory statements.

    A table with rows of nobody loses the latter for good: with it Citus would take the table over, and then an INSERT
    of what a SELECT finds goes by the row policies. Without it the table stays PostgreSQL's own.
    """
    inner = {key.name for key in inner_keys()}
    return [
        f"ALTER TABLE {table} DROP CONSTRAINT {name}"
        for table in (*distributed(), *without_owner())
        for name, (kind, columns, _) in catalog.constraints(table).items()
        if name in inner or (kind == "f" and columns == OWNER)
    ]


def keyed(catalog: Catalog, *, everything: bool = False) -> list[str]:
    """Brings back those that are not there, or all."""
    there = {table: catalog.constraints(table) for table in distributed()}
    return [
        *(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_owner_id_of_an_account "
            f"FOREIGN KEY (owner_id) REFERENCES {PEOPLE} (id) DEFERRABLE INITIALLY DEFERRED"
            for table, found in there.items()
            if everything or not any(kind == "f" and columns == OWNER for kind, columns, _ in found.values())
        ),
        *(
            f"ALTER TABLE {key.table} ADD CONSTRAINT {key.name} {references(key, cluster=True)}"
            for key in inner_keys()
            if everything or key.name not in there[key.table]
        ),
    ]
