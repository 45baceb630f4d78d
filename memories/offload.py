"""How a coroutine runs what blocks (the database, the engine): two ways, one signature."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, Protocol, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections

P = ParamSpec("P")
T = TypeVar("T")

# Short steps of replies and streams; learning may wait for a model and has threads of its own.
_STEPS = ThreadPoolExecutor(8, thread_name_prefix="chat")
_LEARNING = ThreadPoolExecutor(4, thread_name_prefix="learn")


class Run(Protocol):
    """`await run(function, *args)`."""

    async def __call__(self, function: Callable[..., T], /, *args: Any) -> T: ...


async def pooled(function: Callable[..., T], /, *args: Any) -> T:
    """In a thread that outlives the request; its database connection is given back after each step, so that a
    hundred open streams hold none."""
    result: T = await sync_to_async(_returning, thread_sensitive=False, executor=_STEPS)(function, *args)
    return result


async def inline(function: Callable[..., T], /, *args: Any) -> T:
    """In the request's own thread, for servers that have no event loop of their own (WSGI, the test client)."""
    result: T = await sync_to_async(function, thread_sensitive=True)(*args)
    return result


def later(function: Callable[..., object], /, *args: Any) -> None:
    """Some time soon, in the background; errors are the function's own to handle."""
    _LEARNING.submit(_returning, function, *args)


def _returning(function: Callable[..., T], /, *args: Any) -> T:
    try:
        return function(*args)
    finally:
        close_old_connections()
