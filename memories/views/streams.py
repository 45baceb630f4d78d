"""Sends a download as it is made: neither the size of the file nor that of the store shows in memory use."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from memories.offload import Run, inline, pooled

TYPES = {"json": "application/json", "csv": "text/csv", "md": "text/markdown"}


def download(request: HttpRequest, pieces: Iterator[str], *, name: str, kind: str) -> StreamingHttpResponse:
    """A file of this name and today's date."""
    run: Run = pooled if isinstance(request, ASGIRequest) else inline
    response = StreamingHttpResponse(_sent(pieces, run), content_type=f"{TYPES[kind]}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.{kind}"'
    return response


async def _sent(pieces: Iterator[str], run: Run) -> AsyncIterator[bytes]:
    # Under ASGI a plain iterator would be read to its end before the first byte leaves.
    while (piece := await run(next, pieces, None)) is not None:
        yield piece.encode()
