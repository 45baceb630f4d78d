"""Answers machines that ask how the site is: /healthz (it runs) and /readyz (it can serve)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseBase

Handler = Callable[[HttpRequest], HttpResponseBase]


def answer(get_response: Handler) -> Handler:
    """A middleware, before host check, HTTPS redirect and session: a probe asks by address and brings none of them."""
    pages = {"/healthz": healthz, "/readyz": readyz}

    def middleware(request: HttpRequest) -> HttpResponseBase:
        page = pages.get(request.path_info)
        if page is None or request.method not in ("GET", "HEAD"):
            return get_response(request)
        return page()

    return middleware


def healthz() -> HttpResponse:
    """200 as long as the process answers."""
    return _plain("ok")


def readyz() -> HttpResponse:
    """200, or 503 with one reason a line."""
    reasons = not_ready()
    return _plain("\n".join(reasons), status=503) if reasons else _plain("ok")


def not_ready() -> list[str]:
    """Why the site cannot serve; empty when it can. The reasons name no host, user or value."""
    try:
        waiting = _waiting_migrations()
    except (DatabaseError, TimeoutError) as error:
        return [f"database: cannot be reached ({type(error).__name__})"]
    return [f"database: {waiting} migrations are waiting (manage.py migrate)"] if waiting else []


def _waiting_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _plain(words: str, **kwargs: Any) -> HttpResponse:
    return HttpResponse(words + "\n", content_type="text/plain; charset=utf-8", **kwargs)
