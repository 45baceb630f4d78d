"""What an assistant promises."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from memories.chat_types import ChatEvent


class Assistant(Protocol):
    """Answers one turn; made for it, with all that it needs to know."""

    def reply(self) -> AsyncIterator[ChatEvent]:
        """The answer as it comes: Delta, Thought; a Closed at its end may carry the reason in `error`. ModelError."""
        ...
