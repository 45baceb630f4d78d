"""What a test itself looks up in a tenant table, past the row policies.

The site's statements run as its own role, under the policies. A test that asks the table directly (`Memory.objects...`)
names no owner's scope; its statement, told by who made it, runs as a role that sees every row. On a cluster, whose
machines would not show one role what another has not yet committed, a policy of the tests opens the rows instead.
"""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from tests.postgres import PEEK, on_citus

ROOT = Path(__file__).resolve().parents[1]
TABLE = re.compile(r"\bmemories_\w+")
# Models and their managers speak for whoever uses them; the others look at statements on their way.
NEUTRAL = tuple(
    str(ROOT / path)
    for path in ("memories/models/", "accounts/models.py", "tests/peeking.py", "tests/isolation/sql_watch.py", ".venv/")
)
TWINS = "peeking"
"""Where a cluster has the site's functions a second time, for tests within a transaction of their own."""
IDLE, FAILED = 0, 3
"""No transaction, and one that can only be rolled back, as libpq numbers them."""
_closed: ContextVar[bool] = ContextVar("closed", default=False)


def peek(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """An execute wrapper, on every connection of the run."""
    connection = context["connection"]
    if on_citus() and connection.in_atomic_block:
        sql = sql.replace(" FROM memsite_", f" FROM {TWINS}.memsite_")
    if _closed.get() or not TABLE.search(sql) or not _made_by_a_test():
        return execute(sql, params, many, context)
    if on_citus():
        with _by_policy(connection):
            return execute(sql, params, many, context)
    with connection.connection.cursor() as bare:
        bare.execute(f"SET ROLE {PEEK}")
    try:
        return execute(sql, params, many, context)
    finally:
        if _goes_on(connection):
            with connection.connection.cursor() as bare:
                bare.execute("RESET ROLE")


@contextlib.contextmanager
def _by_policy(connection: Any) -> Iterator[None]:
    """The machines are told a setting of the transaction, and no other: one is opened where there is none."""
    alone = connection.connection.info.transaction_status == IDLE
    with connection.connection.cursor() as bare:
        if alone:
            bare.execute("BEGIN")
        bare.execute("SET LOCAL app.peek = 'on'")
    try:
        yield
    finally:
        with connection.connection.cursor() as bare:
            if _goes_on(connection):
                bare.execute("COMMIT" if alone else "SET LOCAL app.peek = ''")
            elif alone:
                bare.execute("ROLLBACK")


def _goes_on(connection: Any) -> bool:
    """In a transaction that failed the role and the setting go back with it."""
    return bool(connection.connection) and connection.connection.info.transaction_status != FAILED


@contextlib.contextmanager
def no_peeking() -> Iterator[None]:
    """A test's own statements run as the site's."""
    token = _closed.set(True)
    try:
        yield
    finally:
        _closed.reset(token)


def _made_by_a_test() -> bool:
    """Whose the innermost frame of this project is."""
    frame = sys._getframe(2)
    while frame:
        file = frame.f_code.co_filename
        if file.startswith(str(ROOT)) and not file.startswith(NEUTRAL):
            return file.startswith(str(ROOT / "tests"))
        frame = frame.f_back  # type: ignore[assignment]
    return False
