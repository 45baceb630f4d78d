"""Refuses a request that brings too much before it is read: Django takes each in whole, on disk from 2.5 MB on, before
anybody asks whose it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponseBase

from memsite.lifespan import Application, Message, Receive, Send
from memsite.programs import PROGRAMS
from memsite.views import bad_request

TOO_LARGE = "memsite.too_large"
"""In the scope of a request whose body was left unread."""
Largest = Callable[[dict[str, Any]], Awaitable[int]]
"""How many bytes a request may bring, by its scope."""


class Bodies:
    """An application that never sees more than DATA_UPLOAD_MAX_MEMORY_SIZE bytes, unless `largest` allows them: it is
    asked about what is larger, and only then. What was too much it is told of, with nothing in it."""

    def __init__(self, application: Application, largest: Largest) -> None:
        self._application, self._largest = application, largest

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        body = _Body(scope, receive, self._largest)
        try:
            await body.check(body.said)
            await self._application(scope, body.receive, send)
        except _TooMuch:
            await self._application(body.emptied, body.nothing, send)


class _TooMuch(Exception):
    """More than is allowed; Django has not begun to answer."""


class _Body:
    """One request's, counted as it comes: what a browser says of its length may be missing."""

    def __init__(self, scope: dict[str, Any], receive: Receive, largest: Largest) -> None:
        self._scope, self._receive, self._largest = scope, receive, largest
        self._most, self._asked, self._come, self._told = settings.DATA_UPLOAD_MAX_MEMORY_SIZE, False, 0, False
        given = dict(scope["headers"]).get(b"content-length", b"")
        self.said = int(given) if given.isdigit() and len(given) < 20 else 0

    async def check(self, length: int) -> None:
        """Raises _TooMuch."""
        if length > self._most and not self._asked:
            self._asked, self._most = True, await self._largest(self._scope)
        if length > self._most:
            raise _TooMuch

    async def receive(self) -> Message:
        message = await self._receive()
        self._come += len(message.get("body", b""))
        await self.check(self._come)
        return message

    @property
    def emptied(self) -> dict[str, Any]:
        """The scope for the answer. The length stays: by it programs are refused in their own words."""
        length = (b"content-length", str(max(self.said, self._come)).encode())
        headers = [header for header in self._scope["headers"] if header[0] != b"content-length"]
        return {**self._scope, "headers": [*headers, length], TOO_LARGE: True}

    async def nothing(self) -> Message:
        """An empty body; then what comes of the real one is thrown away until the visitor is gone."""
        if not self._told:
            self._told = True
            return {"type": "http.request", "body": b"", "more_body": False}
        while (message := await self._receive())["type"] == "http.request":
            pass
        return message


def refuse(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """The middleware that says so on a page; programs are told where they are answered."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if TOO_LARGE in getattr(request, "scope", {}) and not request.path_info.startswith(PROGRAMS):
            return bad_request(request, RequestDataTooBig())
        return get_response(request)

    return middleware
