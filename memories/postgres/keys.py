"""Foreign keys with the owner: a row cannot point to another person's, whoever writes it and however.

PostgreSQL: `(owner_id, conversation_id)` refers to `(owner_id, id)`, in place of Django's key on the id alone. SQLite
cannot add a constraint to a table, so a pair of triggers looks before each insert and each change of the two columns.
"""

from __future__ import annotations

from collections.abc import Iterator

from memories.postgres.catalog import Catalog
from memories.postgres.tables import InnerKey, inner_keys


def statements(catalog: Catalog) -> Iterator[str]:
    """What is missing on PostgreSQL. Each step holds its lock for a moment: NOT VALID looks at no row that is there,
    VALIDATE lets others write meanwhile; an index is built beside the writers."""
    spread = catalog.distributed()
    for target in sorted({key.target for key in inner_keys()} - spread):
        yield from _unique(catalog, target)
    for key in inner_keys():
        if not spread.intersection((key.table, key.target)):  # `distribute` sees to those
            yield from _foreign(catalog, key)


def _unique(catalog: Catalog, table: str) -> Iterator[str]:
    name, index = f"{table}_owner_and_id", f"{table}_owner_and_id_index"
    there = catalog.constraints(table)
    if any(kind in "pu" and columns == ("owner_id", "id") for kind, columns, _ in there.values()):
        return
    if index in catalog.indexes(table):
        # Left behind by a build that was interrupted, and of no use.
        yield f"DROP INDEX CONCURRENTLY {index}"
    yield f"CREATE UNIQUE INDEX CONCURRENTLY {index} ON {table} (owner_id, id)"
    yield f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {index}"


def _foreign(catalog: Catalog, key: InnerKey) -> Iterator[str]:
    there = catalog.constraints(key.table)
    if key.name not in there:
        yield f"ALTER TABLE {key.table} ADD CONSTRAINT {key.name} {references(key)} NOT VALID"
    if key.name not in there or not there[key.name][2]:
        yield f"ALTER TABLE {key.table} VALIDATE CONSTRAINT {key.name}"
    for name, (kind, columns, _) in there.items():
        if kind == "f" and columns == (key.column,):
            yield f"ALTER TABLE {key.table} DROP CONSTRAINT {name}"


def references(key: InnerKey, *, cluster: bool = False) -> str:
    """The key itself. Where the row pointed to goes, only the pointer is emptied, never the owner; a cluster does not
    do that by itself, and the site's own statements have done it before."""
    empty = "NO ACTION" if cluster else f"SET NULL ({key.column})"
    deleted = "CASCADE" if key.on_delete == "CASCADE" else empty
    return f"FOREIGN KEY (owner_id, {key.column}) REFERENCES {key.target} (owner_id, id) ON DELETE {deleted}"


# --- SQLite -----------------------------------------------------------------------------------------------------------
def triggers() -> Iterator[str]:
    """Made anew after each migration: Django rebuilds a table to change it, and its triggers go with the old one."""
    for key in inner_keys():
        for moment, event in (("insert", "INSERT"), ("update", f"UPDATE OF owner_id, {key.column}")):
            name = f"{key.name}_{moment}"
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield (
                f"CREATE TRIGGER {name} BEFORE {event} ON {key.table} "
                f"WHEN NEW.{key.column} IS NOT NULL AND NOT EXISTS ({_there(key)}) "
                f"BEGIN SELECT RAISE(ABORT, 'FOREIGN KEY constraint failed: {key.name}'); END"
            )


def _there(key: InnerKey) -> str:
    return f"SELECT 1 FROM {key.target} WHERE id = NEW.{key.column} AND owner_id = NEW.owner_id"  # noqa: S608
