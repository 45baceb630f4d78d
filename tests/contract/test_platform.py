"""What is different on the platform: whose an id is, what is queued, what is kept beside it. Two people throughout."""

from __future__ import annotations

import datetime as dt
import html
import uuid
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from memories.engines.platform_values import held
from memories.errors import EngineUnavailable, InvalidText, IsolationBreach, MemoryNotFound, Unavailable
from memories.models import Activity, Memory, PlatformNote
from memories.owner import owner_of
from memories.scoped import ScopedMemory
from memories.transfer_types import Parsed
from memories.types import Filter
from tests.contract.conftest import engine_of, texts
from tests.contract.platform_server import PlatformServer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


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
