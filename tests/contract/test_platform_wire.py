"""The line to the platform: what is sent, what may be sent twice, and every failure as one of ours."""

from __future__ import annotations

import threading
import uuid
from importlib import import_module
from typing import Any

import httpx
import pytest

from accounts.models import User
from memories.engines import platform_http
from memories.engines.platform_http import PlatformUnavailable, send
from memories.engines.platform_wire import Line
from memories.errors import EngineUnavailable, InvalidText, MemoryNotFound, QuotaExceeded
from memories.owner import owner_of
from tests.contract.platform_server import KEY, PlatformServer, on_platform

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def line(owner: User) -> Line:
    return Line(owner_of(owner))


# --- Nobody's line ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("nobody", [None, "", "*", " ", uuid.UUID(int=7), 1, []], ids=repr)
def test_a_line_needs_an_owner(nobody: Any) -> None:
    with pytest.raises(TypeError):
        Line(nobody)


@pytest.mark.parametrize("bad", ["", ".", "..", "*", None, str(uuid.UUID(int=7)), 7], ids=repr)
def test_an_id_that_is_no_uuid_never_leaves(server: PlatformServer, line: Line, bad: Any) -> None:
    for verb in (line.get, line.remove, line.history, lambda key: line.change(key, {"text": "x"})):
        with pytest.raises(TypeError):
            verb(bad)
    with pytest.raises(EngineUnavailable):
        line.event("../memories")
    assert server.requests == []


def test_nothing_is_asked_of_the_network_before_the_first_call(server: PlatformServer, owner: User) -> None:
    Line(owner_of(owner))
    assert server.requests == []


# --- The same words as mem0's own client ------------------------------------------------------------------------------
def test_each_call_is_what_mem0s_own_client_sends(server: PlatformServer, line: Line, owner: User) -> None:
    import_module("memories.engines.mem0_setup")  # Its telemetry is off before its client loads.
    client_of = import_module("mem0.client.main").MemoryClient
    whose = str(owner.namespace)
    memory_id = uuid.UUID(server.put(whose, "I keep bees"))
    with httpx.Client(timeout=10) as http:
        client = client_of(api_key=KEY, host=server.url, client=http)
        server.requests.clear()
        said = [{"role": "user", "content": "I keep bees"}]
        client.add(said, user_id=whose, infer=False, metadata={"source": "chat"})
        client.add(said, user_id=whose, infer=True, metadata={"source": "chat"})
        client.search("bees", filters={"user_id": whose}, top_k=10)
        client.get_all(filters={"user_id": whose}, page=1, page_size=200, show_expired=True)
        client.get(str(memory_id))
        client.update(str(memory_id), text="I keep hens")
        client.history(str(memory_id))
        client.delete(str(memory_id))
        client.delete_all(user_id=whose)
    theirs = [*server.requests]
    server.requests.clear()
    server.rows.clear()
    memory_id = uuid.UUID(server.put(whose, "I keep bees", id=str(memory_id)))
    line.keep(said, {"source": "chat"})
    line.read_for_facts(said, {"source": "chat"})
    line.search("bees", 10)
    list(line.pages())
    line.get(memory_id)
    line.change(memory_id, {"text": "I keep hens"})
    line.history(memory_id)
    line.remove(memory_id)
    line.remove_all()
    for ours, its in zip(server.requests, theirs, strict=True):
        assert (ours.method, ours.path, ours.query, ours.body) == (its.method, its.path, its.query, its.body)
        for name in ("authorization", "mem0-user-id"):
            assert ours.headers[name] == its.headers[name]


# --- Failures ---------------------------------------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, InvalidText),
        (401, EngineUnavailable),
        (403, EngineUnavailable),
        (404, EngineUnavailable),
        (408, EngineUnavailable),
        (409, InvalidText),
        (413, QuotaExceeded),
        (418, EngineUnavailable),
        (422, InvalidText),
        (429, EngineUnavailable),
        (500, EngineUnavailable),
        (502, EngineUnavailable),
        (503, EngineUnavailable),
        (504, EngineUnavailable),
        (302, EngineUnavailable),
    ],
)
def test_each_status_is_an_error_of_ours(
    server: PlatformServer, line: Line, status: int, error: type[Exception]
) -> None:
    said = [{"role": "user", "content": "My secret is a red kite"}]
    server.answer(status=status, body=b'{"detail": "My secret is a red kite"}', headers={"Location": "http://x/"})
    with pytest.raises(error) as raised:
        line.keep(said, {})
    assert str(raised.value).endswith(".") and "red kite" not in str(raised.value) and KEY not in str(raised.value)
    assert len(server.requests) == 1, "what changes something is sent once"


def test_an_unknown_id_is_not_found(server: PlatformServer, line: Line) -> None:
    with pytest.raises(MemoryNotFound):
        line.get(uuid.uuid4())
    assert line.event(str(uuid.uuid4())) == ("failed", [])


@pytest.mark.parametrize(
    "body",
    [b"<html>Bad gateway</html>", b"", b"[]", b"null", b'"ok"', b'{"results": 5}', b'{"results": [7]}', b"\xff\xfe"],
    ids=repr,
)
def test_a_success_that_is_no_answer_is_a_failure(server: PlatformServer, line: Line, body: bytes) -> None:
    server.answer(body=body)
    if body == b"":
        assert line.search("bees", 5) == []
    else:
        with pytest.raises(EngineUnavailable):
            line.search("bees", 5)
    server.answer(body=body)
    with pytest.raises(EngineUnavailable):
        line.read_for_facts([{"role": "user", "content": "x"}], {})


@pytest.mark.slow
def test_nobody_there_is_a_failure_in_words(line: Line, settings: Any) -> None:
    with on_platform(settings):
        pass
    settings.MEM0_API_KEY = KEY
    with pytest.raises(EngineUnavailable, match="cannot be reached"):
        line.count()
    platform_http.hang_up()


# --- Once more, or not ------------------------------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 408}, {"status": 504}, {"drop": True}], ids=repr)
def test_reading_is_tried_again(
    server: PlatformServer, line: Line, owner: User, stranger: User, fault: dict[str, Any]
) -> None:
    server.put(owner.namespace, "I keep bees")
    server.put(stranger.namespace, "I keep bees too")
    for call in (line.count, lambda: len(line.search("bees", 5)), lambda: sum(map(len, line.pages()))):
        server.answer(**fault)
        assert call() == 1


@pytest.mark.parametrize("status", [400, 401, 413, 500])
def test_what_will_not_pass_is_not_tried_again(server: PlatformServer, line: Line, status: int) -> None:
    server.answer(status=status)
    with pytest.raises(Exception):  # noqa: B017  # which one is tested above
        line.count()
    assert len(server.requests) == 1


def test_a_busy_platform_says_when_and_is_heard(server: PlatformServer, line: Line) -> None:
    server.answer(status=429, headers={"Retry-After": "0"})
    assert line.count() == 0 and len(server.requests) == 2
    server.answer(status=429, headers={"Retry-After": "3600"})
    with pytest.raises(PlatformUnavailable) as raised:
        line.count()
    assert raised.value.retry_after == 3600 and len(server.requests) == 3


def test_writing_is_sent_once_and_says_that_it_may_be_done(server: PlatformServer, line: Line, owner: User) -> None:
    server.answer(drop=True, after=True)
    with pytest.raises(EngineUnavailable, match="may have done"):
        line.keep([{"role": "user", "content": "I keep bees"}], {})
    assert server.of(owner.namespace) == ["I keep bees"] and len(server.requests) == 1


def test_a_body_that_does_not_come_is_not_waited_for(server: PlatformServer, line: Line, settings: Any) -> None:
    settings.MEM0_TIMEOUT, never = 0.2, threading.Event()
    server.answer(hold=never)
    with pytest.raises(EngineUnavailable):
        send("POST", "/v3/memories/add/", body={})
    assert server.held.is_set()
    never.set()


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_pages_are_followed_to_the_end(server: PlatformServer, line: Line, owner: User, stranger: User) -> None:
    for number in range(401):
        server.put(owner.namespace, f"note {number}")
        server.put(stranger.namespace, f"theirs {number}")
    pages = list(line.pages())
    assert [len(page) for page in pages] == [200, 200, 1]
    assert [row["memory"] for page in pages for row in page] == [f"note {number}" for number in range(401)]
    assert line.count() == 401


def test_expired_ones_are_listed_too(server: PlatformServer, line: Line, owner: User) -> None:
    server.put(owner.namespace, "over", expiration_date="2020-01-01")
    assert [row["memory"] for page in line.pages() for row in page] == ["over"]
