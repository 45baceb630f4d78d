"""Gives each request an id and one log line: method, route, status, time, and a mark that stands for who asked; no
path, query, address, name or body."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from inspect import iscoroutinefunction
from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac
from django.utils.decorators import sync_and_async_middleware
from django.utils.functional import SimpleLazyObject

from memsite.metrics import answered

logger = logging.getLogger(__name__)
current_id: ContextVar[str] = ContextVar("request_id", default="-")
"""The id of the request at hand, for every log line; "-" outside of one."""

Handler = Callable[[HttpRequest], HttpResponseBase]
AsyncHandler = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


def route_of(request: HttpRequest) -> str:
    """The pattern that matched, such as `chat/<uuid:id>/`: it says which page without saying whose or what."""
    match = request.resolver_match
    return f"/{match.route}" if match else "(no route)"


def mark_of(user: object) -> str:
    """What stands for a signed-in person in the log: the same in all their lines, and "-" for nobody.

    An HMAC under the site's secret of their random namespace. It leads back to nobody without both, and the namespace
    goes with the account.
    """
    namespace = getattr(user, "namespace", None)
    return salted_hmac("memsite.log", str(namespace), algorithm="sha256").hexdigest()[:12] if namespace else "-"


def _mark(request: HttpRequest) -> str:
    """Whose request it was, where that was looked up anyway: a query from here would fail on an event loop."""
    user = vars(request).get("user")
    # A program's key, and signing in, put the person themself there; the cookie's person waits inside a lazy object.
    named = "-" if isinstance(user, SimpleLazyObject) else mark_of(user)
    return mark_of(getattr(request, "_cached_user", None)) if named == "-" else named


def _begin(request: HttpRequest) -> float:
    # Ours, never the client's: a header could plant any text in the log.
    request.id = uuid.uuid4().hex[:12]  # type: ignore[attr-defined]
    current_id.set(request.id)  # type: ignore[attr-defined]
    return time.perf_counter()


def _end(request: HttpRequest, response: HttpResponseBase, started: float) -> HttpResponseBase:
    response.headers["X-Request-ID"] = request.id  # type: ignore[attr-defined]
    took = (time.perf_counter() - started) * 1000
    level = logging.ERROR if response.status_code >= 500 else logging.INFO if request.resolver_match else logging.DEBUG
    answered(request.method, route_of(request), response.status_code, took / 1000)
    fields = (request.method, route_of(request), response.status_code, took, _mark(request))
    logger.log(level, "%s %s status=%s ms=%.0f person=%s", *fields)
    return response


@sync_and_async_middleware
def identify(get_response: Any) -> Handler | AsyncHandler:
    """The middleware; the time of a stream is the time to its head."""
    if iscoroutinefunction(get_response):
        next_one = cast(AsyncHandler, get_response)

        async def awaited(request: HttpRequest) -> HttpResponseBase:
            started = _begin(request)
            return _end(request, await next_one(request), started)

        return awaited

    def called(request: HttpRequest) -> HttpResponseBase:
        started = _begin(request)
        return _end(request, cast(Handler, get_response)(request), started)

    return called
