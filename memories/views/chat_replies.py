"""How a page starts a reply and follows it: the one place that knows servers with and without an event loop."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from asgiref.sync import async_to_sync
from django.core.handlers.asgi import ASGIRequest
from django.template.loader import render_to_string

from memories import chat, live, llm
from memories.chat_types import ChatEvent, Delta, Message, Posted, Thought
from memories.errors import MemoriesError
from memories.learning import learn_turn
from memories.markdown import rendered
from memories.middleware import MemoryRequest
from memories.offload import inline, later, pooled
from memories.trouble import named
from memories.views.chat_contexts import shown

logger = logging.getLogger(__name__)

BEAT = 15.0
"""Seconds of silence after which a comment keeps the connection open."""
POLL = 0.3
"""Seconds between two looks at a row that another process writes; up to `SELDOM` while nothing changes."""
SELDOM = 1.2
PAINT = 0.15
"""Seconds between two renderings of the Markdown so far; more when they take long."""
LEARN = 60.0
"""Seconds that a page waits to hear what was learned; a reload tells it later."""
WITHOUT = 3.0
"""Seconds that a page without scripts waits for a reply. After that it shows what there is, with Stop, and loads itself
anew until the reply is whole."""


def begin(request: MemoryRequest, posted: Posted, *, wait: bool) -> None:
    """Has the reply written. On an ASGI server in the background; `wait` gives it a moment to be there. Elsewhere there
    is no loop that would outlive the request, so it is always waited for."""
    if posted.repeated or posted.reply.status != "streaming":
        return  # Whoever took the first press of Send is writing it, or has written it.
    if isinstance(request, ASGIRequest):
        async_to_sync(_background)(request, posted, wait)
        return
    async_to_sync(_drained)(request, posted)
    if llm.configured():
        learn_turn(request.user, posted.turn.id)  # type: ignore[arg-type]  # signed in


async def _background(request: MemoryRequest, posted: Posted, wait: bool) -> None:
    reply = await live.start(request.user, posted.reply.id, posted.turn.id)  # type: ignore[arg-type]  # signed in
    if wait:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WITHOUT):
                await reply.finished()


async def _drained(request: MemoryRequest, posted: Posted) -> None:
    async for _ in chat.reply(request.user, posted.reply.id, run=inline):  # type: ignore[arg-type]  # signed in
        pass


async def events(request: MemoryRequest, conversation_id: str, reply_id: str) -> AsyncGenerator[str, None]:
    """A reply as server-sent events: `html` (all so far), `text` and `thought` (what is new), `turn` (a finished turn,
    to be put in its place), `end`. The ownership of both ids was checked by the caller."""
    yield ": hello\n\n"
    writing = live.find(reply_id)
    source = _followed(writing) if writing else _polled(request, conversation_id, reply_id)
    async for event in source:
        yield event
    try:
        yield _event("turn", await pooled(turn_html, request, conversation_id, reply_id))
        async for event in _learning(request, conversation_id, reply_id):
            yield event
    except MemoriesError:
        pass  # Deleted or wiped meanwhile: there is nothing left to tell.
    except Exception as error:
        # A stream that breaks off is asked for again by the browser, for ever; the page has what there is.
        logger.error("a stream failed: %s", named(error))
    yield _event("end", {})


async def _followed(reply: live.Live) -> AsyncIterator[str]:
    text, painted, painting = "", 0.0, PAINT
    async for batch in reply.follow(BEAT):
        if not batch:
            yield ": still here\n\n"
            continue
        for name, new in _joined(batch):
            text += new if name == "text" else ""
            yield _event(name, {"text": new})
        now = time.monotonic()
        if text and now - painted > painting:
            html = await pooled(rendered, text) if len(text) > 4000 else rendered(text)
            painted = time.monotonic()
            painting = max(PAINT, 10 * (painted - now))
            yield _event("html", {"html": html})


def _joined(batch: list[ChatEvent]) -> list[tuple[str, str]]:
    """The new texts of a batch, each kind in one piece."""
    told = [
        ("thought", "".join(event.text for event in batch if isinstance(event, Thought))),
        ("text", "".join(event.text for event in batch if isinstance(event, Delta))),
    ]
    return [(name, text) for name, text in told if text]


async def _polled(request: MemoryRequest, conversation_id: str, reply_id: str) -> AsyncIterator[str]:
    """Another process writes the reply, or did: its row is looked at until it says that it has ended."""
    seen, quiet, wait = -1, time.monotonic(), POLL
    while True:
        try:
            message = await pooled(_message, request, conversation_id, reply_id)
        except MemoriesError:
            return
        if len(message.text) != seen:
            seen, quiet, wait = len(message.text), time.monotonic(), POLL
            yield _event("html", {"html": await pooled(rendered, message.text)})
        elif time.monotonic() - quiet > BEAT:
            quiet = time.monotonic()
            yield ": still here\n\n"
        if message.status != "streaming":
            return
        await asyncio.sleep(wait)
        wait = min(SELDOM, 1.3 * wait)


async def _learning(request: MemoryRequest, conversation_id: str, reply_id: str) -> AsyncIterator[str]:
    """What the person's turn taught, when it is known."""
    turn = await pooled(_question, request, conversation_id, reply_id)
    if turn is None or turn.learning == "off":
        return
    # Whoever wrote the reply learns; should that process be gone, this one does. Only one of them gets the turn.
    later(learn_turn, request.user, turn.id)
    until, beat = time.monotonic() + LEARN, time.monotonic() + BEAT
    while turn.learning == "pending" and not turn.late and time.monotonic() < until:
        await asyncio.sleep(POLL)
        if time.monotonic() > beat:
            beat += BEAT
            yield ": still here\n\n"
        turn = await pooled(_message, request, conversation_id, turn.id)
    yield _event("turn", await pooled(turn_html, request, conversation_id, turn.id))


def _message(request: MemoryRequest, conversation_id: str, message_id: str) -> Message:
    if live.find(message_id) is None:
        request.chats.close_abandoned()
    return request.chats.message(message_id, conversation_id=conversation_id)


def _question(request: MemoryRequest, conversation_id: str, reply_id: str) -> Message | None:
    reply = request.chats.message(reply_id, conversation_id=conversation_id)
    earlier = request.chats.messages(conversation_id, before=reply.position, limit=1)
    return earlier[0] if earlier and earlier[0].role == "user" else None


def turn_html(request: MemoryRequest, conversation_id: str, message_id: str, held: str = "") -> dict[str, Any]:
    """One turn as it stands, with the id of the place it belongs in."""
    conversation = request.chats.get(conversation_id)
    message = request.chats.message(message_id, conversation_id=conversation_id)
    view = shown(
        message,
        last=request.chats.is_last(message.id, conversation_id=conversation_id),
        left_out=conversation.left_out,
        held=held,
    )
    html = render_to_string("chat/_turn.html", {"turn": view, "conversation": conversation}, request)
    return {"id": f"turn-{message.id}", "html": html, "status": message.status}


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
