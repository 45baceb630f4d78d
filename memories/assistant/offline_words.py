"""An answer that is known already, told through the same path as a model's."""

from __future__ import annotations

from collections.abc import AsyncIterator

from memories.chat_types import ChatEvent, Closed, Delta


class Words:
    """Tells an answer line by line."""

    def __init__(self, text: str) -> None:
        self._text = text

    async def reply(self) -> AsyncIterator[ChatEvent]:
        """The answer."""
        for line in self._text.splitlines(keepends=True):
            yield Delta(line)
        yield Closed("done", "stop")
