"""A thin client for any OpenAI-compatible server: what can go wrong is told apart, in words, and nothing is logged."""

from __future__ import annotations

import dataclasses
import functools
import json
import re
import ssl
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from memories.errors import EngineUnavailable, ExtractionFailed
from memories.llm_wire import Lines, answer_of, chunk_of

LONGEST = 600.0
"""Seconds that one answer may take in all; time-outs between two bytes are `LLM_TIMEOUT`."""
LARGEST = 1_000_000
"""Bytes of an answer that is read whole, or of one line of a streamed one."""
CONNECT = 5.0
"""Seconds to reach the server."""

NO_KEY = "The language model did not accept this site's key. Your message is safe; the site's operator has to renew it."
NO_MODEL = "The language model set up for this site is not on its server. Your message is safe; tell its operator."
TOO_LONG = "This is more than the language model can read at once. Your message is kept; shorten it with Edit."
TOO_SLOW = f"The language model took longer than {LONGEST / 60:.0f} minutes. What had come is kept; try again."
ODD = "The language model sent something that is not an answer. Nothing was lost; try again."
BROKEN_OFF = "The answer broke off before its end. What had come is kept; try again."
SILENT = "The language model broke off before it had said anything. Your message is safe; try again."

Messages = Sequence[Mapping[str, str]]


class ModelError(EngineUnavailable):
    """The model did not answer as hoped; the sentence says how. `too_long`: the prompt did not fit."""

    default = "The language model could not answer just now. Nothing was lost; please try again."

    def __init__(self, sentence: str = "", *, retry_after: int | None = None, too_long: bool = False) -> None:
        super().__init__(sentence)
        self.retry_after, self.too_long = retry_after, too_long


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """A bit of an answer as it comes."""

    text: str = ""
    thought: str = ""
    """What the model thinks aloud, where the server tells it apart."""
    finish: str = ""
    """Why it ended, on the last piece: `stop`, `length`, `content_filter`, ..."""


def configured() -> bool:
    """Whether a model is connected."""
    return bool(settings.LLM_BASE_URL and settings.LLM_MODEL)


def host() -> str:
    """The name of the server that is asked, as shown to people and written in the log of what left the site."""
    return urlsplit(settings.LLM_BASE_URL).hostname or ""


async def astream(messages: Messages) -> AsyncIterator[Piece]:
    """The answer, piece by piece, as the server sends it. ModelError."""
    deadline, begun = time.monotonic() + LONGEST, False
    body = {"model": settings.LLM_MODEL, "messages": list(messages), "stream": True}
    try:
        async with (
            httpx.AsyncClient(timeout=_timeout(), verify=_certificates()) as client,
            client.stream("POST", _url(), json=body, headers=_headers()) as response,
        ):
            if response.status_code != 200:
                raise _refusal(response, await _some(response))
            if "event-stream" not in response.headers.get("content-type", ""):
                # A server that does not stream sends the whole answer at once.
                yield answer_piece(await _some(response))
                return
            async for piece in _pieces(response, deadline):
                begun = begun or bool(piece.text)
                yield piece
    except httpx.HTTPError as error:
        raise _failure(error, begun=begun) from error


async def _pieces(response: httpx.Response, deadline: float) -> AsyncIterator[Piece]:
    lines, ended, told = Lines(LARGEST), False, False
    async for data in response.aiter_bytes():
        if time.monotonic() > deadline:
            raise ModelError(TOO_SLOW)
        for line in _fed(lines, data):
            if line == "[DONE]":
                return
            piece = _piece(line)
            ended, told = ended or bool(piece.finish), told or bool(piece.text or piece.thought)
            yield piece
    if not ended:
        raise ModelError(BROKEN_OFF if told else SILENT)


def _fed(lines: Lines, data: bytes) -> list[str]:
    try:
        return lines.feed(data)
    except ValueError as error:
        raise ModelError(ODD) from error


def _piece(line: str) -> Piece:
    try:
        return Piece(*chunk_of(line))
    except ValueError as error:
        raise ModelError(ODD) from error
    except LookupError as error:
        raise ModelError("The language model had an error of its own. Nothing was lost; try again.") from error


def answer_piece(body: bytes) -> Piece:
    """A whole answer as one piece. ModelError for another shape."""
    try:
        text, finish, _ = answer_of(body)
    except ValueError as error:
        raise ModelError(ODD) from error
    return Piece(text=text, finish=finish or "stop")


def complete_json(messages: Messages) -> str:
    """One answer in JSON, as text; one call, blocking. For learning: ExtractionFailed when the answer cannot be used
    (refused, cut short, empty, not JSON), EngineUnavailable when there is none (away, busy, too slow)."""
    body: dict[str, Any] = {"model": settings.LLM_MODEL, "messages": list(messages)}
    answer = _ask({**body, "response_format": {"type": "json_object"}}, again=body)
    try:
        text, finish, refused = answer_of(answer)
        text = _only_json(text)
        if finish in ("length", "content_filter") or refused or not text:
            raise ExtractionFailed
        json.loads(text)
    except ValueError as error:
        raise ExtractionFailed from error
    return text


def _ask(body: dict[str, Any], *, again: dict[str, Any]) -> bytes:
    """The body of the answer. Servers that do not know `response_format` answer 400: they are asked without."""
    deadline = time.monotonic() + 2 * settings.LLM_TIMEOUT
    try:
        with (
            httpx.Client(timeout=_timeout(), verify=_certificates()) as client,
            client.stream("POST", _url(), json=body, headers=_headers()) as response,
        ):
            data = b""
            for part in response.iter_bytes():
                data += part
                if len(data) > LARGEST or time.monotonic() > deadline:
                    raise ExtractionFailed
    except httpx.HTTPError as error:
        raise _failure(error) from error
    if response.status_code in (400, 422) and b"response_format" in data and body is not again:
        return _ask(again, again=again)
    if response.status_code != 200:
        raise _refusal(response, data)
    return data


def _only_json(text: str) -> str:
    """The answer without thoughts in front and fences around."""
    text = re.sub(r"^\s*<think>.*?</think>", "", text, flags=re.DOTALL).strip()
    fenced = re.fullmatch(r"```(?:json)?\s*(.*?)\s*```", text, flags=re.DOTALL)
    return fenced[1] if fenced else text


# --- The wire ---------------------------------------------------------------------------------------------------------
@functools.cache
def _certificates() -> ssl.SSLContext:
    # Loading the certificates takes longer than all the rest of a request.
    return httpx.create_ssl_context()


def _timeout() -> httpx.Timeout:
    return httpx.Timeout(settings.LLM_TIMEOUT, connect=CONNECT)


def _url() -> str:
    return f"{settings.LLM_BASE_URL.rstrip('/')}/chat/completions"


def _headers() -> dict[str, str]:
    return {"Authorization": f"Bearer {settings.LLM_API_KEY}"} if settings.LLM_API_KEY else {}


async def _some(response: httpx.Response) -> bytes:
    data = b""
    async for part in response.aiter_bytes():
        data += part
        if len(data) > LARGEST:
            raise ModelError("The language model sent far too much at once. Nothing was lost; try again.")
    return data


def _failure(error: httpx.HTTPError, *, begun: bool = False) -> ModelError:
    """In words; `begun` where a part of the answer had come."""
    if isinstance(error, httpx.ConnectTimeout | httpx.ConnectError):
        return ModelError(
            f"The language model at {host()} cannot be reached. Nothing was lost; try again in a moment. "
            "If it stays so, tell whoever runs this site."
        )
    kept = "What had come is kept" if begun else "Nothing was lost"
    if isinstance(error, httpx.TimeoutException):
        silent = f"was silent for {settings.LLM_TIMEOUT:g} seconds"
        told = f"stopped in the middle: it {silent}" if begun else silent
        return ModelError(f"The language model {told}. {kept}; try again in a moment.")
    return ModelError(f"The connection to the language model broke. {kept}; try again.")


def _refusal(response: httpx.Response, body: bytes) -> ModelError:
    status = response.status_code
    if status == 429:
        wait = _seconds(response.headers.get("retry-after", ""))
        when = f"in {wait} seconds" if wait else "in a moment"
        return ModelError(f"The language model is busy. Nothing was lost; try again {when}.", retry_after=wait)
    if status in (401, 403):
        return ModelError(NO_KEY)
    if status == 404:
        return ModelError(NO_MODEL)
    if status in (400, 413, 422) and re.search(rb"context|too long|maximum.{0,20}tokens", body[:4000], re.IGNORECASE):
        return ModelError(TOO_LONG, too_long=True)
    if status >= 500:
        return ModelError(f"The language model had an error of its own ({status}). Nothing was lost; try again.")
    return ModelError(f"The language model did not take the question ({status}). Nothing was lost; try again.")


def _seconds(value: str) -> int | None:
    """Retry-After in its usual form; the other, a date, is rare here and not worth a clock."""
    return min(int(value), 86_400) if value.isascii() and value.isdigit() else None
