"""Replies without a model: recalled, forgotten and remembered by talking."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from memories.chat_types import Closed, Delta
from memories.chats import ScopedChats
from memories.models import Message as MessageRow
from memories.models import OwnerState
from memories.scoped import ScopedMemory
from tests.memories.replying import events, said


# --- Without a model --------------------------------------------------------------------------------------------------
def test_an_offline_reply_comes_through_the_same_path(owner: User, chats: ScopedChats) -> None:
    posted = chats.post("I am vegetarian. Please remember that.")
    told = events(owner, posted)
    assert isinstance(told[0], Delta) and told[-1] == Closed("done")
    reply, turn = chats.message(posted.reply.id), chats.message(posted.turn.id)
    assert "I am vegetarian" in reply.text and reply.status == "done" and reply.model == ""
    assert (turn.learning, [kept.text for kept in turn.saved]) == ("saved", ["I am vegetarian"])


def test_what_was_used_is_written_down(owner: User) -> None:
    memory = ScopedMemory(owner).add("I always want a window seat on flights")[0]
    reply = said(owner, "Which seat do I like?")
    assert [used.id for used in reply.used] == [memory.id]
    assert reply.used[0].text == memory.memory and reply.used[0].score
    assert ScopedMemory(owner).get(memory.id).use_count == 1


def test_the_log_says_that_a_chat_learned_and_recalled(owner: User, stranger: User) -> None:
    said(owner, "I am vegetarian. Please remember that.")
    said(owner, "What should I cook tonight?")
    told = {line.verb: line.via for line in ScopedMemory(owner).activity().items}
    assert told["learned"] == told["recalled"] == "chat"
    assert not ScopedMemory(stranger).activity().items


def test_what_is_left_out_here_is_not_used_here(owner: User, chats: ScopedChats) -> None:
    memory = ScopedMemory(owner).add("I always want a window seat on flights")[0]
    first = said(owner, "Which seat do I like?")
    chats.leave_out(first.conversation_id, memory.id)
    assert said(owner, "Which seat do I like?", conversation_id=first.conversation_id).used == ()
    assert said(owner, "Which seat do I like?").used != ()


@pytest.mark.parametrize("mode", ["off", "temporary"])
def test_off_means_off(mode: Any, owner: User, chats: ScopedChats) -> None:
    ScopedMemory(owner).add("I always want a window seat on flights")
    for text in (
        "Which seat do I like?",
        "what do you know about me?",
        "I live in Lisbon",
        "Forget my seat",
        "So it goes",
    ):
        reply = said(owner, text, mode=mode)
        assert "window" not in reply.text and "off" in reply.text and reply.used == ()
    assert ScopedMemory(owner).count() == 1


def test_a_full_memory_is_told_as_such(owner: User, stranger: User) -> None:
    ScopedMemory(owner).add("I am vegetarian")
    OwnerState.objects.filter(owner=owner).update(quota=1)
    assert "Your memory is full" in said(owner, "I live in Lisbon").text
    assert "I'll remember" in said(stranger, "I live in Lisbon").text


@pytest.mark.parametrize("switch", ["use_memories", "learn"])
def test_the_site_wide_switches_hold(switch: str, owner: User) -> None:
    ScopedMemory(owner).add("I always want a window seat on flights")
    ScopedMemory(owner).choose(**{switch: False})
    asked, told = said(owner, "Which seat do I like?"), said(owner, "I live in Lisbon")
    assert bool(asked.used) is (switch == "learn")
    assert ScopedMemory(owner).count() == (2 if switch == "use_memories" else 1)
    assert "switched off" in (asked if switch == "use_memories" else told).text


# --- Forget and recall by talking -------------------------------------------------------------------------------------
def test_forgetting_takes_a_yes(owner: User) -> None:
    memory = ScopedMemory(owner)
    memory.add("I am vegetarian")
    asked = said(owner, "Forget that I'm vegetarian")
    assert "I am vegetarian" in asked.text and memory.count() == 1
    done = said(owner, "yes", conversation_id=asked.conversation_id)
    assert "Forgotten" in done.text and memory.count() == 0


def test_a_no_keeps_everything(owner: User) -> None:
    ScopedMemory(owner).add("I am vegetarian")
    asked = said(owner, "Forget that I'm vegetarian")
    assert "kept" in said(owner, "no", conversation_id=asked.conversation_id).text
    said(owner, "yes", conversation_id=asked.conversation_id)
    assert ScopedMemory(owner).count() == 1


@pytest.mark.parametrize("with_model", [False, True])
def test_everything_is_forgotten_on_the_page_alone(
    with_model: bool, owner: User, stranger: User, request: pytest.FixtureRequest
) -> None:
    """It asks who one is; a chat left open on a desk does not."""
    asked_model = request.getfixturevalue("server").requests if with_model else []
    for user in (owner, stranger):
        ScopedMemory(user).add("I am vegetarian", infer=False)
    first = said(owner, "Forget everything you know about me")
    then = said(owner, "yes, delete everything", conversation_id=first.conversation_id)
    for reply in (first, then, said(owner, "yes", conversation_id=first.conversation_id)):
        assert "the one thing" in reply.text and "(/data/wipe/)" in reply.text and "deleted nothing" in reply.text
    assert "kept" in said(owner, "no", conversation_id=first.conversation_id).text
    assert [ScopedMemory(user).count() for user in (owner, stranger)] == [1, 1] and asked_model == []


@pytest.mark.parametrize(
    ("wish", "offered"),
    [
        ("forget where I live", ["We live in Lisbon", "I moved to Porto"]),
        ("Forget that I live in Lisbon", ["We live in Lisbon"]),
        ("Forget my birthday and my job", ["My birthday is on 4 May", "I work as a nurse"]),
        ("please delete everything about Breaking Bad", ["I've seen all of Breaking Bad"]),
    ],
)
def test_what_is_meant_is_offered_for_forgetting(wish: str, offered: list[str], owner: User, stranger: User) -> None:
    told = ("We live in Lisbon", "I moved to Porto", "My birthday is on 4 May", "I work as a nurse")
    for user in (owner, stranger):
        for text in (*told, "I've seen all of Breaking Bad"):
            ScopedMemory(user).add(text, infer=False)
    asked = said(owner, wish)
    assert [ScopedMemory(owner).get(key).memory for key in (asked.asks or {})["ids"]] == offered


def test_of_several_one_can_be_picked(owner: User) -> None:
    memory = ScopedMemory(owner)
    memory.add("My bike is red")
    memory.add("I keep my bike in the cellar")
    asked = said(owner, "Forget my bike")
    assert asked.asks is not None and len(asked.asks["ids"]) == 2
    said(owner, "the second one", conversation_id=asked.conversation_id)
    assert [kept.id for kept in memory.get_all()] == [asked.asks["ids"][0]]


def test_a_yes_counts_in_the_next_turn_of_the_same_chat_alone(owner: User) -> None:
    ScopedMemory(owner).add("I am vegetarian")
    asked = said(owner, "Forget that I'm vegetarian")
    said(owner, "yes")
    said(owner, "What is the weather?", conversation_id=asked.conversation_id)
    said(owner, "yes", conversation_id=asked.conversation_id)
    assert ScopedMemory(owner).count() == 1


def test_what_is_asked_of_one_person_is_not_answered_by_another(owner: User, stranger: User) -> None:
    for person in (owner, stranger):
        ScopedMemory(person).add("I am vegetarian")
    asked = said(owner, "Forget that I'm vegetarian")
    posted = ScopedChats(stranger).post("hello")
    events(stranger, posted)
    MessageRow.objects.filter(pk=posted.reply.id).update(asks=asked.asks)
    said(stranger, "yes", conversation_id=posted.conversation.id)
    assert ScopedMemory(owner).count() == 1 and ScopedMemory(stranger).count() == 1


def test_saying_what_was_forgotten_asks_before_it_is_kept(owner: User, chats: ScopedChats) -> None:
    memory = ScopedMemory(owner)
    memory.delete(memory.add("I am vegetarian")[0].id)
    reply = said(owner, "I am vegetarian")
    assert memory.count() == 0 and reply.asks is not None
    assert chats.messages(reply.conversation_id)[0].refused == ("I am vegetarian",)
    said(owner, "remember it again", conversation_id=reply.conversation_id)
    assert [kept.memory for kept in memory.get_all()] == ["I am vegetarian"]


def test_a_contradiction_is_offered(owner: User, chats: ScopedChats) -> None:
    said(owner, "I live in Lisbon")
    turn = chats.messages(said(owner, "I moved to Porto").conversation_id)[0]
    assert [(clash.newer.text, clash.older.text) for clash in turn.clashes] == [
        ("I moved to Porto", "I live in Lisbon")
    ]
