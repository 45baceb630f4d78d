"""An earlier reply that quotes the memory goes to a model only while all that it quotes may be used: two people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accounts.models import User
from memories.chats import ScopedChats
from memories.learning import learn_turn
from memories.models import Message
from memories.scoped import ScopedMemory
from tests.contract.platform_server import on_platform
from tests.llm_server import LLMServer
from tests.memories.replying import fact, said

CANARY = "Zorbanax"
FACT = f"My canary is called {CANARY}"
Act = Callable[[ScopedMemory, ScopedChats, str, str], object]

# What is done to the memory, or to the chat, after the reply that quotes it.
SINCE: dict[str, Act] = {
    "deleted": lambda memory, chats, chat, key: memory.delete(key),
    "held for undo": lambda memory, chats, chat, key: memory.hold(key),
    "wiped": lambda memory, chats, chat, key: memory.delete_all(),
    "paused": lambda memory, chats, chat, key: memory.pause(key),
    "left out": lambda memory, chats, chat, key: chats.leave_out(chat, key),
    "deleted, then off": lambda memory, chats, chat, key: (memory.delete(key), chats.set_mode(chat, "off")),
}


@pytest.fixture(params=["embedded", "platform"])
def engine(request: pytest.FixtureRequest, settings: Any) -> Iterator[str]:
    if request.param == "embedded":
        yield "embedded"
        return
    with on_platform(settings):
        yield "platform"


def quoted(user: User, server: LLMServer) -> tuple[str, str]:
    """A chat with a reply that quotes the memory, and one of a model that had that reply before it: chat and memory."""
    [memory] = ScopedMemory(user).add(FACT, infer=False)
    first = said(user, "what do you know about me?")
    assert CANARY in first.text
    server.say(f"A song for {CANARY}.")
    said(user, "Write a song.", conversation_id=first.conversation_id)
    return first.conversation_id, memory.id


def sent(user: User, chat: str, server: LLMServer) -> str:
    """All that a model reads when the talk goes on."""
    server.requests.clear()
    assert said(user, "And then?", conversation_id=chat).status == "done" and server.requests
    return server.prompts()


@pytest.mark.slow
@pytest.mark.parametrize("since", SINCE)
def test_what_may_not_be_used_does_not_come_back_by_an_earlier_reply(
    since: str, engine: str, owner: User, stranger: User, server: LLMServer
) -> None:
    (mine, key), (theirs, _) = quoted(owner, server), quoted(stranger, server)
    assert CANARY in sent(owner, mine, server)
    SINCE[since](ScopedMemory(owner), ScopedChats(owner), mine, key)
    told = sent(owner, mine, server)
    assert CANARY not in told and "Write a song." in told
    assert CANARY in sent(stranger, theirs, server)


@pytest.mark.slow
def test_what_may_be_used_again_is_read_again(engine: str, owner: User, stranger: User, server: LLMServer) -> None:
    (mine, key), _ = quoted(owner, server), quoted(stranger, server)
    memory = ScopedMemory(owner)
    for away, back in ((memory.hold, memory.restore), (memory.pause, memory.resume)):
        away(key)
        assert CANARY not in sent(owner, mine, server)
        back(key)
        assert CANARY in sent(owner, mine, server)


def test_what_was_just_forgotten_is_not_told_by_saying_so(owner: User, stranger: User, server: LLMServer) -> None:
    """The question and its answer quote it; no mark of a use was ever there."""
    for user in (owner, stranger):
        ScopedMemory(user).add(FACT, infer=False)
    asked = said(owner, "forget what my canary is called")
    assert CANARY in asked.text and CANARY in said(owner, "yes", conversation_id=asked.conversation_id).text
    assert ScopedMemory(owner).count() == 0 and CANARY not in sent(owner, asked.conversation_id, server)
    assert ScopedMemory(stranger).count() == 1


def test_a_forgotten_fact_is_not_learned_from_an_earlier_reply(owner: User, stranger: User, server: LLMServer) -> None:
    for user, shown in ((owner, False), (stranger, True)):
        chat, key = quoted(user, server)
        if user is owner:
            ScopedMemory(user).delete(key)
        posted = ScopedChats(user).post("I love trains", conversation_id=chat)
        server.requests.clear()
        server.say(fact("User loves trains"))
        assert learn_turn(user, posted.turn.id) is not None
        assert (CANARY in server.prompts()) is shown


def test_what_a_model_read_in_an_earlier_reply_counts_as_given(owner: User, server: LLMServer) -> None:
    _, key = quoted(owner, server)
    assert [row.given for row in Message.objects.filter(role="assistant").order_by("position")] == [[key], [key]]
