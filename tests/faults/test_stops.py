"""SIGTERM: a reply under way is finished, or closed as stopped with what had come, and the process ends in time."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator

import httpx
import pytest

from tests.faults.site import TOKEN, Site, streamed
from tests.llm_server import LLMServer

pytestmark = pytest.mark.slow
REPLIES = "SELECT status, text FROM memories_message WHERE role = 'assistant' AND owner_id = ? ORDER BY created_at"


@pytest.fixture
def model(site: Site) -> Iterator[LLMServer]:
    """What the site's server asks; it has nothing to learn from what is said."""
    with LLMServer() as running:
        site.start(LLM_BASE_URL=running.url, LLM_MODEL="small")
        yield running


def say(client: httpx.Client, text: str) -> str:
    """Sends as a page with scripts does; the address of the reply's stream."""
    return streamed(client.post("/chat/", data={"message": text, "memory": "off"}, headers={"X-Chat": "script"}))


def test_who_reads_a_reply_gets_its_end(site: Site, model: LLMServer) -> None:
    hold = threading.Event()
    model.say("Once ", "upon a time.", hold=hold, hold_after=0)
    with site.client(site.owner) as client, client.stream("GET", say(client, "Tell me a story")) as stream:
        lines = stream.iter_lines()
        assert any("Once" in line for line in lines)
        site.kill(signal.SIGTERM)
        hold.set()
        assert any("upon a time." in line for line in lines)
        assert "event: end" in list(lines)
    assert site.ended() == -signal.SIGTERM
    assert site.rows(REPLIES, 1) == [("done", "Once upon a time.")]


def test_a_reply_that_takes_too_long_keeps_what_had_come(site: Site, model: LLMServer) -> None:
    """One that is read, by someone who takes nothing off the line, and one whose reader has left."""
    hold = threading.Event()
    model.say("Once ", "upon a time.", hold=hold, hold_after=0)
    model.say("Twice ", "upon a time.", hold=hold, hold_after=0)
    with site.client(site.owner) as client:
        slow = stuck(site, say(client, "Tell me a story"))
    model.paused.wait(30)
    model.paused.clear()
    with site.client(site.stranger) as client:
        say(client, "Tell me two stories")
        model.paused.wait(30)
        assert client.get("/chat/").status_code == 200, "nobody waits for the one who does not read"
    site.kill(signal.SIGTERM)
    assert site.ended() == -signal.SIGTERM
    hold.set()
    slow.close()
    assert site.rows(REPLIES, 1) == [("stopped", "Once ")] and site.rows(REPLIES, 2) == [("stopped", "Twice ")]


def stuck(site: Site, path: str) -> socket.socket:
    """A reader that asks and then takes nothing."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    reader.connect(("127.0.0.1", site.port))
    cookies = f"sessionid={site.owner}; csrftoken={TOKEN}"
    reader.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n\r\n".encode())
    return reader


def test_a_reader_who_takes_nothing_keeps_no_reply_from_its_end(site: Site, model: LLMServer) -> None:
    hold = threading.Event()
    model.say("Once ", *["upon a time " * 50] * 150, hold=hold, hold_after=0)
    with site.client(site.owner) as client:
        where = say(client, "Tell me a long story")
        slow = stuck(site, where)
        model.paused.wait(30)
        hold.set()
        with client.stream("GET", where) as stream:
            assert "event: end" in list(stream.iter_lines())
    [(status, text)] = site.rows(REPLIES, 1)
    assert status == "done" and len(text) == 5 + 150 * 50 * len("upon a time ")
    slow.close()
