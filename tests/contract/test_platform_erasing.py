"""Erasing everything of one person on the platform: said only when it is so, and gone on with until it is."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from memories import erasure, retention, tending
from memories.engines import platform_erasing
from memories.engines.platform_wire import Line
from memories.errors import EngineUnavailable, InvalidText, Unavailable
from memories.models import PlatformErasure, PlatformEvent, PlatformNote
from memories.owner import PROGRAM, owner_of
from memories.scoped import ScopedMemory
from memories.storage.owner_scope import reading
from memories.storage.platform import PlatformErasures
from memories.storage.receipts import PLATFORM, Receipts, ownerless
from memories.types import Receipt, StoreCount
from tests.contract.platform_server import PlatformServer, on_platform

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def server(settings: Any, owner: User, stranger: User) -> Iterator[PlatformServer]:
    with on_platform(settings) as server:
        for text in ("I am vegetarian", "I live in Ghent"):
            server.put(owner.namespace, text)
        server.put(stranger.namespace, "I always want a window seat")
        yield server


def line_of(receipt: Receipt) -> StoreCount:
    return next(line for line in receipt.stores if line.store == PLATFORM)


def confirmed(receipt: Receipt) -> bool:
    return not any("not confirmed" in sentence for sentence in receipt.remains)


def go_on() -> int:
    PlatformErasure.objects.update(due_at=timezone.now())
    return platform_erasing.go_on_with_due()


def test_a_wipe_takes_ones_own_alone_and_says_how_many(server: PlatformServer, owner: User, stranger: User) -> None:
    receipt = ScopedMemory(owner).delete_all()
    assert confirmed(receipt) and (line_of(receipt).found, line_of(receipt).removed, line_of(receipt).left) == (2, 2, 0)
    assert server.of(owner.namespace) == [] and server.of(stranger.namespace) == ["I always want a window seat"]
    [asked] = server.asked("DELETE")
    assert asked.query == {"user_id": [str(owner.namespace)]}


def test_what_was_wiped_there_is_not_learned_again(server: PlatformServer, owner: User, stranger: User) -> None:
    ScopedMemory(owner).delete_all()
    assert ScopedMemory(owner).add("I am vegetarian. I have a cat.")[0].memory == "I have a cat"
    assert server.of(owner.namespace) == ["I have a cat"]
    assert ScopedMemory(stranger).add("I am vegetarian.") != []


def test_a_receipt_says_asked_until_the_event_succeeded(server: PlatformServer, owner: User, stranger: User) -> None:
    server.polls = 2
    receipt = ScopedMemory(owner).delete_all()
    assert not confirmed(receipt) and (line_of(receipt).found, line_of(receipt).removed) == (2, 0)
    assert PlatformErasures(owner.namespace).unconfirmed() and not PlatformErasures(stranger.namespace).unconfirmed()
    assert go_on() == 0
    assert go_on() == 1
    with reading(owner_of(owner)):
        [again] = Receipts(owner_of(owner)).newest()
    assert again.id == receipt.id and confirmed(again) and line_of(again).removed == 2 and line_of(again).left == 0
    assert len(server.asked("DELETE")) == 1 and server.of(stranger.namespace)


def test_a_failed_event_is_asked_for_again(server: PlatformServer, owner: User) -> None:
    server.fail_events = 1
    assert not confirmed(ScopedMemory(owner).delete_all()) and len(server.of(owner.namespace)) == 2
    assert go_on() == 1 and server.of(owner.namespace) == [] and len(server.asked("DELETE")) == 2


def test_an_empty_count_without_success_is_not_enough(server: PlatformServer, owner: User) -> None:
    server.rows.clear()
    server.fail_events = 1
    assert not confirmed(ScopedMemory(owner).delete_all())
    assert go_on() == 1


def test_success_without_an_empty_count_is_not_enough(server: PlatformServer, owner: User, stranger: User) -> None:
    queue = server._queue
    server._queue = lambda work: queue(list)  # type: ignore[method-assign,assignment]
    assert not confirmed(ScopedMemory(owner).delete_all())
    server._queue = queue  # type: ignore[method-assign]
    assert go_on() == 1 and server.of(owner.namespace) == [] and server.of(stranger.namespace)


def test_a_turn_that_is_still_being_read_is_waited_for(server: PlatformServer, owner: User, stranger: User) -> None:
    memory = ScopedMemory(owner)
    server.polls = 3
    memory.add("I have a cat.")
    server.polls = 0
    assert not confirmed(memory.delete_all()) and not PlatformEvent.objects.exists()
    assert go_on() == 0
    while not go_on():
        assert not PlatformErasure.objects.get().confirmed_at
    assert server.of(owner.namespace) == [] and server.of(stranger.namespace) == ["I always want a window seat"]


def test_what_a_wipe_could_not_list_is_marked_before_it_is_erased(
    server: PlatformServer, owner: User, stranger: User
) -> None:
    memory = ScopedMemory(owner)
    memory.update(next(m.id for m in memory.get_all() if m.memory == "I live in Ghent"), "I live in Lisbon")
    for _ in range(9):
        server.answer(status=401)
    assert not confirmed(memory.delete_all())
    server.instead.clear()
    # It is back, and still has everything: nothing of it is shown, used or counted, and nothing new is mixed with it.
    assert memory.get_all() == [] and memory.search("Lisbon") == [] and memory.count() == 0
    with pytest.raises(EngineUnavailable, match="not confirmed"):
        memory.add("I keep bees", infer=False)
    assert ScopedMemory(stranger).search("window") and ScopedMemory(stranger).add("I keep bees", infer=False)
    assert go_on() == 1 and server.of(owner.namespace) == []
    learned = memory.take_in("I am vegetarian. I live in Lisbon. I live in Ghent. I have a cat.")
    assert [new.memory for new in learned.saved] == ["I have a cat"]
    assert sorted(learned.refused) == ["I am vegetarian", "I live in Ghent", "I live in Lisbon"]


def test_a_crash_between_the_wish_and_the_marks_leaves_no_gap(server: PlatformServer, owner: User) -> None:
    server.answer(method="DELETE", drop=True, after=True)
    assert not confirmed(ScopedMemory(owner).delete_all()) and server.of(owner.namespace)
    assert go_on() == 1
    assert ScopedMemory(owner).take_in("I am vegetarian.").refused == ("I am vegetarian",)


def test_what_cannot_be_marked_is_erased_all_the_same(server: PlatformServer, owner: User, stranger: User) -> None:
    """One memory that is none, and a platform that tells no earlier texts: neither holds the erasure up for long."""
    memory = ScopedMemory(owner)
    memory_id = next(m.id for m in memory.get_all() if m.memory == "I live in Ghent")
    memory.update(memory_id, "I live in Lisbon")
    server.put(owner.namespace, "", created_at="never")
    for _ in range(9):
        server.answer(path=f"/v1/memories/{memory_id}/history/", status=500)
    assert not confirmed(memory.delete_all()) and len(server.of(owner.namespace)) == 3
    assert [go_on(), go_on()] == [0, 0] and server.asked("DELETE") == []
    assert go_on() == 1 and server.of(owner.namespace) == [] and server.of(stranger.namespace)
    server.instead.clear()
    refused = memory.take_in("I am vegetarian. I live in Lisbon. I have a cat.").refused
    assert sorted(refused) == ["I am vegetarian", "I live in Lisbon"]


def test_a_wipe_waits_for_what_a_lost_answer_may_still_bring(
    server: PlatformServer, owner: User, stranger: User
) -> None:
    memory = ScopedMemory(owner)
    server.answer(path="/v3/memories/add/", drop=True, after=True)
    with pytest.raises(EngineUnavailable):
        memory.add("I have a cat.")
    [(lost, event)] = [(name, event) for name, event in server.events.items()]
    assert not confirmed(memory.delete_all())
    assert go_on() == 0
    # The platform reads it only now.
    event.work()
    assert server.of(owner.namespace) == ["I have a cat"] and memory.get_all() == []
    wish = PlatformErasure.objects.get()
    assert lost not in wish.waits_for
    PlatformErasure.objects.update(waits_for=[f"lost-{int(time.time()) - 1}-x"])
    assert go_on() == 1 and server.of(owner.namespace) == []
    assert server.of(stranger.namespace) == ["I always want a window seat"]


@pytest.mark.parametrize("fault", [{"drop": True}, {"status": 504}, {"body": b"<p>A page of a proxy"}], ids=repr)
def test_an_account_is_not_called_gone_while_what_was_typed_may_still_arrive(
    server: PlatformServer, owner: User, stranger: User, fault: dict[str, Any]
) -> None:
    """One call, cut off or answered by who does not know: the platform may carry it out after everything was erased."""
    server.answer(path="/v3/memories/add/", **fault)
    with pytest.raises(EngineUnavailable):
        ScopedMemory(owner).add("I keep bees", infer=False)
    assert not confirmed(erasure.erase_account(owner)) and go_on() == 0 and server.of(owner.namespace) == []
    server.put(owner.namespace, "I keep bees")
    PlatformErasure.objects.update(waits_for=[f"lost-{int(time.time()) - 1}-x"])
    assert go_on() == 1 and server.of(owner.namespace) == []
    # What was answered is not waited for.
    ScopedMemory(stranger).add("I keep bees", infer=False)
    assert confirmed(erasure.erase_account(stranger)) and server.rows == {}


@pytest.mark.parametrize("fault", [{"status": 400}, {"status": 401}, {"status": 429}], ids=repr)
def test_what_was_surely_not_done_is_not_waited_for(
    server: PlatformServer, owner: User, stranger: User, fault: dict[str, Any]
) -> None:
    memory = ScopedMemory(owner)
    for infer in (True, False):
        server.answer(path="/v3/memories/add/", **fault)
        with pytest.raises((EngineUnavailable, InvalidText)):
            memory.add("I keep bees.", infer=infer)
    assert not PlatformEvent.objects.exists() and confirmed(memory.delete_all()) and server.of(stranger.namespace)


def test_what_is_saved_while_a_wipe_goes_on_is_not_called_saved(
    server: PlatformServer, owner: User, stranger: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = Line.keep

    def wiped_meanwhile(line: Line, *said: Any) -> Any:
        ScopedMemory(owner).delete_all()
        return keep(line, *said)

    monkeypatch.setattr(Line, "keep", wiped_meanwhile)
    with pytest.raises(EngineUnavailable, match="not confirmed"):
        ScopedMemory(owner).add("I keep bees", infer=False)
    assert ScopedMemory(owner).get_all() == [] and server.of(owner.namespace) == ["I keep bees"]
    PlatformErasure.objects.update(waits_for=[f"lost-{int(time.time()) - 1}-x"])
    assert go_on() == 1 and server.of(owner.namespace) == []
    assert ScopedMemory(stranger).get_all() != []


@pytest.mark.slow
@pytest.mark.parametrize("fault", [{"status": 500}, {"drop": True}, {"status": 401}, {"body": b"<html>"}], ids=repr)
def test_a_platform_that_is_away_delays_nothing_here(
    server: PlatformServer, owner: User, stranger: User, fault: dict[str, Any]
) -> None:
    for _ in range(9):
        server.answer(**fault)
    receipt = erasure.erase_account(owner)
    assert not confirmed(receipt) and not User.objects.filter(pk=owner.pk).exists()
    server.instead.clear()
    assert go_on() == 1 and server.of(owner.namespace) == [] and server.of(stranger.namespace)
    told = ownerless(uuid.UUID(receipt.id))
    assert confirmed(told) and line_of(told).left == 0


def test_the_background_pass_goes_on_with_all_of_it(server: PlatformServer, owner: User, stranger: User) -> None:
    server.polls = 1
    ScopedMemory(stranger).add("I have a cat.")
    ScopedMemory(owner).delete_all()
    PlatformErasure.objects.update(due_at=timezone.now())
    PlatformEvent.objects.update(due_at=timezone.now())
    server.polls = 0
    assert tending.tend_once() == {"mem0's platform": 2}
    assert server.of(owner.namespace) == []
    assert server.of(stranger.namespace) == ["I always want a window seat", "I have a cat"]


def test_one_persons_trouble_there_keeps_nobody_waiting(server: PlatformServer, owner: User, stranger: User) -> None:
    """A list that cannot be read, of who comes first; deletions of theirs and of others go on."""
    assert owner.pk < stranger.pk
    for person in (owner, stranger):
        memory = ScopedMemory(person)
        memory.hold(memory.get_all()[0].id)
    server.answer(path="/v3/memories/add/", drop=True)
    with pytest.raises(EngineUnavailable):
        ScopedMemory(owner).add("I keep bees", infer=False)
    server.put(owner.namespace, "", created_at="never")
    PlatformEvent.objects.update(due_at=timezone.now())
    PlatformNote.objects.update(held_until=timezone.now())
    assert tending.tend_once() == {"mem0's platform": 2}
    assert server.of(stranger.namespace) == [] and server.of(owner.namespace) == ["I am vegetarian", ""]
    # It is looked at again later, not in every pass.
    assert PlatformEvent.objects.get().due_at > timezone.now()


def test_keeping_for_a_time_is_not_offered_there(server: PlatformServer, owner: User) -> None:
    for verb in (retention.preview, lambda whose, months, basis: retention.choose(whose, PROGRAM, months, basis)):
        with pytest.raises(Unavailable, match="mem0's platform"):
            verb(owner_of(owner), 3, "saved")
    retention.choose(owner_of(owner), PROGRAM, None, "saved")


def test_without_the_platform_no_receipt_speaks_of_it(owner: User) -> None:
    memory = ScopedMemory(owner)
    memory.add("I keep bees", infer=False)
    receipt = memory.delete_all()
    assert PLATFORM not in {line.store for line in receipt.stores} and not PlatformErasure.objects.exists()
