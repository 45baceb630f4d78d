"""Replies that are being written in this process: each is a task of its own, so that it goes on when nobody reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from accounts.models import User
from memories import chat, llm
from memories.chat_types import ChatEvent, Closed
from memories.learning import learn_turn
from memories.offload import later, pooled

PATIENCE = 5.0
"""Seconds that a reply which nobody reads is given when the server stops; one that is read has had the server's own."""


class Live:
    """A reply's events, for as many readers as like. Lives on one event loop."""

    def __init__(self) -> None:
        self._events: list[ChatEvent] = []
        self._readers: set[asyncio.Event] = set()
        self._done = asyncio.Event()

    def publish(self, event: ChatEvent) -> None:
        """Wakes every reader at once."""
        self._events.append(event)
        if isinstance(event, Closed):
            self._done.set()
        for reader in self._readers:
            reader.set()

    async def follow(self, beat: float) -> AsyncIterator[list[ChatEvent]]:
        """All events from the first on, in batches, until the end; an empty batch after `beat` seconds of silence."""
        news = asyncio.Event()
        self._readers.add(news)
        read = 0
        try:
            while True:
                news.clear()
                fresh = self._events[read:]
                read += len(fresh)
                if fresh:
                    yield fresh
                elif self._done.is_set():
                    return
                else:
                    await _either(news, beat)
                    if not news.is_set():
                        yield []
        finally:
            self._readers.discard(news)

    @property
    def ended(self) -> bool:
        """Nothing more will come."""
        return self._done.is_set()

    async def finished(self) -> None:
        """Returns when the reply has ended."""
        await self._done.wait()


_LIVE: dict[str, Live] = {}
# The loop keeps only weak references to tasks.
_TASKS: set[asyncio.Task[None]] = set()


def find(reply_id: str) -> Live | None:
    """The reply, if this process is writing it. Whether it may be read is for the caller to have checked."""
    return _LIVE.get(reply_id)


async def start(user: User, reply_id: str, turn_id: str) -> Live:
    """Begins to write a reply on the loop that runs this; returns at once."""
    if reply_id in _LIVE:
        return _LIVE[reply_id]
    live = _LIVE[reply_id] = Live()
    task = asyncio.create_task(_write(user, reply_id, turn_id, live))
    _TASKS.add(task)
    task.add_done_callback(_TASKS.discard)
    return live


async def drain(seconds: float = PATIENCE) -> None:
    """Brings to an end what this process writes, for the server stops: after so many seconds a reply is closed as
    stopped, with the text that has come. Returns when every row says so."""
    if _TASKS:
        await asyncio.wait(_TASKS, timeout=seconds)
    for task in _TASKS:
        task.cancel()
    await asyncio.gather(*_TASKS, return_exceptions=True)


async def _write(user: User, reply_id: str, turn_id: str, live: Live) -> None:
    try:
        async for event in chat.reply(user, reply_id, run=pooled):
            live.publish(event)
    finally:
        # A cancelled task (the server stops) has yielded no end.
        if not live.ended:
            live.publish(Closed("stopped"))
        _LIVE.pop(reply_id, None)
        if llm.configured():
            later(learn_turn, user, turn_id)


async def _either(news: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(news.wait(), seconds)
    except TimeoutError:
        return
