"""Replies as a program sees them on the wire: first words, reload, stop, leaving, a dead worker, many at once."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from django.test import Client

from accounts.models import User
from memories.chats import ScopedChats
from memories.models import Message
from memories.scoped import ScopedMemory
from memories.views import chat_replies
from tests.llm_server import LLMServer, connected


@pytest.fixture
def server(settings: Any) -> Iterator[LLMServer]:
    with connected(settings, timeout=10) as running:
        yield running


@pytest.fixture
def browse(site: str) -> Iterator[Callable[[User], httpx.Client]]:
    """`browse(user)`: a program signed in as that person."""
    opened: list[httpx.Client] = []

    def sign_in(user: User) -> httpx.Client:
        visitor = Client()
        visitor.force_login(user)
        cookies = {name: morsel.value for name, morsel in visitor.cookies.items()}
        # Nothing is encrypted here: reading certificates would be all that checking them does.
        opened.append(httpx.Client(base_url=site, cookies=cookies, timeout=60, verify=False))  # noqa: S501
        return opened[-1]

    yield sign_in
    for client in opened:
        client.close()


class Sent:
    """A message posted as the page's script does."""

    def __init__(self, client: httpx.Client, text: str, url: str = "/chat/") -> None:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(url).text)
        assert token
        data = {"message": text, "csrfmiddlewaretoken": token[1]}
        self.html = client.post(url, data=data, headers={"X-Chat": "script"}).raise_for_status().text
        found = re.search(r'data-stream="([^"]+)"', self.html)
        self.stream = found[1] if found else ""
        place = re.search(r'data-url="([^"]+)"', self.html)
        assert place
        self.url, self.token = place[1], token[1]


def events(client: httpx.Client, url: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Asked for at the first `next`."""
    with client.stream("GET", url) as response:
        assert response.status_code == 200 and response.headers["Content-Type"] == "text/event-stream"
        assert response.headers["Cache-Control"] == "no-store" and response.headers["X-Accel-Buffering"] == "no"
        name = ""
        for line in response.iter_lines():
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                yield name, json.loads(line[6:])


def until(claim: Callable[[], bool], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.01)


def status_of(text: str) -> tuple[str, str]:
    row = Message.objects.filter(role="assistant").latest("created_at")
    return row.status, row.text


def test_words_arrive_while_the_model_still_writes(owner: User, browse: Any, server: LLMServer) -> None:
    go = threading.Event()
    server.say("Hel", "lo", " there", hold_after=0, hold=go)
    client = browse(owner)
    sent = Sent(client, "Hi")
    told = events(client, sent.stream)
    assert next(event for event in told if event[0] == "text")[1]["text"] == "Hel"
    go.set()
    rest = list(told)
    assert "".join(data["text"] for name, data in rest if name == "text") == "lo there"
    final = next(data for name, data in rest if name == "turn")
    assert "Hello there" in final["html"] and rest[-1][0] == "end"


def test_a_reader_who_comes_late_gets_everything(owner: User, browse: Any, server: LLMServer) -> None:
    go = threading.Event()
    server.say("One ", "two ", "three", hold_after=1, hold=go)
    client = browse(owner)
    sent = Sent(client, "Count")
    first = events(client, sent.stream)
    until(lambda: status_of("")[1] == "One two ")
    next(first)
    first.close()  # type: ignore[attr-defined]
    page = client.get(sent.url).text
    assert "One two" in page and sent.stream in page
    again = events(client, sent.stream)
    assert next(event for event in again if event[0] == "text")[1]["text"] == "One two "
    go.set()
    assert any("One two three" in data["html"] for name, data in again if name == "turn")


def test_leaving_does_not_end_the_reply(owner: User, browse: Any, server: LLMServer) -> None:
    go = threading.Event()
    server.say("Half ", "whole", hold_after=0, hold=go)
    client = browse(owner)
    sent = Sent(client, "Go")
    told = events(client, sent.stream)
    next(told)
    told.close()  # type: ignore[attr-defined]
    client.close()
    go.set()
    until(lambda: status_of("") == ("done", "Half whole"))


def test_stop_keeps_what_was_shown(owner: User, browse: Any, server: LLMServer) -> None:
    never = threading.Event()
    server.say("Half", hold_after=0, hold=never)
    client = browse(owner)
    sent = Sent(client, "Go")
    told = events(client, sent.stream)
    assert next(event for event in told if event[0] == "text")
    data = {"csrfmiddlewaretoken": sent.token}
    assert client.post(f"{sent.url}stop/", data=data, headers={"X-Chat": "script"}).status_code == 204
    assert any("Stopped." in data["html"] for name, data in told if name == "turn")
    assert status_of("") == ("stopped", "Half")
    never.set()


def test_what_was_learned_comes_after_the_reply(owner: User, browse: Any, server: LLMServer) -> None:
    server.say("Lovely.")
    server.say('{"memory": [{"id": "0", "text": "User loves trains", "attributed_to": "user"}]}')
    client = browse(owner)
    turns = [data["html"] for name, data in events(client, Sent(client, "I love trains").stream) if name == "turn"]
    assert "Lovely." in turns[0] and "Saved: User loves trains" in turns[1]


def test_a_row_written_elsewhere_is_followed_too(owner: User, browse: Any) -> None:
    chats = ScopedChats(owner)
    posted = chats.post("Hi")
    Message.objects.filter(pk=posted.reply.id).update(text="From another process")
    client = browse(owner)
    told = events(client, f"/chat/{posted.conversation.id}/turns/{posted.reply.id}/stream/")
    assert "From another process" in next(told)[1]["html"]
    Message.objects.filter(pk=posted.reply.id).update(text="From another process.", status="done")
    assert any("From another process." in data["html"] for name, data in told if name == "turn")


def test_a_dead_workers_reply_ends_as_failed(owner: User, browse: Any) -> None:
    posted = ScopedChats(owner).post("Hi")
    Message.objects.filter(pk=posted.reply.id).update(text="Half", updated_at="2020-01-01T00:00:00Z")
    client = browse(owner)
    told = list(events(client, f"/chat/{posted.conversation.id}/turns/{posted.reply.id}/stream/"))
    final = next(data for name, data in told if name == "turn")
    assert "Half" in final["html"] and "Retry" in final["html"] and final["status"] == "failed"


def test_a_chat_deleted_meanwhile_ends_the_stream(owner: User, browse: Any, server: LLMServer) -> None:
    never = threading.Event()
    server.say("Half", hold_after=0, hold=never)
    client = browse(owner)
    sent = Sent(client, "Go")
    told = events(client, sent.stream)
    next(told)
    ScopedChats(owner).delete(sent.url.split("/")[2])
    assert list(told)[-1][0] == "end"
    never.set()


def test_a_stranger_may_not_listen(owner: User, stranger: User, browse: Any, server: LLMServer) -> None:
    go = threading.Event()
    server.say("Secret", hold_after=0, hold=go)
    sent = Sent(browse(owner), "Go")
    assert browse(stranger).get(sent.stream).status_code == 404
    go.set()


def test_without_a_script_the_post_waits(owner: User, browse: Any, server: LLMServer) -> None:
    server.say("Here ", "you are.")
    client = browse(owner)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/chat/").text)
    assert token
    response = client.post("/chat/", data={"message": "Hi", "csrfmiddlewaretoken": token[1]})
    assert response.status_code == 302 and "Here you are." in client.get(response.headers["Location"]).text


def test_fifty_streams_leave_the_other_pages_open(owner: User, browse: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a reply of somebody else to end. How much slower it gets is told by benchmarks/streams.py."""
    # That rows are looked at often is no part of it.
    monkeypatch.setattr(chat_replies, "POLL", chat_replies.SELDOM)
    client, chats = browse(owner), ScopedChats(owner)
    posted = [chats.post("Go") for _ in range(50)]
    following, ended = threading.Semaphore(0), threading.Semaphore(0)

    def listen(url: str) -> None:
        told = events(client, url)
        next(told)
        following.release()
        list(told)
        ended.release()

    urls = [f"/chat/{one.conversation.id}/turns/{one.reply.id}/stream/" for one in posted]
    listeners = [threading.Thread(target=listen, args=(url,), daemon=True) for url in urls]
    for listener in listeners:
        listener.start()
    for _ in listeners:
        assert following.acquire(timeout=30)
    for path in ("/chat/", "/data/", "/chat/connect/"):
        assert client.get(path).status_code == 200
    assert not ended.acquire(blocking=False), "none of them had ended"
    # They end with their chats, which is quicker than to show fifty turns.
    ScopedMemory(owner).wipe("conversations")
    for listener in listeners:
        listener.join(30)
        assert not listener.is_alive()
