"""Brings a database up to what isolation needs of it; `manage.py migrate` ends with this."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection

from memories.postgres import functions, keys, policies, samples
from memories.postgres.catalog import Catalog

LOCK = 0x6D656D73
"""Of `manage.py migrate`, held in the database: several servers may start at once and each run it."""


def protect(tell: Callable[[str], object] = lambda _: None) -> int:
    """Runs what is missing, tells each statement, and returns how many there were. Does nothing on a second run, except
    that functions and triggers are written anew. Not inside a transaction: indexes are built beside the writers."""
    if connection.vendor == "sqlite":
        return _run(keys.triggers(), tell)
    if connection.vendor != "postgresql":
        return 0
    return sum(_run(part.statements(Catalog()), tell) for part in (keys, policies, functions, samples))


def _run(statements: object, tell: Callable[[str], object]) -> int:
    ran = 0
    with connection.cursor() as cursor:
        for statement in list(statements):  # type: ignore[call-overload]  # read to its end before the first one runs
            tell(statement)
            cursor.execute(statement)
            ran += 1
    return ran
