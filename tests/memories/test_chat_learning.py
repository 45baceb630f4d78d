"""What a turn teaches, with a model and without: once, told from a failure, tried again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from memories import planning
from memories.chat_types import Message
from memories.chats import ScopedChats
from memories.desk import ReplyDesk
from memories.engines import embedded
from memories.errors import EngineUnavailable
from memories.learning import learn_due, learn_turn
from memories.models import Conversation, OwnerState
from memories.models import Message as MessageRow
from memories.scoped import ScopedMemory
from memories.storage.due import ATTEMPTS
from tests.contract.platform_server import on_platform
from tests.counting import counted
from tests.llm_server import LLMServer
from tests.memories.replying import NOTHING, fact, said


# --- Learning ---------------------------------------------------------------------------------------------------------
def learn(user: User, text: str) -> Message:
    posted = ScopedChats(user).post(text)
    learn_turn(user, posted.turn.id)
    return ScopedChats(user).message(posted.turn.id)


def test_learns_with_the_model(owner: User, server: LLMServer) -> None:
    server.say(fact("User loves trains"))
    turn = learn(owner, "I love trains")
    assert turn.learning == "saved" and [kept.text for kept in turn.saved] == ["User loves trains"]


def test_nothing_found_is_told_from_failed(owner: User, server: LLMServer) -> None:
    server.say(NOTHING)
    assert learn(owner, "Nice weather").learning == "nothing"
    server.say("I can't do that")
    failed = learn(owner, "I love trains")
    assert failed.learning == "pending" and failed.late


def test_a_failure_is_tried_again_and_at_last_shown(owner: User, server: LLMServer) -> None:
    posted = ScopedChats(owner).post("I love trains")
    for _ in range(ATTEMPTS):
        server.say(status=500)
        MessageRow.objects.filter(pk=posted.turn.id).update(due_at=timezone.now())
        assert learn_due() == 1
    assert ScopedChats(owner).message(posted.turn.id).learning == "failed" and learn_due() == 0
    server.say(fact("User loves trains"))
    assert ScopedChats(owner).learn_again(posted.turn.id)
    learn_turn(owner, posted.turn.id)
    assert ScopedChats(owner).message(posted.turn.id).learning == "saved"


def test_an_edited_turn_is_read_as_it_reads_now(owner: User, stranger: User) -> None:
    for user in (owner, stranger):
        turn = learn(user, "I live in Lisbon")
        ScopedChats(user).edit(turn.id, f"I live in {'Porto' if user is owner else 'Ghent'}")
        learn_turn(user, turn.id)
    assert {kept.memory for kept in ScopedMemory(owner).get_all()} == {"I live in Lisbon", "I live in Porto"}
    assert {kept.memory for kept in ScopedMemory(stranger).get_all()} == {"I live in Lisbon", "I live in Ghent"}


def test_nothing_is_kept_of_words_that_were_edited_away_while_they_were_read(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted, found = ScopedChats(owner).post("I take hormuzetin"), embedded.find_facts

    def edited_meanwhile(*args: Any, **also: Any) -> Any:
        facts = found(*args, **also)
        ScopedChats(owner).edit(posted.turn.id, "I love trains")
        return facts

    with monkeypatch.context() as patched:
        patched.setattr(embedded, "find_facts", edited_meanwhile)
        learn_turn(owner, posted.turn.id)
    assert ScopedMemory(owner).get_all() == []
    learn_turn(owner, posted.turn.id)
    assert [kept.memory for kept in ScopedMemory(owner).get_all()] == ["I love trains"]


@pytest.mark.parametrize("engine", ["embedded", "platform"])
def test_nothing_is_kept_of_words_that_were_edited_away_right_after_the_turn_was_taken_up(
    engine: str, owner: User, stranger: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with on_platform(settings) if engine == "platform" else nullcontext():
        posted, theirs = (ScopedChats(user).post("I take hormuzetin") for user in (owner, stranger))
        claimed = ReplyDesk.claim

        def edited_then(desk: ReplyDesk, message_id: str) -> Any:
            claim = claimed(desk, message_id)
            if message_id == posted.turn.id:
                ScopedChats(owner).edit(posted.turn.id, "I love trains")
            return claim

        with monkeypatch.context() as patched:
            patched.setattr(ReplyDesk, "claim", edited_then)
            learn_turn(owner, posted.turn.id), learn_turn(stranger, theirs.turn.id)
        assert ScopedMemory(owner).get_all() == []
        learn_turn(owner, posted.turn.id)
        assert [kept.memory for kept in ScopedMemory(owner).get_all()] == ["I love trains"]
        assert [kept.memory for kept in ScopedMemory(stranger).get_all()] == ["I take hormuzetin"]


def test_a_turn_is_learned_from_once(owner: User, server: LLMServer) -> None:
    server.say(fact("User loves trains"))
    turn = learn(owner, "I love trains")
    assert learn_turn(owner, turn.id) is None and len(server.requests) == 1
    assert not ScopedChats(owner).learn_again(turn.id)


def test_a_turn_at_work_is_not_taken_by_another(owner: User, server: LLMServer) -> None:
    posted = ScopedChats(owner).post("I love trains")
    MessageRow.objects.filter(pk=posted.turn.id).update(
        attempts=1, due_at=timezone.now() + timezone.timedelta(minutes=1)
    )
    assert learn_turn(owner, posted.turn.id) is None and server.requests == []


def test_a_switch_turned_off_before_learning_counts(owner: User, server: LLMServer) -> None:
    posted = ScopedChats(owner).post("I love trains")
    ScopedMemory(owner).choose(learn=False)
    assert learn_turn(owner, posted.turn.id) is None
    assert server.requests == [] and ScopedChats(owner).message(posted.turn.id).learning == "off"


@pytest.mark.parametrize("before", ["Well, " * 20_000, "\u200b"])
def test_a_turn_is_learned_from_whatever_the_reply_before_it_was_like(
    before: str, owner: User, stranger: User, server: LLMServer
) -> None:
    server.say(before)
    first = said(owner, "Tell me a long story")
    posted = ScopedChats(owner).post("I love trains", conversation_id=first.conversation_id)
    server.requests.clear()
    server.say(fact("User loves trains"))
    assert learn_turn(owner, posted.turn.id) is not None and len(server.prompts()) < 60_000
    assert ScopedChats(owner).message(posted.turn.id).learning == "saved"
    assert (ScopedMemory(owner).count(), ScopedMemory(stranger).count()) == (1, 0)


def test_what_was_said_while_memory_was_off_is_not_read_as_context(owner: User, server: LLMServer) -> None:
    chats = ScopedChats(owner)
    first = said(owner, "My canary is called Zorbanax", mode="off")
    chats.set_mode(first.conversation_id, "on")
    posted = chats.post("I love trains", conversation_id=first.conversation_id)
    server.requests.clear()
    learn_turn(owner, posted.turn.id)
    assert len(server.requests) == 1 and "Zorbanax" not in server.prompts()


def test_a_full_memory_is_said(owner: User) -> None:
    ScopedMemory(owner).add("I am vegetarian")
    OwnerState.objects.filter(owner=owner).update(quota=1)
    turn = learn(owner, "I live in Lisbon")
    assert (turn.learning, turn.full) == ("failed", True)


def test_already_known_is_shown(owner: User) -> None:
    ScopedMemory(owner).add("I am vegetarian")
    turn = learn(owner, "I'm vegetarian")
    assert turn.learning == "nothing" and [known.current for known in turn.known] == ["I am vegetarian"]


def test_a_name_told_another_way_is_known_and_stays_forgotten(owner: User, stranger: User) -> None:
    assert [kept.text for kept in learn(owner, "I'm Sam. My name is Sam.").saved] == ["I'm Sam"]
    again = learn(owner, "My name is Sam")
    assert again.learning == "nothing" and [known.current for known in again.known] == ["I'm Sam"]
    ScopedMemory(owner).delete(ScopedMemory(owner).get_all()[0].id)
    assert learn(owner, "My name is Sam").refused == ("My name is Sam",) and ScopedMemory(owner).count() == 0
    assert [kept.text for kept in learn(stranger, "My name is Sam").saved] == ["My name is Sam"]


def test_learning_does_not_fail_the_reply(
    owner: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: object, **__: object) -> None:
        raise EngineUnavailable

    monkeypatch.setattr(ScopedMemory, "learn", away)
    reply = said(owner, "I live in Lisbon")
    assert reply.status == "done" and "could not save" in reply.text and "Lisbon" not in caplog.text


def test_the_due_are_taken_for_everyone_and_the_closed_left_out(
    owner: User, stranger: User, make_user: Callable[..., User]
) -> None:
    gone = make_user("gone")
    for person in (owner, stranger, gone):
        ScopedChats(person).post("I live in Lisbon")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert learn_due() == 0
    MessageRow.objects.update(due_at=timezone.now())
    learn_due()
    assert [ScopedMemory(person).count() for person in (owner, stranger)] == [1, 1]
    assert not Conversation.objects.filter(owner=gone, memory_mode="off").exists()


def test_a_plan_is_made_in_few_queries(owner: User, server: LLMServer) -> None:
    for number in range(20):
        ScopedMemory(owner).add(f"My locker number {number} is blue", infer=False)
    posted = ScopedChats(owner).post("Which locker is blue?")
    with counted() as queries:
        planning.prepare(owner, posted.reply.id)
    assert len(queries) <= 30
