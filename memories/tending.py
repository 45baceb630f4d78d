"""One pass of background work, and the loop around it.

Each step is safe in several processes at once and at any moment of a crash: what is to be done is read from the rows
themselves, claimed or locked there, and done in one transaction. Nothing is kept here between two passes.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.db import close_old_connections
from django.utils import timezone

from memories import retention
from memories.engines import engine_for, platform_erasing
from memories.learning import learn_due
from memories.owner import Owner
from memories.retention import SITE
from memories.storage import erasing, everyone, expiring, ledger
from memories.storage.activity import KEPT, ActivityLog
from memories.storage.importing import purge_stale_imports
from memories.storage.index_cache import indexes
from memories.storage.owner_scope import reading
from memories.storage.replies import close_all_abandoned
from memsite import caches

logger = logging.getLogger(__name__)

MANY = 100
"""Owners that one step looks after in one pass; those left over are first in the next."""
EVERY = 5.0
"""Seconds between two passes in the demo: an undo window that ended is off the disk soon after."""


def tend_once(failed: list[str] | None = None) -> dict[str, int]:
    """One pass: how much each step did, steps that did nothing left out. A step that fails is logged and does not keep
    the others from being done; it comes again in the next pass, and its name is put into `failed`."""
    done = {name: count for name, step in STEPS if (count := _tried(name, step, failed))}
    if done:
        logger.info("tended: %s", ", ".join(f"{name} {count}" for name, count in done.items()))
    return done


def tend(seconds: float, stop: threading.Event) -> None:
    """Passes, with so many seconds between them, until told to stop."""
    while not stop.is_set():
        tend_once()
        close_old_connections()
        stop.wait(seconds)


def start_in_background(seconds: float = EVERY) -> threading.Event:
    """The loop in a thread of this process, for the demo; set the event to end it. Elsewhere `manage.py tend --loop`
    runs beside the servers."""
    stop = threading.Event()
    # A daemon: a server that is told to stop does not wait for it, and a pass may end anywhere.
    threading.Thread(target=tend, args=(seconds, stop), name="tend", daemon=True).start()
    return stop


def _tried(name: str, step: Callable[[], int], failed: list[str] | None = None) -> int:
    try:
        return step()
    except Exception as error:
        # The class alone: a message might quote a row.
        logger.error("tending failed at %s: %s", name, type(error).__name__)
        if failed is not None:
            failed.append(name)
        return 0


# --- The steps --------------------------------------------------------------------------------------------------------
def _ended() -> int:
    return sum(map(retention.purge_ended, everyone.people("owners_with_ended", timezone.now(), MANY)))


def _chats() -> int:
    return sum(map(retention.purge_ended, everyone.people("owners_with_expired_chats", timezone.now(), MANY)))


def _expired() -> int:
    return sum(map(retention.purge, everyone.people("owners_with_expired", timezone.now(), MANY)))


def _outlived() -> int:
    now = timezone.now()
    three, twelve, more = (expiring.before(now, months) for months in expiring.MONTHS)
    found = everyone.ask("owners_with_outlived", three=three, twelve=twelve, more=more, most=MANY)
    return sum(map(retention.purge, everyone.with_keys([key for (key,) in found])))


def _platform() -> int:
    """What mem0's platform, where memories are kept there, has still to confirm."""
    return platform_erasing.go_on_with_due() + sum(
        map(_on_platform, everyone.people("owners_with_platform_work", timezone.now(), MANY))
    )


def _on_platform(owner: Owner) -> int:
    """Whatever is the matter with one person's, the others' are seen to."""
    engine = engine_for(owner, SITE)
    steps = [getattr(engine, verb) for verb in ("erase_due", "settle_due") if hasattr(engine, verb)]
    return sum(_tried("mem0's platform", step) for step in steps)


def _log() -> int:
    dropped = 0
    for owner in everyone.people("owners_with_old_activity", timezone.now() - KEPT, MANY):
        with reading(owner):
            dropped += ActivityLog(owner, SITE).drop_old()
    return dropped


def _sessions() -> int:
    # Imported here: the models of allauth are of no use to those who import the steps.
    from accounts.sessions import drop_expired

    return drop_expired()


def _ledger() -> int:
    return ledger.drop_old()


def _disk() -> int:
    """What was erased leaves the disk; 1 when a receipt waited for it."""
    indexes.sweep()
    waiting = erasing.unsettled()
    settled = erasing.settle()
    return int(waiting and settled)


STEPS: tuple[tuple[str, Callable[[], int]], ...] = (
    ("replies left by dead workers", close_all_abandoned),
    ("undo windows ended", _ended),
    ("temporary chats", _chats),
    ("memories past their end", _expired),
    ("memories older than wanted", _outlived),
    ("uploads without a yes", purge_stale_imports),
    ("old lines of the log", _log),
    ("sessions", _sessions),
    ("counters that are over", caches.drop_expired),
    ("ledger of erasures", _ledger),
    ("mem0's platform", _platform),
    # Last but for the disk: a model may take its time.
    ("turns read for memories", learn_due),
    ("disk", _disk),
)
