"""Moving between engines: each memory once, read back, nobody else's touched, and on again after a break."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from memories import erasure
from memories.engines import platform_erasing
from memories.engines.platform_wire import Line
from memories.models import Memory, Move, PlatformErasure, PlatformEvent
from memories.scoped import ScopedMemory
from tests.contract.platform_server import KEY, PlatformServer, on_platform

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

HERS = ("I am vegetarian", "I live in Ghent", "I keep bees")


@pytest.fixture
def server(settings: Any) -> Iterator[PlatformServer]:
    with on_platform(settings) as server:
        settings.MEM0_API_KEY = ""
        yield server


@pytest.fixture
def alice(server: PlatformServer, owner: User) -> ScopedMemory:
    memory = ScopedMemory(owner)
    for text in HERS:
        memory.add(text, infer=False)
    return memory


def transfer(settings: Any, *options: str) -> str:
    out = StringIO()
    settings.MEM0_API_KEY = KEY
    try:
        call_command("transfer", *options, stdout=out, stderr=out)
    finally:
        settings.MEM0_API_KEY = ""
    return out.getvalue()


def test_a_dry_run_tells_numbers_and_moves_nothing(
    alice: ScopedMemory, bob: ScopedMemory, server: PlatformServer, settings: Any
) -> None:
    told = transfer(settings, "--to", "platform")
    assert "Found 4, read back on the other side 0" in told and "Nothing was moved" in told and "bees" not in told
    assert server.rows == {} and not Move.objects.exists()


@pytest.mark.slow
def test_there_and_back_everything_is_as_it_was(
    alice: ScopedMemory, bob: ScopedMemory, server: PlatformServer, settings: Any, owner: User, stranger: User
) -> None:
    before, theirs = alice.get_all(), bob.get_all()
    assert "taken away 4" in transfer(settings, "--to", "platform", "--yes", "--remove")
    assert not Memory.objects.exists()
    assert server.of(owner.namespace) == list(HERS) and len(server.of(stranger.namespace)) == 1
    settings.MEM0_API_KEY = KEY
    on_the_platform = ScopedMemory(owner).get_all()
    assert [(m.memory, m.created_at, m.source) for m in on_the_platform] == [
        (m.memory, m.created_at, m.source) for m in before
    ]
    assert "taken away 4" in transfer(settings, "--to", "embedded", "--yes", "--remove")
    assert server.rows == {} and alice.get_all() == before and bob.get_all() == theirs
    assert alice.search("vegetarian")[0].memory == HERS[0] and bob.search("vegetarian") == []


def test_one_person_moves_alone(
    alice: ScopedMemory, bob: ScopedMemory, server: PlatformServer, settings: Any, owner: User, stranger: User
) -> None:
    transfer(settings, "--to", "platform", "--yes", "--email", owner.email)
    assert server.of(owner.namespace) == list(HERS) and server.of(stranger.namespace) == []
    assert [(move.owner_id, move.moved) for move in Move.objects.all()] == [(owner.pk, 3)]


def test_a_broken_move_goes_on_where_it_stopped(
    alice: ScopedMemory, bob: ScopedMemory, server: PlatformServer, settings: Any, owner: User, stranger: User
) -> None:
    server.answer(path="/v3/memories/add/", status=500)
    with pytest.raises(CommandError, match="run this again"):
        transfer(settings, "--to", "platform", "--yes")
    # This one is written, but its answer is lost.
    server.answer(path="/v3/memories/add/", drop=True, after=True)
    with pytest.raises(CommandError, match="run this again"):
        transfer(settings, "--to", "platform", "--yes")
    assert "read back on the other side 4" in transfer(settings, "--to", "platform", "--yes")
    assert server.of(owner.namespace) == list(HERS) and len(server.of(stranger.namespace)) == 1
    assert all(move.verified_at for move in Move.objects.all())


def test_what_was_not_read_back_word_for_word_is_not_taken_away(
    alice: ScopedMemory, server: PlatformServer, settings: Any
) -> None:
    transfer(settings, "--to", "platform", "--yes")
    next(iter(server.rows.values()))["memory"] = "something else"
    with pytest.raises(CommandError, match="run this again"):
        transfer(settings, "--to", "platform", "--yes", "--remove")
    assert alice.count() == 3 and not Move.objects.get(owner__email="owner@example.com").verified_at


def test_what_the_platform_cannot_keep_as_it_is_stays(
    alice: ScopedMemory, server: PlatformServer, settings: Any, owner: User
) -> None:
    alice.pause(alice.get_all()[0].id)
    assert "Found 3, read back on the other side 2, staying 1" in transfer(
        settings, "--to", "platform", "--yes", "--remove"
    )
    assert [m.memory for m in alice.get_all()] == [HERS[-1]] and server.of(owner.namespace) == list(HERS[:2])


def test_corrected_texts_come_back_with_their_versions(
    alice: ScopedMemory, server: PlatformServer, settings: Any, owner: User
) -> None:
    transfer(settings, "--to", "platform", "--yes", "--remove")
    settings.MEM0_API_KEY = KEY
    moved = ScopedMemory(owner)
    moved.update(moved.get_all()[-1].id, "I am vegan")
    transfer(settings, "--to", "embedded", "--yes")
    memory = alice.get_all()[-1]
    assert [v.new_memory for v in alice.history(memory.id)] == ["I am vegetarian", "I am vegan"]


def test_what_was_corrected_before_the_move_stays_corrected(
    alice: ScopedMemory, bob: ScopedMemory, server: PlatformServer, settings: Any, owner: User
) -> None:
    diet, home, bees = sorted(alice.get_all(), key=lambda memory: HERS.index(memory.memory))
    alice.update(diet.id, "I am vegan")
    # There and back, and a text that another memory still says: neither is a correction of today's.
    alice.update(home.id, "I live in Lisbon"), alice.update(home.id, "I live in Ghent")
    alice.update(bees.id, "I keep ducks"), alice.add("I keep bees", infer=False)
    transfer(settings, "--to", "platform", "--yes", "--remove")
    settings.MEM0_API_KEY = KEY
    moved, theirs = ScopedMemory(owner), "I am vegetarian. I live in Lisbon."
    kept = ["I am vegan", "I live in Ghent", "I keep ducks", "I keep bees"]
    assert sorted(server.of(owner.namespace)) == sorted(kept) and {m.state for m in moved.get_all()} == {"active"}
    assert sorted(moved.take_in(theirs).refused) == ["I am vegetarian", "I live in Lisbon"]
    assert sorted(known.memory for known in moved.take_in("I live in Ghent. I keep bees.").known) == sorted(kept)[1::2]
    assert len(ScopedMemory(User.objects.get(email="stranger@example.com")).take_in(theirs).saved) == 2


def test_nothing_moves_to_where_a_wipe_is_still_under_way(
    alice: ScopedMemory, bob: ScopedMemory, server: PlatformServer, settings: Any, owner: User, stranger: User
) -> None:
    """It would be erased with what was wiped, after it had been taken away here."""
    settings.MEM0_API_KEY = KEY
    server.put(owner.namespace, "I am a secret")
    for _ in range(9):
        server.answer(status=401)
    ScopedMemory(owner).delete_all()
    server.instead.clear()
    # Wiped here as well: the embedded engine's rows are the same person's.
    settings.MEM0_API_KEY = ""
    alice.add("I keep ducks", infer=False)
    with pytest.raises(CommandError, match="run this again"):
        transfer(settings, "--to", "platform", "--yes", "--remove", "--email", owner.email)
    assert [memory.memory for memory in alice.get_all()] == ["I keep ducks"]
    assert "taken away 1" in transfer(settings, "--to", "platform", "--yes", "--remove", "--email", stranger.email)
    # Nor does what was wiped come back the other way.
    assert "Found 0" in transfer(settings, "--to", "embedded", "--yes", "--email", owner.email)
    settings.MEM0_API_KEY = KEY
    PlatformErasure.objects.update(due_at=timezone.now())
    assert platform_erasing.go_on_with_due() == 1
    assert "taken away 1" in transfer(settings, "--to", "platform", "--yes", "--remove", "--email", owner.email)
    assert server.of(owner.namespace) == ["I keep ducks"] and len(server.of(stranger.namespace)) == 1


def test_what_was_forgotten_between_two_runs_is_not_there_in_the_end(
    alice: ScopedMemory, bob: ScopedMemory, server: PlatformServer, settings: Any, owner: User, stranger: User
) -> None:
    """The site runs without the key between the first run and the last."""
    transfer(settings, "--to", "platform", "--yes")
    alice.delete(next(memory.id for memory in alice.get_all() if memory.memory == "I keep bees"))
    transfer(settings, "--to", "platform", "--yes", "--remove")
    assert server.of(owner.namespace) == list(HERS[:2]) and len(server.of(stranger.namespace)) == 1
    # And a third finds what was taken away here where it belongs.
    transfer(settings, "--to", "platform", "--yes", "--remove")
    assert server.of(owner.namespace) == list(HERS[:2]) and len(server.of(stranger.namespace)) == 1


@pytest.mark.parametrize("size", ["memories", "account"])
def test_a_wipe_without_the_key_reaches_what_was_moved_ahead(
    alice: ScopedMemory,
    bob: ScopedMemory,
    server: PlatformServer,
    settings: Any,
    owner: User,
    stranger: User,
    size: str,
) -> None:
    server.answer(path="/v3/memories/", status=401)
    # Broken off at once, or done: something may be there.
    with pytest.raises(CommandError):
        transfer(settings, "--to", "platform", "--yes", "--email", owner.email)
    transfer(settings, "--to", "platform", "--yes")
    asked = len(server.requests)
    receipt = alice.delete_all() if size == "memories" else erasure.erase_account(owner)
    assert len(server.requests) == asked and any("as soon as the site is connected" in r for r in receipt.remains)
    assert platform_erasing.go_on_with_due() == 0
    settings.MEM0_API_KEY = KEY
    assert platform_erasing.go_on_with_due() == 1
    assert server.of(owner.namespace) == [] and len(server.of(stranger.namespace)) == 1


def test_a_wipe_stops_a_move_that_is_under_way(
    alice: ScopedMemory,
    bob: ScopedMemory,
    server: PlatformServer,
    settings: Any,
    owner: User,
    stranger: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep = Line.keep

    def wiped_meanwhile(line: Line, said: Any, beside: Any) -> Any:
        if beside["created_at"] == first:
            settings.MEM0_API_KEY = ""
            alice.delete_all()
            settings.MEM0_API_KEY = KEY
        return keep(line, said, beside)

    first = min(memory.created_at for memory in alice.get_all()).isoformat()
    monkeypatch.setattr(Line, "keep", wiped_meanwhile)
    with pytest.raises(CommandError, match="run this again"):
        transfer(settings, "--to", "platform", "--yes")
    assert server.of(owner.namespace) == [HERS[0]] and len(server.of(stranger.namespace)) == 1
    settings.MEM0_API_KEY = KEY
    assert ScopedMemory(owner).get_all() == []
    PlatformErasure.objects.update(waits_for=[])
    assert platform_erasing.go_on_with_due() == 1 and server.of(owner.namespace) == []
    assert len(server.of(stranger.namespace)) == 1


def test_what_is_deleted_while_a_move_goes_on_is_not_sent(
    alice: ScopedMemory, bob: ScopedMemory, server: PlatformServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, last = Line.keep, alice.get_all()[0]

    def deleted_meanwhile(line: Line, said: Any, beside: Any) -> Any:
        if last.id in {memory.id for memory in alice.get_all()}:
            alice.delete(last.id)
        return keep(line, said, beside)

    monkeypatch.setattr(Line, "keep", deleted_meanwhile)
    with pytest.raises(CommandError, match="run this again"):
        transfer(settings, "--to", "platform", "--yes")
    assert "read back on the other side 3" in transfer(settings, "--to", "platform", "--yes")
    assert {row["memory"] for row in server.rows.values()} == {"I always want a window seat", *HERS[:2]}
    assert not PlatformEvent.objects.exists()


def test_both_sides_have_to_be_within_reach(settings: Any, owner: User) -> None:
    with pytest.raises(CommandError, match="MEM0_API_KEY"):
        call_command("transfer", "--to", "platform")
    settings.MEM0_API_KEY = KEY
    with pytest.raises(CommandError, match="no account"):
        call_command("transfer", "--to", "platform", "--email", "nobody@example.com")
