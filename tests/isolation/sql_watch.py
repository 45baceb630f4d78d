"""Looks at each statement on its way to the database: one on a person's rows has to carry that person's key."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection

from tests.postgres import on_citus

_INSERT = re.compile(r'INSERT (?:OR IGNORE )?INTO "?(\w+)"? \(([^)]*)\)', re.IGNORECASE)
_COMPARED = re.compile(r'owner_id"? = %s', re.IGNORECASE)


class Unscoped(AssertionError):
    """A statement that names no owner, or another one."""


def tenant_tables() -> set[str]:
    """Those with an owner. What outlives an account has none, and holds keys and numbers alone."""
    models = apps.get_app_config("memories").get_models()
    return {model._meta.db_table for model in models if "owner" in {field.name for field in model._meta.fields}}


def owners_named(sql: str, params: Any) -> list[Any]:
    """The values that a statement compares `owner_id` with, or writes into it."""
    values = list(params or ())
    insert = _INSERT.match(sql)
    # INSERT ... SELECT takes the owner from the rows it reads, which are compared below.
    if insert and ("VALUES" in sql or "FROM UNNEST" in sql):
        columns = [column.strip().strip('"') for column in insert[2].split(",")]
        written = values[columns.index("owner_id") :: len(columns)] if "owner_id" in columns else []
        # Many rows at once: PostgreSQL takes a list for each column.
        return [key for one in written for key in (one if isinstance(one, list) else [one])]
    # The n-th placeholder of the text is the n-th value.
    return [values[sql.count("%s", 0, found.start())] for found in _COMPARED.finditer(sql)]


def _outlives(sql: str, named: list[Any]) -> bool:
    """The receipt of an account that is gone: numbers, and nobody's name."""
    return named == [None] and sql.startswith('INSERT INTO "memories_receipt"')


def apart(sql: str) -> list[str]:
    """The joins of tenant tables whose condition does not compare the owners: rows on two machines, on a cluster."""
    joins = re.split(r"\b(?:INNER|LEFT OUTER|CROSS)? ?JOIN\b", sql)[1:]
    conditions = [re.split(r"\b(?:WHERE|GROUP BY|ORDER BY)\b", join)[0] for join in joins]
    return [on for on in conditions if "memories_" in on and not re.search(r'owner_id"? = \(?[\w".]*owner_id', on)]


@contextlib.contextmanager
def watched(owner_pk: int) -> Iterator[list[str]]:
    """Yields the statements on tenant tables as they are made; raises Unscoped at one that is not this owner's."""
    tables, seen = tenant_tables(), []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if tables & set(re.findall(r"\bmemories_\w+", sql)):
            seen.append(sql)
            named = owners_named(sql, params)
            if any(value != owner_pk for value in named) and not _outlives(sql, named):
                raise Unscoped(f"names another owner: {sql}")
            if not named:
                raise Unscoped(f"names no owner: {sql}")
            if apart(sql):
                raise Unscoped(f"joins without comparing the owners: {sql}")
        return execute(sql, params, many, context)

    with _on_one_machine(), connection.execute_wrapper(look):
        yield seen


@contextlib.contextmanager
def _on_one_machine() -> Iterator[None]:
    """A cluster is asked itself: it refuses a statement for which it would have to turn to more than one."""
    if not on_citus() or connection.needs_rollback:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET citus.multi_task_query_log_level = 'error'")
    try:
        yield
    finally:
        # In a transaction that failed the setting goes back with it.
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("RESET citus.multi_task_query_log_level")
