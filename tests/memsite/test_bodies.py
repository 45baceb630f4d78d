"""What is too large is refused before it is read, so that nothing of it is on disk; except where a file is imported."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.test import Client

from accounts import keys
from accounts.models import User
from memories.uploads import FILE, largest
from memsite.bodies import Bodies

PIECE = b"#" * 500_000
TOKEN = "a" * 32
Signed = Callable[..., Client]


@pytest.fixture
def on_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How large bodies were when Django moved them to disk."""
    sizes: list[int] = []
    moved = tempfile.SpooledTemporaryFile.rollover

    def rollover(self: Any) -> None:
        sizes.append(self.tell())
        moved(self)

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", rollover)
    yield sizes


def send(path: str, pieces: int, *, said: int | None = None, cookie: str = "", key: str = "") -> tuple[int, bytes]:
    """Posts so many pieces as a server hands them on; the status and the words of the answer."""
    headers = [
        (b"host", b"localhost"),
        (b"content-type", b"application/json"),
        (b"x-csrftoken", TOKEN.encode()),
        (b"cookie", f"sessionid={cookie}; csrftoken={TOKEN}".encode()),
        *([(b"authorization", f"Bearer {key}".encode())] if key else []),
        *([(b"content-length", str(said).encode())] if said else []),
    ]
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": headers,
        "scheme": "http",
    }
    scope["client"] = ("127.0.0.1", 9)
    coming = [PIECE] * pieces
    answer: list[Any] = []

    async def receive() -> Any:
        if coming:
            return {"type": "http.request", "body": coming.pop(), "more_body": bool(coming)}
        # Whoever asks stays until they are answered.
        return await asyncio.Future()

    async def collect(message: Any) -> None:
        answer.append(message)

    async_to_sync(Bodies(get_asgi_application(), largest))(scope, receive, collect)
    return answer[0]["status"], b"".join(message.get("body", b"") for message in answer)


@pytest.mark.parametrize("said", [3_000_000, None])
@pytest.mark.parametrize("path", ["/data/import/", "/account/login/", "/nowhere/"])
def test_of_a_visitor_nothing_large_is_taken(
    transactional_db: None, on_disk: list[int], path: str, said: int | None
) -> None:
    status, words = send(path, 6, said=said, cookie="nobodys")
    assert (status, on_disk) == (413, []) and b"That was too long" in words


def test_signed_in_a_file_is_taken_where_it_is_imported_alone(
    transactional_db: None, owner: User, client_as: Signed, on_disk: list[int]
) -> None:
    cookie = client_as(owner).cookies[settings.SESSION_COOKIE_NAME].value
    for said in (3_000_000, None):
        assert send("/data/import/", 6, said=said, cookie=cookie)[0] == 422
        assert len(on_disk) == 1 and on_disk.pop()
        assert send("/chat/", 6, said=said, cookie=cookie)[0] == 413
    assert send("/data/import/", 1, said=FILE + 1, cookie=cookie)[0] == 413
    assert on_disk == []


def test_programs_are_told_in_their_own_words(transactional_db: None, owner: User, on_disk: list[int]) -> None:
    key = keys.make(owner, "Large", may_write=True, days=None).token
    for said in (3_000_000, None):
        status, words = send("/api/v1/memories", 6, said=said, key=key)
        assert status == 413 and b'"Too large"' in words
    assert on_disk == []
