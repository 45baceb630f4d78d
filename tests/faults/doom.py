"""A server that kills itself at a moment a test chose: before its n-th statement that writes.

The order is a file with the number n; while there is none, nothing is counted. What a clock could only hit by luck is
walked through one moment after the other.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

WRITES = ("INSERT ", "UPDATE ", "DELETE ", "PRAGMA WAL_CHECKPOINT")
"""How a statement begins that changes something; the last one what is on the disk."""

BESIDE = ("usersessions_usersession", "accounts_session")
"""Who looked in last: written before or after what is asked for, and no part of it."""


class Doom:
    """In the server: counts, and obeys."""

    def __init__(self, order: Path) -> None:
        self._order, self._passed, self._lock = order, 0, threading.Lock()

    def watch(self) -> None:
        """Over every connection that is made from now on."""
        from django.db.backends.signals import connection_created

        connection_created.connect(self._connected, weak=False)

    def _connected(self, connection: Any, **_: Any) -> None:
        # One that was closed and opened again has it already.
        if self._executed not in connection.execute_wrappers:
            connection.execute_wrappers.append(self._executed)

    def _executed(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        text = str(sql).lstrip()
        if text.upper().startswith(WRITES) and not any(table in text[:50] for table in BESIDE):
            self._moment()
        return execute(sql, params, many, context)

    def _moment(self) -> None:
        with self._lock:
            try:
                told = int(self._order.read_text())
            except FileNotFoundError:
                return
            self._passed += 1
            if self._passed == told:
                # The test sees whether the moment came.
                self._order.unlink()
                os.kill(os.getpid(), signal.SIGKILL)
