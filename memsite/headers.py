"""Puts the protective headers on every answer that Django itself does not cover."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

HEADERS = {
    # Pages hold what one person told us: no cache keeps them, neither a shared one nor the browser's.
    # Files say otherwise themselves (whitenoise), so this is only a default.
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    # For what is answered before the policy of the pages is reached: health, redirects to HTTPS.
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}

Handler = Callable[[HttpRequest], HttpResponseBase]
AsyncHandler = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


def _hardened(response: HttpResponseBase) -> HttpResponseBase:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


@sync_and_async_middleware
def harden(get_response: Any) -> Handler | AsyncHandler:
    """The middleware: stands first, so that answers of the middleware below it are covered too."""
    if iscoroutinefunction(get_response):
        next_one = cast(AsyncHandler, get_response)

        async def awaited(request: HttpRequest) -> HttpResponseBase:
            return _hardened(await next_one(request))

        return awaited

    def called(request: HttpRequest) -> HttpResponseBase:
        return _hardened(cast(Handler, get_response)(request))

    return called
