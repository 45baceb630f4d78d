"""Sends a download as it is made: neither the size of the file nor that of the store shows in memory use."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator

from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from accounts.admitted import still_admitted
from memories.offload import Run, inline, pooled

LOOK = 1.0
"""Seconds between two looks at whether who asked may still come in."""
WATCH = 5.0
"""The same for a reply, of which a hundred may be open."""
TYPES = {"json": "application/json", "csv": "text/csv", "md": "text/markdown"}


def download(request: HttpRequest, pieces: Iterator[str], *, name: str, kind: str) -> StreamingHttpResponse:
    """A file of this name and today's date."""
    run: Run = pooled if isinstance(request, ASGIRequest) else inline
    sent = _sent(_while_admitted(request, pieces), run)
    response = StreamingHttpResponse(sent, content_type=f"{TYPES[kind]}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.{kind}"'
    return response


def _while_admitted(request: HttpRequest, pieces: Iterator[str]) -> Iterator[str]:
    """A long file breaks off where its key is revoked, its session ended or its account suspended meanwhile: as a line
    that breaks, so that no program takes what came for the whole."""
    looked = time.monotonic()
    for piece in pieces:
        if time.monotonic() - looked > LOOK:
            if not still_admitted(request):
                raise RequestAborted
            looked = time.monotonic()
        yield piece


async def _sent(pieces: Iterator[str], run: Run) -> AsyncIterator[bytes]:
    # Under ASGI a plain iterator would be read to its end before the first byte leaves.
    while (piece := await run(next, pieces, None)) is not None:
        yield piece.encode()


async def watched(request: HttpRequest, events: AsyncGenerator[str, None]) -> AsyncIterator[str]:
    """A reply's events, no further than its reader may come in."""
    # Streams that began together do not look all at once.
    looked = time.monotonic() - random.SystemRandom().uniform(0, WATCH)
    async with contextlib.aclosing(events):
        async for event in events:
            if time.monotonic() - looked > WATCH:
                if not await pooled(still_admitted, request):
                    return
                looked = time.monotonic()
            yield event
