"""HTTP to mem0's hosted platform: time-outs, second tries of what changes nothing, and every failure as one of ours.

mem0's own client is not used: docs/decisions/0301-our-own-line-to-the-platform.md says why.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from memories.errors import EngineUnavailable, InvalidText, MemoriesError, MemoryNotFound, QuotaExceeded

PAUSES = (0.2, 0.6)
"""Seconds before the second and the third try of a call that changes nothing."""
LONGEST_PAUSE = 3.0
"""Seconds: who is told to come back later than that is told so at once."""
LARGEST = 20_000_000
"""Bytes of an answer; 200 memories of 8,000 characters fit with room to spare."""

AWAY = "mem0's platform cannot be reached just now. Nothing was lost; please try again in a moment."
UNSURE = (
    "mem0's platform did not answer. It may have done what was asked, or not: look at your memories before you try "
    "again."
)
KEY = "mem0's platform did not accept this site's key. Its operator has to set a valid one."
BUSY = "mem0's platform is busy. Nothing was lost; please try again in a moment."
ODD = "mem0's platform sent something that is not an answer. Nothing was lost; please try again in a moment."
REFUSED = "mem0's platform did not take this. Nothing was saved; say it in other words."
FULL = "mem0's platform has no more room for this site. Nothing new was saved and nothing was dropped."


class PlatformUnavailable(EngineUnavailable):
    """The platform did not answer as hoped; the sentence says how."""

    default = AWAY

    unsure = False
    """Whether what was asked may have been done all the same, or may yet be."""

    def __init__(self, sentence: str = "", *, retry_after: int | None = None, passing: bool = False) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
        """Seconds after which the platform wants to be asked again, where it says so."""
        self.passing = passing
        """The same call may succeed a moment later."""


class Unanswered(PlatformUnavailable):
    """A call that changes something got no answer."""

    default, unsure = UNSURE, True


class OddAnswer(PlatformUnavailable):
    """The platform sent something that is not an answer."""

    default, unsure = ODD, True


def host() -> str:
    """The name of the server that is asked, as shown to people and written in the log of what left the site."""
    return urlsplit(settings.MEM0_URL).hostname or ""


def send(
    method: str,
    path: str,
    *,
    body: Mapping[str, Any] | None = None,
    params: Mapping[str, str] | None = None,
    changes: bool = True,
    by_id: bool = False,
) -> Any:
    """The answer's JSON. A call that `changes` something is sent once; others up to three times. `by_id`: a 404 means
    that there is no such memory. MemoryNotFound, InvalidText, QuotaExceeded, EngineUnavailable."""
    for pause in () if changes else PAUSES:
        try:
            return _once(method, path, body, params, changes, by_id)
        except PlatformUnavailable as error:
            wait = pause if error.retry_after is None else float(error.retry_after)
            if not error.passing or wait > LONGEST_PAUSE:
                raise
        time.sleep(wait)
    return _once(method, path, body, params, changes, by_id)


def _once(
    method: str,
    path: str,
    body: Mapping[str, Any] | None,
    params: Mapping[str, str] | None,
    changes: bool,
    by_id: bool,
) -> Any:
    deadline = time.monotonic() + settings.MEM0_TIMEOUT
    try:
        with _client().stream(method, path, json=body, params=params) as response:
            data = _read(response, deadline)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        # Nothing was sent.
        raise PlatformUnavailable(passing=True) from error
    except (httpx.HTTPError, TimeoutError) as error:
        raise (Unanswered if changes else PlatformUnavailable)(passing=True) from error
    if response.status_code not in (200, 201, 202, 204):
        raise _refusal(response, changes, by_id)
    return _json(data)


def _read(response: httpx.Response, deadline: float) -> bytes:
    """The body, within the time that the whole call has: a server that sends a byte now and then holds nobody up."""
    parts, size = [], 0
    for part in response.iter_bytes():
        parts.append(part)
        size += len(part)
        if size > LARGEST:
            raise OddAnswer()
        if time.monotonic() > deadline:
            raise TimeoutError
    return b"".join(parts)


def _json(data: bytes) -> Any:
    if not data:
        return {}
    try:
        return json.loads(data)
    except ValueError as error:
        # A page of a proxy, say, under a status that means success.
        raise OddAnswer() from error


def _refusal(response: httpx.Response, changes: bool, by_id: bool) -> MemoriesError:
    status = response.status_code
    if status == 404 and by_id:
        return MemoryNotFound()
    if status in (401, 403):
        return PlatformUnavailable(KEY)
    if status in (400, 409, 422):
        return InvalidText(REFUSED)
    if status == 413:
        return QuotaExceeded(FULL)
    if status == 429:
        return PlatformUnavailable(BUSY, retry_after=_seconds(response.headers.get("retry-after", "")), passing=True)
    passing = status in (408, 502, 503, 504)
    # A gateway that gave up may have passed the call on.
    return (Unanswered if changes and (passing or status >= 500) else PlatformUnavailable)(passing=passing)


def _seconds(value: str) -> int | None:
    """Retry-After in its usual form; the other, a date, is rare here and not worth a clock."""
    return min(int(value), 86_400) if value.isascii() and value.isdigit() else None


# --- The connection ---------------------------------------------------------------------------------------------------
_Key = tuple[int, str, str, float]
_lock = threading.Lock()
_open: dict[_Key, httpx.Client] = {}


def _client() -> httpx.Client:
    """One for the process, made at the first call: importing this, or starting the site, asks the network nothing."""
    # A forked worker makes its own: two processes may not read from one socket.
    wanted = (os.getpid(), settings.MEM0_URL, settings.MEM0_API_KEY, float(settings.MEM0_TIMEOUT))
    with _lock:
        if wanted not in _open:
            _close()
            _open[wanted] = _connected(*wanted[1:])
        return _open[wanted]


def _connected(url: str, key: str, timeout: float) -> httpx.Client:
    headers = {
        "Authorization": f"Token {key}",
        # The platform's name for the key, not for a person: mem0's own client sends the same.
        "Mem0-User-ID": hashlib.md5(key.encode(), usedforsecurity=False).hexdigest(),
    }
    # Redirects are not followed: the key goes where the setting says.
    return httpx.Client(base_url=url, headers=headers, timeout=timeout, follow_redirects=False)


def hang_up() -> None:
    """Closes the connection; the next call makes a new one."""
    with _lock:
        _close()


def _close() -> None:
    while _open:
        (process, *_), client = _open.popitem()
        # Of a parent's connection a child only lets go.
        if process == os.getpid():
            client.close()
