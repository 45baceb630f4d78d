"""The door to conversations: what each verb does, and that none leads to another person's."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import User
from memories.chats import ScopedChats
from memories.desk import ReplyDesk
from memories.errors import ConversationNotFound, InvalidText
from memories.models import Conversation, Message
from memories.scoped import ScopedMemory
from memories.storage.chats import TEMPORARY_FOR
from memories.storage.replies import ABANDONED_AFTER
from tests.counting import counted


@pytest.fixture
def other(stranger: User) -> ScopedChats:
    return ScopedChats(stranger)


def finish(user: User, reply_id: str, text: str = "All right.") -> None:
    assert ReplyDesk(user).close(reply_id, "done", text, "", "")


# --- Who may open it -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("nobody", ["alice", 1, None, AnonymousUser(), uuid.UUID(int=1), SimpleNamespace(pk=1), User()])
def test_opens_for_a_saved_active_user_alone(nobody: Any) -> None:
    with pytest.raises(TypeError):
        ScopedChats(nobody)


def test_stays_shut_for_a_closed_account(make_user: Callable[..., User]) -> None:
    with pytest.raises(TypeError):
        ScopedChats(make_user(is_active=False))


VERBS: dict[str, Callable[[ScopedChats, str, str, str], object]] = {
    "get": lambda door, chat, turn, reply: door.get(chat),
    "messages": lambda door, chat, turn, reply: door.messages(chat),
    "message": lambda door, chat, turn, reply: door.message(turn),
    "memories_from": lambda door, chat, turn, reply: door.memories_from(chat),
    "post": lambda door, chat, turn, reply: door.post("hello", conversation_id=chat),
    "edit": lambda door, chat, turn, reply: door.edit(turn, "other words"),
    "ask_again": lambda door, chat, turn, reply: door.ask_again(reply),
    "stop": lambda door, chat, turn, reply: door.stop(chat),
    "stop one": lambda door, chat, turn, reply: door.stop(chat, reply),
    "rename": lambda door, chat, turn, reply: door.rename(chat, "Mine now"),
    "set_mode": lambda door, chat, turn, reply: door.set_mode(chat, "off"),
    "leave_out": lambda door, chat, turn, reply: door.leave_out(chat, str(uuid.UUID(int=1))),
    "delete": lambda door, chat, turn, reply: door.delete(chat),
    "learn_again": lambda door, chat, turn, reply: door.learn_again(turn),
    "answered": lambda door, chat, turn, reply: door.answered(turn, refused="x"),
}


def test_every_verb_with_an_id_is_tried_on_a_stranger() -> None:
    public = {name for name in vars(ScopedChats) if not name.startswith("_")}
    without_id = {"page", "search", "close_abandoned", "end_temporary", "is_last"}
    assert public - without_id == {name.split()[0] for name in VERBS}


@pytest.mark.parametrize("verb", VERBS)
def test_a_strangers_id_is_not_found_and_changes_nothing(verb: str, chats: ScopedChats, other: ScopedChats) -> None:
    posted = chats.post("I live in Lisbon.")
    before = (list(Conversation.objects.values()), list(Message.objects.values()))
    with pytest.raises(ConversationNotFound):
        VERBS[verb](other, posted.conversation.id, posted.turn.id, posted.reply.id)
    assert (list(Conversation.objects.values()), list(Message.objects.values())) == before


@pytest.mark.parametrize("verb", VERBS)
def test_an_unknown_or_malformed_id_is_not_found(verb: str, chats: ScopedChats, subtests: pytest.Subtests) -> None:
    for bad in (str(uuid.UUID(int=7)), "1", "", 7, f"{{{uuid.UUID(int=7)}}}", "\x00" * 36):
        with subtests.test(bad=bad), pytest.raises(ConversationNotFound):
            VERBS[verb](chats, bad, bad, bad)


def test_lists_and_searches_show_no_one_elses(chats: ScopedChats, other: ScopedChats) -> None:
    chats.post("A lighthouse keeper's tale")
    assert other.page().items == ()
    assert other.search("lighthouse").items == ()
    assert other.end_temporary(chats.page().items[0].id) is False
    key = chats.page().items[0].id
    last = chats.messages(key)[-1].id
    assert chats.is_last(last, conversation_id=key) and not other.is_last(last, conversation_id=key)


def test_a_turn_is_not_reached_through_another_conversation(chats: ScopedChats) -> None:
    first, second = chats.post("one"), chats.post("two")
    with pytest.raises(ConversationNotFound):
        chats.message(first.turn.id, conversation_id=second.conversation.id)


# --- Posting ---------------------------------------------------------------------------------------------------------
def test_a_post_stores_the_turn_and_the_place_of_its_reply(chats: ScopedChats) -> None:
    posted = chats.post("  What should I cook tonight? \n")
    turn, reply = chats.messages(posted.conversation.id)
    assert (turn.role, turn.text, turn.status, turn.learning) == (
        "user",
        "What should I cook tonight?",
        "done",
        "pending",
    )
    assert (reply.role, reply.text, reply.status) == ("assistant", "", "streaming")
    assert chats.get(posted.conversation.id).title == "What should I cook tonight?"


@pytest.mark.parametrize("text", ["", "  \n", "x" * 8001, "a\x00b", "\ud800", "e" + "\u0301\u0323" * 16, 7, None])
def test_a_text_that_cannot_be_kept_is_refused(text: Any, chats: ScopedChats) -> None:
    with pytest.raises(InvalidText):
        chats.post(text)
    assert not Conversation.objects.exists()


def test_one_press_of_send_is_one_turn(chats: ScopedChats) -> None:
    first = chats.post("hello", nonce="key")
    second = chats.post("hello", conversation_id=first.conversation.id, nonce="key")
    assert second.repeated and second.turn.id == first.turn.id and second.reply.id == first.reply.id
    assert Message.objects.count() == 2


def test_going_back_to_an_old_page_and_writing_something_else_is_another_turn(chats: ScopedChats) -> None:
    first = chats.post("hello", nonce="key")
    second = chats.post("something else", conversation_id=first.conversation.id, nonce="key")
    assert not second.repeated and second.turn.id != first.turn.id


def test_two_people_may_have_the_same_nonce(chats: ScopedChats, other: ScopedChats) -> None:
    chats.post("hello", nonce="key")
    assert not other.post("hello", nonce="key").repeated


def test_a_new_turn_stops_the_reply_that_is_being_written(chats: ScopedChats) -> None:
    first = chats.post("one")
    chats.post("two", conversation_id=first.conversation.id)
    assert chats.message(first.reply.id).status == "stopped"


@pytest.mark.parametrize(
    ("mode", "learn", "state"), [("on", True, "pending"), ("off", True, "off"), ("on", False, "off")]
)
def test_what_may_be_learned_is_decided_when_it_is_said(mode: Any, learn: bool, state: str, owner: User) -> None:
    ScopedMemory(owner).choose(learn=learn)
    posted = ScopedChats(owner).post("I am vegetarian", mode=mode)
    ScopedMemory(owner).choose(learn=True)
    assert ScopedChats(owner).message(posted.turn.id).learning == state


def test_editing_starts_over_from_there(chats: ScopedChats, owner: User) -> None:
    first = chats.post("one")
    finish(owner, first.reply.id)
    chats.post("two", conversation_id=first.conversation.id)
    edited = chats.edit(first.turn.id, "one, but better")
    assert [message.text for message in chats.messages(first.conversation.id)] == ["one, but better", ""]
    assert edited.turn.id == first.turn.id and edited.turn.learning == "pending"


def test_what_was_edited_away_stays_in_no_title(chats: ScopedChats, stranger: User) -> None:
    theirs = ScopedChats(stranger).post("My locker code is 8812")
    first = chats.post("My locker code is 8812")
    assert chats.edit(first.turn.id, "Good morning").conversation.title == "Good morning"
    assert chats.get(first.conversation.id).title == "Good morning"
    assert ScopedChats(stranger).get(theirs.conversation.id).title == "My locker code is 8812"
    chats.rename(first.conversation.id, "Good morning")
    chats.edit(first.turn.id, "Good evening")
    assert chats.get(first.conversation.id).title == "Good morning", "chosen by hand"


def test_a_reply_is_not_edited(chats: ScopedChats) -> None:
    with pytest.raises(ConversationNotFound):
        chats.edit(chats.post("one").reply.id, "forged")


def test_asking_again_replaces_the_reply(chats: ScopedChats, owner: User) -> None:
    first = chats.post("one")
    finish(owner, first.reply.id)
    again = chats.ask_again(first.reply.id)
    assert again.reply.id != first.reply.id
    assert [message.id for message in chats.messages(first.conversation.id)] == [first.turn.id, again.reply.id]


# --- Endings ---------------------------------------------------------------------------------------------------------
def test_stop_keeps_the_text(chats: ScopedChats, owner: User) -> None:
    posted = chats.post("one")
    ReplyDesk(owner).keep(posted.reply.id, "half a sen", "")
    assert chats.stop(posted.conversation.id) is True
    assert chats.stop(posted.conversation.id) is False
    reply = chats.message(posted.reply.id)
    assert (reply.status, reply.text) == ("stopped", "half a sen")
    assert ReplyDesk(owner).keep(posted.reply.id, "more", "") is False


def test_a_dead_worker_leaves_a_failed_reply_with_its_text(chats: ScopedChats, owner: User) -> None:
    posted = chats.post("one")
    ReplyDesk(owner).keep(posted.reply.id, "half a sen", "")
    Message.objects.filter(pk=posted.reply.id).update(updated_at=timezone.now() - ABANDONED_AFTER * 2)
    reply = chats.messages(posted.conversation.id)[-1]
    assert (reply.status, reply.text) == ("failed", "half a sen") and "try again" in reply.error


def test_a_living_worker_is_left_alone(chats: ScopedChats) -> None:
    posted = chats.post("one")
    assert chats.messages(posted.conversation.id)[-1].status == "streaming"


# --- Conversations ---------------------------------------------------------------------------------------------------
def test_the_list_is_paged_and_newest_first(chats: ScopedChats) -> None:
    ids = [chats.post(f"chat {number}").conversation.id for number in range(5)]
    assert [chat.id for chat in chats.page(1, size=2).items] == [ids[4], ids[3]]
    assert chats.page(1, size=2).more and not chats.page(3, size=2).more
    assert [chat.id for chat in chats.page(3, size=2).items] == [ids[0]]
    assert chats.page(0, size=2).number == 1 and chats.page(99, size=2).items == ()


def test_search_reads_titles_and_texts(chats: ScopedChats) -> None:
    trip = chats.post("Plan a trip to Rome with museums")
    chats.rename(trip.conversation.id, "Holidays")
    chats.post("Something else")
    assert [chat.id for chat in chats.search("holidays").items] == [trip.conversation.id]
    found = chats.search("rome museums")
    assert [chat.id for chat in found.items] == [trip.conversation.id]
    assert "Rome" in found.found[trip.conversation.id]
    assert chats.search("rome nothing").items == () and chats.search("100%").items == ()


def test_a_title_of_ones_own_stays(chats: ScopedChats) -> None:
    posted = chats.post("hello there")
    chats.rename(posted.conversation.id, "  My\nname ")
    chats.post("more", conversation_id=posted.conversation.id)
    assert chats.get(posted.conversation.id).title == "My name"


def test_deleting_keeps_its_memories(chats: ScopedChats, owner: User) -> None:
    posted = chats.post("I am vegetarian")
    memory = ScopedMemory(owner).learn("I am vegetarian", message_id=posted.turn.id).saved[0]
    assert chats.memories_from(posted.conversation.id) == [memory.id]
    chats.delete(posted.conversation.id)
    assert not Message.objects.exists() and ScopedMemory(owner).get(memory.id).message_id is None


def test_a_temporary_chat_is_not_listed_and_ends(chats: ScopedChats) -> None:
    posted = chats.post("a secret", mode="temporary")
    key = posted.conversation.id
    assert chats.page().items == () and chats.search("secret").items == ()
    assert posted.turn.learning == "off"
    chats.set_mode(key, "on")
    assert chats.get(key).mode == "temporary"
    assert chats.end_temporary(key) is True and chats.end_temporary(key) is False
    assert not Message.objects.exists()


def test_a_temporary_chat_past_its_day_is_gone_before_it_is_purged(chats: ScopedChats, owner: User) -> None:
    posted = chats.post("a secret", mode="temporary")
    past = timezone.now() - dt.timedelta(seconds=1)
    assert posted.conversation.expires_at and posted.conversation.expires_at > timezone.now() + TEMPORARY_FOR * 0.99
    Conversation.objects.update(expires_at=past)
    for lost in (lambda: chats.get(posted.conversation.id), lambda: chats.message(posted.turn.id)):
        with pytest.raises(ConversationNotFound):
            lost()
    assert ReplyDesk(owner).tidy() == 1 and not Message.objects.exists()


def test_a_kept_chat_does_not_end_as_a_temporary_one(chats: ScopedChats) -> None:
    key = chats.post("hello").conversation.id
    assert chats.end_temporary(key) is False and chats.get(key).id == key


def test_left_out_memories_can_be_taken_back(chats: ScopedChats) -> None:
    key, memory = chats.post("hello").conversation.id, str(uuid.uuid4())
    chats.leave_out(key, memory)
    chats.leave_out(key, memory)
    assert chats.get(key).left_out == (memory,)
    chats.leave_out(key, memory, out=False)
    assert chats.get(key).left_out == ()


# --- Cost ------------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_page_of_turns_costs_the_same_however_many(chats: ScopedChats, owner: User) -> None:
    memory = ScopedMemory(owner)
    key = None
    for number in range(12):
        posted = chats.post(f"My locker number {number} is {number}{number}", conversation_id=key)
        key = posted.conversation.id
        learned = memory.learn(posted.turn.text, message_id=posted.turn.id)
        memory.mark_used(posted.reply.id, learned.saved)
        finish(owner, posted.reply.id)
        if number in (4, 11):
            with counted() as queries:
                chats.messages(key)
            assert len(queries) == 5


def test_the_list_costs_one_query(chats: ScopedChats) -> None:
    for number in range(20):
        chats.post(f"chat {number}")
        if number in (9, 19):
            with counted() as queries:
                chats.page()
            assert len(queries) == 1
