"""Says something and has it answered."""

from __future__ import annotations

import json
from typing import Any

from asgiref.sync import async_to_sync

from accounts.models import User
from memories import chat
from memories.chat_types import ChatEvent, Closed, Message, Posted
from memories.chats import ScopedChats
from memories.offload import inline

NOTHING = '{"memory": []}'


def events(user: User, posted: Posted) -> list[ChatEvent]:
    async def collect() -> list[ChatEvent]:
        return [event async for event in chat.reply(user, posted.reply.id, run=inline)]

    told = async_to_sync(collect)()
    assert [isinstance(event, Closed) for event in told] == [False] * (len(told) - 1) + [True]
    return told


def said(user: User, text: str, **where: Any) -> Message:
    """Posts a turn, has it answered, and gives the reply."""
    posted = ScopedChats(user).post(text, **where)
    events(user, posted)
    return ScopedChats(user).message(posted.reply.id)


def fact(text: str) -> str:
    return json.dumps({"memory": [{"id": "0", "text": text, "attributed_to": "user"}]})
