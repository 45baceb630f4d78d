"""mem0's history port, bound to one owner. `MemoryRows` keeps versions; raw messages are not kept twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from memories.owner import Owner
from memories.storage.memories import MemoryRows
from memories.storage.ports import unreachable
from memories.validation import valid_id


class History:
    """mem0 would keep the last ten messages for ever and send deleted ones to the model again. Here the pipeline is
    given the turns to look back on, for one call, and nothing of them is stored."""

    def __init__(self, owner: Owner, context: Sequence[Mapping[str, str]] = ()) -> None:
        self._owner, self._context = owner, tuple(context)

    def get_history(self, memory_id: str) -> list[dict[str, Any]]:
        """Every text the memory has had, oldest first, in mem0's words."""
        return [
            {
                "id": f"{memory_id}:{version.number}",
                "memory_id": memory_id,
                "old_memory": version.old_memory,
                "new_memory": version.new_memory,
                "event": version.event,
                "created_at": version.created_at.isoformat(),
            }
            for version in MemoryRows(self._owner).history(valid_id(memory_id))
        ]

    def get_last_messages(self, session_scope: str, limit: int = 10) -> list[dict[str, str]]:
        """The turns before, as the caller chose them."""
        if session_scope != f"user_id={self._owner.name}":
            unreachable()
        return [dict(message) for message in self._context[-limit:]]

    def save_messages(self, messages: Sequence[Mapping[str, Any]], session_scope: str) -> None:
        """Nothing: the conversation itself is the one copy."""

    def batch_add_history(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Nothing: the row written is its own first version."""

    def close(self) -> None:
        """Nothing is open."""

    add_history = reset = unreachable
