"""How many statements something costs, alike on each database."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.db import connection
from django.test.utils import CaptureQueriesContext

OPENING = ("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN", "COMMIT", "SET ")
"""What opening and closing a transaction for one owner says; on SQLite reading needs none."""


@contextlib.contextmanager
def counted() -> Iterator[list[str]]:
    """Yields a list that holds, at the end, the statements that asked or told the database something."""
    told: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield told
    told += [query["sql"] for query in queries if not query["sql"].startswith(OPENING)]
