"""Which earlier replies a model may read again: those with nothing in them that may not be used now."""

from __future__ import annotations

from collections.abc import Sequence

from memories.chat_types import Conversation, Message
from memories.scoped import ScopedMemory


def may_use(memory: ScopedMemory, conversation: Conversation) -> bool:
    """Whether memories are to be used in this chat at all."""
    return conversation.mode == "on" and memory.preferences.use_memories


def held_back(
    memory: ScopedMemory, conversation: Conversation, earlier: Sequence[Message], *, allowed: bool
) -> set[str]:
    """Ids of the replies that no model reads again. A reply is read only if everything that it was given from the
    memory may be used now: what was deleted, paused or left out since, or has ended, would come back by its words. With
    the memory off (`allowed` is False) that is nothing: off means off."""
    given = {key for turn in earlier for key in turn.given}
    if not given:
        return set()
    usable = memory.usable(given) - set(conversation.left_out) if allowed else set()
    return {turn.id for turn in earlier if not usable.issuperset(turn.given)}
