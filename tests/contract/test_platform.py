"""What is different on the platform: whose an id is, what is queued, what is kept beside it. Two people throughout."""

from __future__ import annotations

import datetime as dt
import html
import uuid
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from memories import learning
from memories.chats import ScopedChats
from memories.engines.platform import PlatformEngine
from memories.engines.platform_values import held
from memories.errors import EngineUnavailable, InvalidText, IsolationBreach, MemoryNotFound, Unavailable
from memories.models import Activity, Disclosure, Memory, Message, PlatformEvent, PlatformNote
from memories.owner import PROGRAM, owner_of
from memories.scoped import ScopedMemory
from memories.transfer_types import Parsed
from memories.types import Filter
from tests.contract.platform_server import PlatformServer, on_platform

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def server(settings: Any) -> Iterator[PlatformServer]:
    with on_platform(settings) as server:
        yield server


@pytest.fixture
def alice(server: PlatformServer, owner: User) -> ScopedMemory:
    memory = ScopedMemory(owner)
    memory.add("I am vegetarian", infer=False)
    return memory


@pytest.fixture
def bob(server: PlatformServer, stranger: User) -> ScopedMemory:
    memory = ScopedMemory(stranger)
    memory.add("I always want a window seat", infer=False)
    return memory


def texts(memory: ScopedMemory) -> list[str]:
    return [each.memory for each in memory.get_all()]


def engine_of(user: User) -> PlatformEngine:
    return PlatformEngine(owner_of(user), PROGRAM)


# --- Whose it is ------------------------------------------------------------------------------------------------------
def test_every_call_names_its_owner(
    alice: ScopedMemory, bob: ScopedMemory, server: PlatformServer, owner: User
) -> None:
    server.requests.clear()
    alice.search("food"), alice.get_all(), alice.count(), alice.add("I keep bees"), alice.delete_all()
    names = [
        asked.query.get("user_id", [None])[0]
        or (asked.body or {}).get("user_id")
        or (asked.body or {}).get("filters", {}).get("user_id")
        for asked in server.requests
        if "/event/" not in asked.path and "-" not in asked.path
    ]
    assert len(names) >= 5 and set(names) == {str(owner.namespace)}
    assert texts(bob) == ["I always want a window seat"]


def test_nothing_but_ids_is_kept_here(alice: ScopedMemory, bob: ScopedMemory) -> None:
    alice.hold(alice.get_all()[0].id)
    assert not Memory.objects.exists() and PlatformNote.objects.count() == 1


def test_a_strangers_id_changes_nothing_there(alice: ScopedMemory, bob: ScopedMemory, server: PlatformServer) -> None:
    theirs = bob.get_all()[0].id
    for verb in (alice.get, alice.delete, alice.hold, alice.history, alice.detail, alice.pause, alice.restore):
        with pytest.raises(MemoryNotFound):
            verb(theirs)
    with pytest.raises(MemoryNotFound):
        alice.update(theirs, "mine now")
    with pytest.raises(MemoryNotFound):
        alice.expire(theirs, timezone.now() + dt.timedelta(days=9))
    key = uuid.UUID(theirs)
    assert alice.pause_many([key]) == 0 and alice.hold_many([key])[0] == 0 and alice.named([theirs]) == []
    assert not server.asked("PUT") and not server.asked("DELETE")
    assert texts(bob) == ["I always want a window seat"] and not PlatformNote.objects.exists()


@pytest.mark.parametrize("whose", [None, "", "*", "somebody-else"])
def test_a_row_that_does_not_say_it_is_ours_is_a_breach(
    owner: User, caplog: pytest.LogCaptureFixture, whose: str | None
) -> None:
    row = {"id": str(uuid.uuid4()), "memory": "my secret", "user_id": whose, "created_at": "2026-01-01T00:00:00Z"}
    with pytest.raises(IsolationBreach):
        held(row, owner_of(owner))
    assert "isolation breach" in caplog.text and "my secret" not in caplog.text


def test_a_platform_that_mixes_people_up_shows_nothing(
    alice: ScopedMemory, bob: ScopedMemory, server: PlatformServer
) -> None:
    server._under = lambda filters, expired: list(server.rows.values())  # type: ignore[method-assign]
    for verb in (alice.get_all, lambda: alice.search("window seat"), alice.browse, alice.overview):
        with pytest.raises(IsolationBreach):
            verb()


# --- Learning, in its own time ----------------------------------------------------------------------------------------
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


# --- Kept beside it ---------------------------------------------------------------------------------------------------
def test_a_paused_memory_is_listed_and_not_used(alice: ScopedMemory, bob: ScopedMemory) -> None:
    memory = alice.get_all()[0]
    alice.pause(memory.id)
    assert alice.search("vegetarian") == [] and alice.get(memory.id).state == "paused"
    listing = alice.browse(Filter(state="paused"))
    assert listing.page.total == 1 and listing.facets.state["paused"] == 1 and alice.overview().paused == 1
    alice.resume(memory.id)
    assert alice.search("vegetarian")[0].id == memory.id and bob.overview().paused == 0


def test_uses_are_counted_without_words(alice: ScopedMemory, bob: ScopedMemory) -> None:
    memory = alice.search("vegetarian")[0]
    alice.mark_used(str(uuid.uuid4()), [memory])
    alice.mark_used(str(uuid.uuid4()), [memory])
    assert alice.get(memory.id).use_count == 2 and alice.detail(memory.id).uses == ()
    assert alice.pictures().used["2 to 5 times"] == 1 and bob.pictures().used["never"] == 1


def test_an_end_is_a_whole_day(alice: ScopedMemory, bob: ScopedMemory, server: PlatformServer) -> None:
    memory = alice.get_all()[0]
    soon = timezone.now() + dt.timedelta(days=40)
    changed = alice.expire(memory.id, soon)
    assert changed.expires_at == soon.replace(hour=0, minute=0, second=0, microsecond=0)
    assert server.rows[memory.id]["expiration_date"] == (soon.date() - dt.timedelta(days=1)).isoformat()
    assert alice.browse(Filter(expiring=True)).page.total == 1
    assert alice.expire(memory.id, None).expires_at is None
    with pytest.raises(InvalidText, match="whole days"):
        alice.expire(memory.id, timezone.now() + dt.timedelta(minutes=1))


def test_an_expired_memory_is_listed_and_not_used(alice: ScopedMemory, server: PlatformServer) -> None:
    memory = alice.get_all()[0]
    server.rows[memory.id]["expiration_date"] = "2020-01-01"
    assert alice.search("vegetarian") == [] and alice.count() == 1 and alice.get_all()[0].expires_at is not None


def test_an_earlier_text_can_be_brought_back(alice: ScopedMemory, bob: ScopedMemory) -> None:
    memory = alice.get_all()[0]
    alice.update(memory.id, "I am vegan")
    back = alice.revert(memory.id, 1)
    assert (back.memory, back.version) == ("I am vegetarian", 3)
    assert [v.new_memory for v in alice.history(memory.id)] == ["I am vegetarian", "I am vegan", "I am vegetarian"]
    assert [e.versions[0].new_memory for piece in alice.copy() for e in piece] == ["I am vegetarian"]


@pytest.mark.slow
def test_the_tutorial_runs_on_it_unchanged(bob: ScopedMemory, server: PlatformServer, stranger: User) -> None:
    out = StringIO()
    call_command("agent", stdout=out, no_color=True)
    assert out.getvalue().count("held  ") == 10 and out.getvalue().count("LEAKED") == 1
    assert [row["user_id"] for row in server.rows.values()] == [str(stranger.namespace)]


def test_what_cannot_be_done_is_a_page_in_words(alice: ScopedMemory, client_as: Any, owner: User) -> None:
    file = SimpleUploadedFile("memories.txt", b"I keep bees\n", content_type="text/plain")
    answer = client_as(owner).post(reverse("memories:import"), {"file": file})
    assert answer.status_code == 501 and "mem0's platform" in html.unescape(answer.content.decode())
    assert alice.count() == 1


def test_files_are_not_imported_and_say_so(alice: ScopedMemory) -> None:
    assert not alice.capabilities.files and not alice.capabilities.at_once
    for verb in (lambda: alice.receive(Parsed(format="x")), lambda: alice.start_import(str(uuid.uuid4()))):
        with pytest.raises(Unavailable, match="mem0's platform"):
            verb()


def test_many_are_held_and_taken_back_together(alice: ScopedMemory, bob: ScopedMemory) -> None:
    alice.add("I live in Ghent", infer=False)
    count, until = alice.hold_many([uuid.UUID(m.id) for m in alice.get_all()])
    assert count == 2 and alice.count() == 0 and alice.get_all() == []
    assert bob.restore_held(until) == 0 and alice.restore_held(until) == 2 and alice.count() == 2


# --- Deleting ---------------------------------------------------------------------------------------------------------
def test_a_deletion_that_is_not_confirmed_says_so_and_goes_on(
    alice: ScopedMemory, bob: ScopedMemory, server: PlatformServer, owner: User
) -> None:
    memory = alice.get_all()[0]
    server.linger = 1
    with pytest.raises(EngineUnavailable, match="not confirmed"):
        alice.delete(memory.id)
    assert alice.get_all() == [] and alice.search("vegetarian") == []
    assert engine_of(owner).erase_due() == 1
    assert not PlatformNote.objects.exists() and bob.count() == 1


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop": True}, {"status": 429}], ids=repr)
def test_a_deletion_that_does_not_get_through_goes_on(
    alice: ScopedMemory, server: PlatformServer, owner: User, fault: dict[str, Any]
) -> None:
    memory = alice.get_all()[0]
    server.answer(method="DELETE", **fault)
    with pytest.raises(EngineUnavailable, match="not confirmed"):
        alice.delete(memory.id)
    assert server.of(owner.namespace) == ["I am vegetarian"] and alice.get_all() == []
    assert engine_of(owner).erase_due() == 1 and server.of(owner.namespace) == []
    assert Activity.objects.filter(verb="deleted").count() == 1


def test_what_was_held_is_erased_when_its_time_is_over(
    alice: ScopedMemory, bob: ScopedMemory, server: PlatformServer, owner: User
) -> None:
    memory = alice.get_all()[0]
    alice.update(memory.id, "I am vegan")
    alice.hold(memory.id)
    assert engine_of(owner).erase_due() == 0 and server.of(owner.namespace) == ["I am vegan"]
    PlatformNote.objects.update(held_until=timezone.now())
    assert engine_of(owner).erase_due() == 1 and server.of(owner.namespace) == []
    with pytest.raises(MemoryNotFound):
        alice.restore(memory.id)
    # The earlier text is marked as forgotten as well.
    assert alice.add("I am vegetarian.") == [] and server.of(owner.namespace) == [] and bob.count() == 1
