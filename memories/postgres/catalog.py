"""What the database has already, so that every step can be run again and does only what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection


class Catalog:
    """Reads PostgreSQL's catalogues through the current connection."""

    def __init__(self) -> None:
        [(self._role, self.schema)] = self._rows("SELECT current_user, current_schema()")

    @property
    def role(self) -> str:
        """Who is logged in, quoted."""
        return connection.ops.quote_name(self._role)

    def security(self, table: str) -> tuple[set[str], bool, bool]:
        """Names of its row policies; whether they count, and whether for the table's owner too."""
        names = self._rows("SELECT polname FROM pg_policy WHERE polrelid = %s::regclass", table)
        [(enabled, forced)] = self._rows(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", table
        )
        return {name for (name,) in names}, enabled, forced

    def constraints(self, table: str) -> dict[str, tuple[str, tuple[str, ...], bool]]:
        """Per name: its kind (`p`, `u`, `f`, `c`), its columns in order, and whether it was held against every row."""
        found = self._rows(
            "SELECT conname, contype, convalidated, "
            "ARRAY(SELECT attname FROM unnest(conkey) WITH ORDINALITY AS k(n, i) "
            "JOIN pg_attribute ON attrelid = conrelid AND attnum = k.n ORDER BY k.i)::text[] "
            "FROM pg_constraint WHERE conrelid = %s::regclass",
            table,
        )
        return {name: (kind, tuple(columns), valid) for name, kind, valid, columns in found}

    def identity(self, table: str) -> list[str]:
        """The columns that count by themselves."""
        found = self._rows(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attidentity <> '' AND NOT attisdropped",
            table,
        )
        return [name for (name,) in found]

    def sampled(self, table: str, columns: Sequence[str]) -> dict[str, str]:
        """Those of these columns, texts and bytes alone, of whose values samples may be kept; each with its type."""
        found = self._rows(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attname = ANY(%s) AND attstattarget IS DISTINCT FROM 0 "
            "AND atttypid::regtype::text IN ('text', 'character varying', 'bytea', 'json', 'jsonb', 'inet') ORDER BY 1",
            table,
            list(columns),
        )
        return dict(found)

    def analyzed(self, table: str) -> bool:
        """Whether the server has ever looked through its values."""
        [(found,)] = self._rows("SELECT reltuples >= 0 FROM pg_class WHERE oid = %s::regclass", table)
        return bool(found)

    def indexes(self, table: str) -> set[str]:
        return {
            name
            for (name,) in self._rows(
                "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = %s::regclass", table
            )
        }

    @property
    def database(self) -> str:
        """Quoted."""
        return connection.ops.quote_name(str(connection.settings_dict["NAME"]))

    def has(self, extension: str) -> bool:
        """Whether an extension is there in this database."""
        return bool(self._rows("SELECT 1 FROM pg_extension WHERE extname = %s", extension))

    def distributed(self) -> set[str]:
        """The tables that Citus keeps on other machines, copies on all of them included."""
        return self._known_to_citus("partmethod <> 'n' OR repmodel = 't'")

    def taken_over(self) -> set[str]:
        """Those that Citus keeps on the coordinator: it takes every table that gets a key to one it has copied."""
        return self._known_to_citus("partmethod = 'n' AND repmodel <> 't'")

    def coordinator(self) -> tuple[str, int, bool] | None:
        """Its address as the others know it, and whether it is to hold rows like them; None where it has none."""
        found = self._rows("SELECT nodename, nodeport, shouldhaveshards FROM pg_dist_node WHERE groupid = 0")
        return found[0] if found else None

    def _known_to_citus(self, how: str) -> set[str]:
        if not self.has("citus"):
            return set()
        found = self._rows(f"SELECT logicalrelid::text FROM pg_dist_partition WHERE {how}")  # noqa: S608  # one of the two above
        return {name for (name,) in found}

    def rows(self, table: str) -> int:
        """How many, whoever's: as the tables' owner, inside a transaction."""
        self._run("SET LOCAL app.everyone = 'on'")
        [(found,)] = self._rows(f"SELECT count(*) FROM {table}")  # noqa: S608
        self._run("SET LOCAL app.everyone = ''")
        return int(found)

    def _run(self, sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    def _rows(self, sql: str, *values: Any) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            rows: list[Any] = cursor.fetchall()
        return rows
