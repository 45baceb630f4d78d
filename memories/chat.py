"""How a turn is answered: planned, streamed, kept, closed. Knows no HTTP."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator

from accounts.models import User
from memories.assistant.base import Assistant
from memories.assistant.offline_words import Words
from memories.assistant.openai import OpenAI
from memories.chat_types import ChatEvent, Closed, Delta
from memories.desk import ReplyDesk
from memories.errors import AccountGone, ConversationNotFound, MemoriesError
from memories.llm import ModelError
from memories.offload import Run
from memories.planning import Plan, prepare
from memories.trouble import named

logger = logging.getLogger(__name__)

EVERY = 0.25
"""Seconds between two writes of what has come: what a crash may lose, and what a Stop may take."""
ALIVE = 1.0
"""Seconds between two signs of life while a model is silent."""
SHARE = 20
"""A slow disk is written to less often: at most one part in so many of the time."""
LONGEST = 100_000
"""Characters of a reply that are kept."""

BROKE = "Something went wrong while this was being written. Your message is safe; try again."
EMPTY = "The language model sent an empty answer. Your message is safe; try again."
CUT = f"The answer was longer than {LONGEST:,} characters and was cut there. What came before is kept."
WITHHELD = "The language model's provider withheld the rest of this answer. What had come is kept."
LIMIT = "The model stopped at its own length limit; ask it to go on."


class _Stopped(Exception):
    """The row was ended elsewhere: Stop was pressed, or the conversation is gone."""


async def reply(user: User, reply_id: str, *, run: Run) -> AsyncIterator[ChatEvent]:
    """Answers a turn that `ScopedChats.post` stored, and writes the answer down as it comes.

    Yields Delta and Thought, and at the end always exactly one Closed, whatever happens to the model, the database or
    the one who reads. Afterwards the person's turn has been read for memories, or is due to be.
    """
    draft = _Draft(ReplyDesk(user), reply_id, run)
    end, plan = Closed("failed", BROKE), None
    try:
        plan = await run(prepare, user, reply_id)
        async for event in _written(plan, draft):
            yield event
        end = _judged(draft)
    except _Stopped:
        end = Closed("stopped")
    except (ConversationNotFound, AccountGone):
        end = Closed("stopped")
    except MemoriesError as error:
        end = Closed("failed", str(error))
    except asyncio.CancelledError:
        end = Closed("stopped")
        raise
    except Exception as error:
        logger.error("a reply failed: %s", named(error))
    finally:
        end = await asyncio.shield(draft.close(end))
    yield end


async def _written(plan: Plan, draft: _Draft) -> AsyncIterator[ChatEvent]:
    try:
        async for event in _paced(_assistant(plan), draft):
            yield event
    except ModelError as error:
        if not (error.too_long and plan.shorter and draft.empty):
            raise
        # The server counts tokens otherwise than we guess: once more with half of it.
        async for event in _paced(OpenAI(plan.shorter), draft):
            yield event


def _assistant(plan: Plan) -> Assistant:
    return Words(plan.words) if plan.words is not None else OpenAI(plan.messages)


async def _paced(assistant: Assistant, draft: _Draft) -> AsyncIterator[ChatEvent]:
    """Passes on what comes at once, and keeps the row up to date beside it, also while nothing comes."""
    queue: asyncio.Queue[ChatEvent | None] = asyncio.Queue(maxsize=200)
    source = asyncio.create_task(_fill(queue, assistant))
    try:
        while True:
            try:
                event = await asyncio.wait_for(queue.get(), EVERY)
            except TimeoutError:
                await draft.tick()
                continue
            if event is None:
                break
            draft.add(event)
            # The assistant's end is not the reply's: its row is still open.
            if not isinstance(event, Closed):
                yield event
            if draft.full:
                break
            await draft.tick()
        if source.done():
            source.result()
    finally:
        source.cancel()
        await asyncio.gather(source, return_exceptions=True)


async def _fill(queue: asyncio.Queue[ChatEvent | None], assistant: Assistant) -> None:
    try:
        async for event in assistant.reply():
            await queue.put(event)
    finally:
        await queue.put(None)


def _judged(draft: _Draft) -> Closed:
    """What the end of a model's answer means."""
    if draft.full:
        return Closed("failed", CUT)
    if not draft.text.strip():
        return Closed("failed", EMPTY)
    if draft.finish == "content_filter":
        return Closed("failed", WITHHELD)
    return Closed("done", LIMIT if draft.finish == "length" else "")


class _Draft:
    """The reply so far, and its row."""

    def __init__(self, desk: ReplyDesk, reply_id: str, run: Run) -> None:
        self._desk, self._reply_id, self._run = desk, reply_id, run
        self._text: list[str] = []
        self._thoughts: list[str] = []
        self._length, self._dirty = 0, False
        self._next, self._last = time.monotonic() + EVERY, time.monotonic()
        self.finish = ""

    @property
    def text(self) -> str:
        return "".join(self._text)

    @property
    def empty(self) -> bool:
        return not self._length

    @property
    def full(self) -> bool:
        return self._length > LONGEST

    def add(self, event: ChatEvent) -> None:
        """Takes what has come, unwritten yet."""
        if isinstance(event, Closed):
            self.finish = event.error
            return
        (self._text if isinstance(event, Delta) else self._thoughts).append(event.text)
        self._length += len(event.text)
        self._dirty = True

    async def tick(self) -> None:
        """Writes if it is time to. Raises _Stopped when the row was ended elsewhere."""
        now = time.monotonic()
        if now < self._next or not (self._dirty or now - self._last > ALIVE):
            return
        self._dirty, self._last = False, now
        if not await self._run(self._desk.keep, self._reply_id, *self._kept()):
            raise _Stopped
        done = time.monotonic()
        self._next = done + max(EVERY, SHARE * (done - now))

    async def close(self, end: Closed) -> Closed:
        """Ends the row; `stopped` when it had been ended elsewhere. A database that does not answer leaves the row to
        be closed by the next reader."""
        try:
            closed = await self._run(self._desk.close, self._reply_id, end.status, *self._kept(), end.error)
        except Exception as error:
            logger.error("a reply could not be closed: %s", named(error))
            return Closed("failed", end.error or BROKE)
        return end if closed else Closed("stopped")

    def _kept(self) -> tuple[str, str]:
        return self.text[:LONGEST], "".join(self._thoughts)[:LONGEST]
