"""Erases everything of one namespace from the platform, and goes on until that is confirmed.

The wish is written down in the transaction of the erasure itself, so that no crash and no broken network can lose it.
It is confirmed when the platform's event has succeeded, what was still being read has been answered, and a count came
back 0; until then the receipt says so.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from memories.engines.platform_values import held
from memories.engines.platform_wire import Line, Row
from memories.errors import MemoriesError
from memories.models import PlatformErasure
from memories.owner import Owner, erased_owner, owner_of_any
from memories.storage.digests import digest
from memories.storage.moves import Moves
from memories.storage.owner_scope import writing
from memories.storage.platform import PlatformErasures, due_erasures, lost_until, open_events_of
from memories.storage.tombstones import Tombstones
from memories.types import Memory

logger = logging.getLogger(__name__)

PAUSES = (5, 15, 60, 300, 900)
"""Seconds until the next try; the last one goes on, for as long as it takes."""
TRIES = 3
"""After so many the platform's word on what is there is not waited for any more."""


def configured() -> bool:
    """Whether memories are kept on the platform."""
    return bool(settings.MEM0_API_KEY)


def still_read(owner: Owner) -> list[str] | None:
    """The events of turns that are still being read; to be asked before their rows go. None where nothing of this
    owner's is on the platform: it is not in use, and nothing was moved there ahead of that."""
    return open_events_of(owner) if configured() or Moves(owner).went_there() else None


def ask(owner: Owner, receipt_id: uuid.UUID | None, waits_for: Sequence[str] | None) -> PlatformErasure | None:
    """Writes the wish down, in the transaction of the erasure; None where there is nothing to erase there."""
    return None if waits_for is None else PlatformErasures(owner.namespace).ask(receipt_id, waits_for)


def begun(wish: PlatformErasure | None) -> PlatformErasure | None:
    """The same wish after its first steps, which are taken outside of the transaction: at once, or once there is a key
    to take them with."""
    if wish and configured():
        go_on(wish)
    return wish


def go_on(wish: PlatformErasure) -> bool:
    """The next steps of one erasure; True when it is confirmed. Never raises: what did not work is tried again."""
    try:
        done = _step(wish, Line(erased_owner(wish.namespace)))
    except MemoriesError as error:
        logger.warning("the platform did not erase yet: %s", type(error).__name__)
        done = False
    wish.attempts += 1
    wish.confirmed_at = timezone.now() if done else None
    pause = PAUSES[min(wish.attempts, len(PAUSES)) - 1]
    wish.due_at = timezone.now() + dt.timedelta(seconds=pause)
    wish.save()
    return done


def go_on_with_due(limit: int = 20) -> int:
    """For the background pass: how many erasures were confirmed."""
    return sum(go_on(wish) for wish in due_erasures(limit)) if configured() else 0


def _step(wish: PlatformErasure, line: Line) -> bool:
    if wish.found is None:
        wish.found = line.count()
    # What a turn was still being read for would come back after the deletion.
    wish.waits_for = [event for event in wish.waits_for if _may_bring(event, line)]
    if not wish.event_id:
        _mark_if_told(wish, line)
        wish.event_id = line.remove_all()
    status, _ = line.wait_for(wish.event_id, settings.MEM0_PATIENCE)
    if status == "pending":
        return False
    # Failed, or too early: the next step asks anew.
    wish.event_id = ""
    return status == "succeeded" and not wish.waits_for and line.count() == 0


def _may_bring(event: str, line: Line) -> bool:
    """Whether something may still come of it."""
    lost = lost_until(event)
    return timezone.now() < lost if lost else line.event(event)[0] == "pending"


def _mark_if_told(wish: PlatformErasure, line: Line) -> None:
    """Erasing comes first: marks of what the platform will not tell hold it up for a few tries alone."""
    try:
        _mark(wish, line)
    except MemoriesError as error:
        if wish.attempts < TRIES:
            raise
        logger.warning("the platform erases what could not be marked: %s", type(error).__name__)


def _mark(wish: PlatformErasure, line: Line) -> None:
    """What is about to be erased there is not learned again: marks of every text it has had. Right before, and as often
    as it is asked for: at the time of the wipe the platform may have been away. An account that is gone needs none."""
    person = User.objects.filter(namespace=wish.namespace).first()
    if person is None:
        return
    owner = owner_of_any(person)
    found = [memory for rows in line.pages() for row in rows if (memory := _told(row, owner))]
    _lay(owner, {memory.memory for memory in found})
    for memory in found:
        if memory.version > 1:
            _lay(owner, line.earlier(uuid.UUID(memory.id)))


def _told(row: Row, owner: Owner) -> Memory | None:
    """A row that is no memory has no words to be marked."""
    try:
        return held(row, owner).memory
    except MemoriesError:
        return None


def _lay(owner: Owner, texts: set[str]) -> None:
    with writing(owner, bump=False, closed=True) as state:
        Tombstones(owner).lay(digest(state.digest_key, text) for text in texts)
