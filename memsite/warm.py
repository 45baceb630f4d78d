"""Loads what the first search would wait for, while the server already answers."""

from __future__ import annotations

import logging
import threading

logger = logging.getLogger(__name__)


def start() -> threading.Thread:
    """Returns at once; the thread is a daemon, so that a server told to stop does not wait for it."""
    thread = threading.Thread(target=_load, name="warm", daemon=True)
    thread.start()
    return thread


def _load() -> None:
    try:
        # Imported here and not above: the import itself is most of what takes time.
        from memories.warming import warm

        warm()
    except Exception:
        # The first search will meet the same error and say it to the person; a server that serves the rest is better
        # than one that does not start.
        logger.exception("warming up failed")
