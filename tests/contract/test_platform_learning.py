"""The platform engine learning: in its own time, followed up, and never more than was said."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import User
from memories import learning
from memories.chats import ScopedChats
from memories.errors import EngineUnavailable
from memories.models import Disclosure, Message, PlatformEvent
from memories.scoped import ScopedMemory
from tests.contract.conftest import engine_of, texts
from tests.contract.platform_server import PlatformServer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def turn(user: User, text: str) -> Message:
    ScopedChats(user).post(text)
    return Message.objects.get(owner=user, role="user", text=text)


def test_a_turn_stays_pending_until_its_event_succeeded(
    alice: ScopedMemory, bob: ScopedMemory, server: PlatformServer, owner: User
) -> None:
    alice.choose(ask_first=False)
    server.polls = 2
    said = turn(owner, "I am allergic to peanuts.")
    for _ in range(2):
        learning.learn_turn(owner, str(said.pk))
        said.refresh_from_db()
        assert said.memory_state == "pending" and alice.pending == 1 and alice.count() == 1
        Message.objects.filter(pk=said.pk).update(due_at=timezone.now())
    learning.learn_turn(owner, str(said.pk))
    said.refresh_from_db()
    assert said.memory_state == "saved" and alice.pending == 0
    assert len(server.asked("POST", "/v3/memories/add/")) == 3, "asked once for this turn, and by the two fixtures"
    found = alice.get_all()[0]
    assert (found.memory, found.message_id, found.source) == ("I am allergic to peanuts", str(said.pk), "chat")
    assert bob.count() == 1 and bob.pending == 0


def test_a_failed_event_is_tried_again_later(alice: ScopedMemory, server: PlatformServer, owner: User) -> None:
    server.fail_events = 1
    said = turn(owner, "I am allergic to peanuts.")
    learning.learn_turn(owner, str(said.pk))
    said.refresh_from_db()
    assert said.memory_state == "pending" and not PlatformEvent.objects.exists()
    Message.objects.filter(pk=said.pk).update(due_at=timezone.now())
    learning.learn_turn(owner, str(said.pk))
    said.refresh_from_db()
    assert said.memory_state == "saved"


def test_what_a_program_adds_is_followed_up(
    alice: ScopedMemory, bob: ScopedMemory, server: PlatformServer, owner: User
) -> None:
    alice.delete(alice.get_all()[0].id)
    server.polls = 1
    assert alice.add("I am vegetarian. I live in Ghent.") == [] and alice.pending == 1
    PlatformEvent.objects.update(due_at=timezone.now())
    assert engine_of(owner).settle_due() == 1
    # What was forgotten once is taken off the platform again.
    assert texts(alice) == ["I live in Ghent"] == server.of(owner.namespace) and alice.pending == 0
    assert bob.count() == 1


def test_a_lost_answer_revives_nothing_that_was_forgotten(
    alice: ScopedMemory, bob: ScopedMemory, server: PlatformServer, owner: User, stranger: User
) -> None:
    """The platform took the call, and we were gone before we could note by which name it knows it."""
    for memory in (alice, bob):
        memory.choose(ask_first=False)
    alice.delete(alice.get_all()[0].id)
    for memory in (alice, bob):
        server.answer(path="/v3/memories/add/", drop=True, after=True)
        with pytest.raises(EngineUnavailable):
            memory.add("I am vegetarian. I live in Ghent.")
        assert memory.pending == 0
    for event in list(server.events.values()):
        event.results = event.work()
    assert server.of(owner.namespace) == ["I am vegetarian", "I live in Ghent"]
    # Before the background pass has looked, and however late it came: never used, and shown as what it is.
    assert {m.memory: m.state for m in alice.get_all()} == {"I am vegetarian": "review", "I live in Ghent": "active"}
    assert "I am vegetarian" not in {m.memory for m in alice.search("vegetarian")}
    assert "I am vegetarian" in {m.memory for m in bob.search("vegetarian")}
    PlatformEvent.objects.update(due_at=timezone.now())
    assert engine_of(owner).settle_due() == engine_of(stranger).settle_due() == 1
    assert texts(alice) == server.of(owner.namespace) == ["I live in Ghent"] and not PlatformEvent.objects.exists()
    assert set(texts(bob)) == {"I always want a window seat", "I am vegetarian", "I live in Ghent"}


def test_what_is_concluded_waits_for_a_yes(alice: ScopedMemory, bob: ScopedMemory) -> None:
    [new] = alice.add("I live in Ghent.")
    assert alice.get(new.id).state == "review" and alice.search("Where do I live? Ghent") == []
    alice.keep(new.id)
    assert [m.memory for m in alice.search("Ghent")] == ["I live in Ghent"] and bob.search("Ghent") == []


@pytest.mark.slow
def test_what_was_not_looked_through_yet_is_not_used(
    alice: ScopedMemory, bob: ScopedMemory, server: PlatformServer, owner: User, stranger: User
) -> None:
    """Between the platform's answer and our note, however long that is."""
    alice.choose(ask_first=False)
    bob.choose(ask_first=False)
    alice.delete(alice.add("I like sardines", infer=False)[0].id)
    server.polls = 3
    assert alice.take_in("Something about me").pending
    for namespace in (owner.namespace, stranger.namespace):
        for text in ("I am allergic to peanuts", "I like sardines", "I like plums"):
            server.put(namespace, text, {"kind": "inferred", "source": "chat", "version": 1})
    # She has an open event: what she once had forgotten waits too. He has none, and never forgot it.
    states = {memory.memory: memory.state for memory in alice.get_all()}
    assert states["I am allergic to peanuts"] == states["I like sardines"] == "review"
    assert states["I like plums"] == "active" and [m.memory for m in alice.search("plums")][:1] == ["I like plums"]
    assert not {"I am allergic to peanuts", "I like sardines"} & {m.memory for m in alice.search("peanuts sardines")}
    assert {memory.memory: memory.state for memory in bob.get_all()}["I like sardines"] == "active"
    assert "I am allergic to peanuts" not in {m.memory for m in bob.search("peanuts")}
    alice.choose(ask_first=True)
    assert "I like plums" not in {m.memory for m in alice.search("plums")}
    # A yes is a yes; taking a deletion back is none.
    [nuts] = [memory for memory in bob.get_all() if memory.state == "review"]
    bob.hold(nuts.id)
    assert bob.restore(nuts.id).state == "review"
    bob.keep(nuts.id)
    assert [m.memory for m in bob.search("peanuts")][:1] == ["I am allergic to peanuts"]
    plums = next(memory for memory in bob.get_all() if memory.memory == "I like plums")
    assert bob.update(plums.id, "I am allergic to plums").state == "active"


def test_a_delicate_conclusion_waits_whatever_was_chosen(alice: ScopedMemory, bob: ScopedMemory) -> None:
    for memory in (alice, bob):
        memory.choose(ask_first=False)
    alice.add("I am allergic to peanuts. I live in Ghent.")
    assert {m.memory: m.state for m in alice.get_all()} == {
        "I am vegetarian": "active",
        "I am allergic to peanuts": "review",
        "I live in Ghent": "active",
    }
    assert "I am allergic to peanuts" not in [m.memory for m in alice.search("peanuts")] and bob.count() == 1


def test_what_is_concluded_ranks_after_what_was_said(alice: ScopedMemory, bob: ScopedMemory) -> None:
    alice.choose(ask_first=False)
    alice.add("I like jazz.")
    for memory in (alice, bob):
        memory.add("I like jazz a lot", infer=False)
    said, concluded = alice.search("jazz")
    assert (said.kind, concluded.kind) == ("stated", "inferred")
    assert concluded.score and said.score and concluded.score < said.score
    assert [m.kind for m in bob.search("jazz")] == ["stated"]


def test_what_comes_of_a_turn_from_before_a_wipe_is_removed(
    alice: ScopedMemory, bob: ScopedMemory, server: PlatformServer, owner: User
) -> None:
    server.polls = 1
    alice.add("I live in Ghent.")
    event = PlatformEvent.objects.get()
    server.polls = 0
    alice.delete_all()
    event.pk = None
    event.save()
    assert engine_of(owner).settle(event).saved == ()
    assert server.of(owner.namespace) == [] and bob.count() == 1


def test_what_comes_of_a_deleted_turn_is_removed(alice: ScopedMemory, server: PlatformServer, owner: User) -> None:
    server.polls = 1
    said = turn(owner, "I live in Ghent.")
    learning.learn_turn(owner, str(said.pk))
    Message.objects.filter(pk=said.pk).delete()
    PlatformEvent.objects.update(due_at=timezone.now())
    assert engine_of(owner).settle_due() == 1
    assert server.of(owner.namespace) == ["I am vegetarian"]


def test_what_comes_of_words_that_were_edited_away_is_removed(
    alice: ScopedMemory, bob: ScopedMemory, server: PlatformServer, owner: User, stranger: User
) -> None:
    server.polls = 1
    for person, place in ((owner, "Porto"), (stranger, "Bruges")):
        said = turn(person, "I live in Ghent.")
        learning.learn_turn(person, str(said.pk))
        ScopedChats(person).edit(str(said.pk), f"I live in {place}.")
    server.polls = 0
    for person in (owner, stranger):
        learning.learn_turn(person, str(Message.objects.get(owner=person, role="user").pk))
    assert server.of(owner.namespace) == ["I am vegetarian", "I live in Porto"]
    assert server.of(stranger.namespace)[1:] == ["I live in Bruges"]


def test_what_a_lost_answer_brings_of_a_deleted_turn_is_removed(
    alice: ScopedMemory, bob: ScopedMemory, server: PlatformServer, owner: User, stranger: User
) -> None:
    gone, kept, theirs = turn(owner, "I live in Ghent."), turn(owner, "I keep bees."), turn(stranger, "I keep bees.")
    for whose, said in ((owner, gone), (owner, kept), (stranger, theirs)):
        server.answer(path="/v3/memories/add/", drop=True, after=True)
        learning.learn_turn(whose, str(said.pk))
    for event in list(server.events.values()):
        event.results = event.work()
    # Sent again and read, with a yes: that stays, as what was learned from a chat does.
    Message.objects.filter(pk=kept.pk).update(due_at=timezone.now())
    learning.learn_turn(owner, str(kept.pk))
    Message.objects.filter(pk__in=[gone.pk, kept.pk]).delete()
    PlatformEvent.objects.update(due_at=timezone.now())
    assert engine_of(owner).settle_due() == 2 and engine_of(stranger).settle_due() == 1
    assert server.of(owner.namespace) == ["I am vegetarian", "I keep bees"]
    assert server.of(stranger.namespace)[1:] == ["I keep bees"]


def test_a_turn_that_was_wiped_is_not_sent(alice: ScopedMemory, server: PlatformServer, owner: User) -> None:
    said = turn(owner, "I live in Ghent.")
    alice.delete_all()
    sent = len(server.asked("POST", "/v3/memories/add/"))
    assert alice.learn("I live in Ghent.", message_id=str(said.pk)).saved == ()
    assert len(server.asked("POST", "/v3/memories/add/")) == sent and server.of(owner.namespace) == []


def test_what_leaves_for_reading_is_written_down_first(
    alice: ScopedMemory, bob: ScopedMemory, server: PlatformServer, owner: User
) -> None:
    server.answer(status=500, path="/v3/memories/add/")
    with pytest.raises(EngineUnavailable):
        alice.add("I live in Ghent.")
    line = Disclosure.objects.get()
    assert (line.owner_id, line.provider, line.model, line.purpose) == (owner.pk, "127.0.0.1", "mem0", "learning")


def test_the_assistants_words_are_not_sent(alice: ScopedMemory, server: PlatformServer) -> None:
    server.requests.clear()
    assert alice.add([{"role": "assistant", "content": "I am a pilot"}]) == [] and server.requests == []
