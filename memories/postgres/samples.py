"""No samples of what people say: for its planner PostgreSQL keeps values of each column in a catalogue, also those of
rows deleted since, until enough of the table has changed. Nothing here is looked for by words across people, so columns
that the inventory names for their words, or for who somebody is, are not sampled at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from memories.inventory import TABLES
from memories.postgres.catalog import Catalog


def statements(catalog: Catalog) -> Iterator[str]:
    """What is missing, as SQL; nothing where everything is there."""
    elsewhere = catalog.distributed() | catalog.taken_over()
    for table, columns in named().items():
        sampled = {} if table in elsewhere else catalog.sampled(table, columns)
        if not sampled:
            continue
        yield _altered(table, [f"{column} SET STATISTICS 0" for column in sampled])
        if catalog.analyzed(table):
            # To name a column's type anew drops its samples; the rows stay as they are.
            yield _altered(table, [f"{column} TYPE {kind}" for column, kind in sampled.items()])


def named() -> dict[str, list[str]]:
    """The columns of each table that hold people's words, what is made of them, or who somebody is."""
    found: dict[str, list[str]] = defaultdict(list)
    for table in TABLES:
        meta = table.table._meta
        told = {name for name, nature in table.columns.items() if nature != "neither"}
        found[meta.db_table] += [str(field.column) for field in meta.local_concrete_fields if field.name in told]
    return found


def _altered(table: str, changes: list[str]) -> str:
    return f"ALTER TABLE {table} {', '.join(f'ALTER COLUMN {change}' for change in changes)}"
