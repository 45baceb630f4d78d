"""The two words a server has for its own life: it starts, it stops. Django's application speaks of requests alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]


class Lifespan:
    """An application that is told when its server stops: `drain` runs after the last request, before the process ends.

    Without it uvicorn ends the process with every task that is no request of its own still running.
    """

    def __init__(self, application: Application, drain: Callable[[], Awaitable[None]]) -> None:
        self._application, self._drain = application, drain

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._application(scope, receive, send)
            return
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._drain()
        await send({"type": "lifespan.shutdown.complete"})
