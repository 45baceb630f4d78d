"""The assistant behind any OpenAI-compatible server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence

from memories import llm
from memories.assistant.thinking import Thinking
from memories.chat_types import ChatEvent, Closed, Delta, Thought


class OpenAI:
    """One question to the model of the settings."""

    def __init__(self, messages: Sequence[Mapping[str, str]]) -> None:
        self._messages = messages

    async def reply(self) -> AsyncIterator[ChatEvent]:
        """The answer as the model sends it, thoughts told apart. ModelError."""
        thinking, finish = Thinking(), ""
        async for piece in llm.astream(self._messages):
            if piece.thought:
                yield Thought(piece.thought)
            for event in _events(thinking.feed(piece.text)):
                yield event
            finish = piece.finish or finish
        for event in _events(thinking.end()):
            yield event
        yield Closed("done", finish)


def _events(told: tuple[str, str]) -> list[ChatEvent]:
    answer, thought = told
    events: list[ChatEvent] = []
    if thought:
        events.append(Thought(thought))
    if answer:
        events.append(Delta(answer))
    return events
