"""Reads a person's turns for memories. The turn is the job: a crash at any moment leaves it to be taken up again."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from accounts.models import User
from memories.assistant.clashes import clash
from memories.desk import ReplyDesk
from memories.earlier import held_back, may_use
from memories.errors import AccountGone, BudgetSpent, ConversationNotFound, MemoriesError, MemoryNotFound, QuotaExceeded
from memories.owner import CHAT
from memories.scoped import ScopedMemory
from memories.storage.due import Claim, due
from memories.trouble import named
from memories.types import Learned, Memory

logger = logging.getLogger(__name__)

CONTEXT = 4
"""Turns before that help to understand one."""


def learn_turn(user: User, message_id: str) -> Learned | None:
    """Takes the turn, if it is still to be learned from, and settles it; None when nothing came of it.

    Never raises: what goes wrong is written on the turn, to be tried again later and shown meanwhile.
    """
    try:
        desk = ReplyDesk(user)
        claim = desk.claim(message_id)
        return _learned(user, desk, claim) if claim else None
    except (AccountGone, ConversationNotFound, MemoryNotFound, TypeError):
        return None  # Wiped, deleted or closed meanwhile: there is nothing left to learn.
    except Exception as error:
        logger.error("learning failed: %s", named(error))
        return None


def learn_due(limit: int = 20) -> int:
    """Takes up what is due for anyone, the longest waiting first; how many turns were looked at."""
    waiting = due(limit)
    for owner_id, message_id in waiting:
        user = User.objects.filter(pk=owner_id, is_active=True).first()
        if user:
            learn_turn(user, str(message_id))
    return len(waiting)


def _learned(user: User, desk: ReplyDesk, claim: Claim) -> Learned | None:
    memory = ScopedMemory(user, door=CHAT)
    if not memory.preferences.learn:
        desk.learned(claim, "off")
        return None
    try:
        context = _context(memory, desk, claim)
        learned = memory.learn(claim.text, message_id=str(claim.message_id), said_at=claim.said_at, context=context)
    except QuotaExceeded:
        # Trying again by itself would not help; the page says so beside Retry.
        desk.learned(claim, "failed", {"full": True})
        return None
    except BudgetSpent as error:
        # Tomorrow, by itself.
        desk.put_off(claim, until=error.ends)
        return None
    except MemoriesError:
        desk.put_off(claim)
        return None
    except Exception:
        desk.put_off(claim)
        raise
    if learned.known:
        desk.known(claim, [known.id for known in learned.known])
    desk.learned(claim, "saved" if learned.saved else "nothing", _offers(memory, learned))
    return learned


def _context(memory: ScopedMemory, desk: ReplyDesk, claim: Claim) -> list[dict[str, str]]:
    """The turns before, as an engine reads them: none of what was forgotten since is learned from an earlier reply."""
    if not memory.capabilities.context:
        return []
    conversation, before = desk.before(claim, CONTEXT)
    back = held_back(memory, conversation, before, allowed=may_use(memory, conversation))
    return [{"role": turn.role, "content": turn.text} for turn in before if turn.id not in back]


def _offers(memory: ScopedMemory, learned: Learned) -> dict[str, Any] | None:
    """What the page asks about: facts once forgotten, and memories that can hardly both be true."""
    clashes = [pair for new in learned.saved for pair in _clashes(new, memory.search(new.memory, limit=10))]
    offers: dict[str, Any] = {"refused": list(learned.refused), "clashes": clashes}
    return {name: value for name, value in offers.items() if value} or None


def _clashes(new: Memory, others: Sequence[Memory]) -> list[list[str]]:
    return [[new.id, old.id] for old in others if old.id != new.id and clash(new.memory, old.memory)]
