"""What is logged: events, routes and ids. Never an e-mail address, a query string, a form, or a person's words."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import ItemsView
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

from memsite.requests import current_id, route_of

EMAIL = re.compile(r"[^\s@<>'\"(=]+@[^\s@<>'\")]+")
QUERY = re.compile(r"\?[^\s\"']+")
QUIET = ("httpx", "httpcore", "openai", "urllib3", "asyncio", "django.db.backends", "django.template")
"""Whose own lines at INFO or DEBUG tell addresses or texts; Django's two tell statements and pages with values."""


def configured(level: str, *, words: bool) -> dict[str, Any]:
    """Django's LOGGING. `words=True` shows the messages of exceptions: for a developer's own machine only."""
    console = {"handlers": ["console"], "level": level, "propagate": False}
    silent: dict[str, Any] = {"handlers": [], "level": "CRITICAL", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"no_paths": {"()": "memsite.logging.NoPaths"}},
        "formatters": {"plain": {"()": "memsite.logging.NoContentFormatter", "words": words}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "filters": ["no_paths"], "formatter": "plain"},
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "django": console,
            "memsite": console,
            "accounts": console,
            "memories": console,
            "uvicorn": console,
            # Both write the whole path with its query and the visitor's address; memsite.requests writes its own.
            "uvicorn.access": silent,
            "django.server": silent,
            # It writes memory texts at every level. memories.engines silences it too; here, so that the order in which
            # the two are read does not matter.
            "mem0": silent,
            **{name: {"level": "WARNING"} for name in QUIET},
        },
    }


class NoPaths(logging.Filter):
    """Rewrites Django's own lines about a request (`Not Found: /reset/key/…`) to name the route alone, and those of the
    event loop about a task to say what happened alone."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security"):
            # These repeat what was sent: a host, an origin, a cookie's name.
            record.msg, record.args = "refused: %s", (record.name.rpartition(".")[2],)
        elif record.name == "django.request":
            request = getattr(record, "request", None)
            route = route_of(request) if isinstance(request, HttpRequest) else "(unknown)"
            record.msg, record.args = "%s at %s", (getattr(record, "status_code", "error"), route)
        elif record.name == "asyncio":
            # Below the first line it repeats the task with its exception, words and all.
            record.msg, record.args = record.getMessage().partition("\n")[0], ()
        return True


class NoContentFormatter(logging.Formatter):
    """One line an event with the request's id; tracebacks keep places and types, and lose what was said."""

    def __init__(self, *, words: bool = False) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s")
        self.words = words

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = current_id.get()
        # Another handler may have cached a traceback with its words.
        record.exc_text = None
        return QUERY.sub("", EMAIL.sub("[e-mail]", super().format(record)))

    def formatException(self, ei: Any) -> str:
        if self.words:
            return super().formatException(ei)
        return "\n".join(_places(ei[1]))


def _places(error: BaseException | None) -> list[str]:
    """The chain of exceptions, the first cause first: each its frames, then its type without its message."""
    if error is None:
        return []
    before = _places(error.__cause__ or (None if error.__suppress_context__ else error.__context__))
    frames = [
        f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    return [*before, *frames, f"  {type(error).__module__}.{type(error).__qualname__}"]


class NoContentFilter(SafeExceptionReporterFilter):
    """Django's exception reports without variables, forms, cookies or headers, whatever DEBUG says."""

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {}

    def get_traceback_frame_variables(self, request: Any, tb_frame: Any) -> ItemsView[str, Any]:
        return {}.items()

    def get_safe_request_meta(self, request: HttpRequest | None) -> dict[str, Any]:
        return {}

    def get_safe_cookies(self, request: HttpRequest | None) -> dict[str, Any]:
        return {}
