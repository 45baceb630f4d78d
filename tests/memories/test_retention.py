"""How long memories are kept: chosen with a preview, out of use at once, purged with a receipt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from memories import retention
from memories.chats import ScopedChats
from memories.errors import InvalidText
from memories.models import Activity, Memory, MemoryVersion, Message, Receipt, Tombstone
from memories.owner import owner_of
from memories.scoped import ScopedMemory
from memories.storage.expiring import MONTHS, before
from memories.storage.memories import MemoryRows
from memories.storage.owner_scope import reading

pytestmark = pytest.mark.django_db

OLD, NEW = "I keep old coins", "I keep new coins"


@pytest.fixture
def alice(owner: User) -> ScopedMemory:
    return kept(owner)


@pytest.fixture
def bob(stranger: User) -> ScopedMemory:
    return kept(stranger)


def kept(user: User) -> ScopedMemory:
    """One memory of today, one of 200 days ago."""
    memory = ScopedMemory(user)
    memory.add(NEW, infer=False)
    aged(memory.add(OLD, infer=False)[0].id, days=200)
    return memory


def aged(key: str, *, days: int, used: int | None = None) -> None:
    """Saved so many days ago, and last used so many."""
    at = timezone.now() - dt.timedelta(days=days)
    last = timezone.now() - dt.timedelta(days=used) if used is not None else None
    Memory.objects.filter(pk=key).update(created_at=at, updated_at=at, last_used_at=last)


def found(memory: ScopedMemory) -> set[str]:
    return {hit.memory for hit in memory.search("coins")}


def texts(memory: ScopedMemory) -> set[str]:
    return {each.memory for each in memory.get_all()}


# --- Months -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("now", "months", "then"),
    [
        ("2026-11-21", 3, "2026-08-21"),
        ("2026-01-15", 3, "2025-10-15"),
        ("2026-05-31", 3, "2026-02-28"),
        ("2024-05-31", 3, "2024-02-29"),
        ("2026-02-28", 12, "2025-02-28"),
        ("2024-02-29", 12, "2023-02-28"),
        ("2026-12-01", 24, "2024-12-01"),
    ],
)
def test_months_are_those_of_the_calendar(now: str, months: int, then: str) -> None:
    moment = dt.datetime.fromisoformat(f"{now}T10:00:00+00:00")
    assert before(moment, months) == dt.datetime.fromisoformat(f"{then}T10:00:00+00:00")


# --- What is due ------------------------------------------------------------------------------------------------------
def test_kept_until_deleted_unless_chosen(alice: ScopedMemory, owner: User) -> None:
    assert found(alice) == {OLD, NEW}
    assert retention.purge(owner_of(owner)) == 0 and texts(alice) == {OLD, NEW}


@pytest.mark.parametrize("basis", ["saved", "unused"])
def test_what_is_due_is_out_of_use_at_once_and_still_listed(alice: ScopedMemory, bob: ScopedMemory, basis: str) -> None:
    alice.keep_for(3, basis)
    assert found(alice) == {NEW} and texts(alice) == {OLD, NEW}
    assert found(bob) == {OLD, NEW}
    alice.keep_for(12, basis)
    assert found(alice) == {OLD, NEW}


@pytest.mark.parametrize(
    ("basis", "days", "used", "goes"),
    [
        ("saved", 200, None, True),
        ("saved", 200, 1, True),
        ("saved", 10, None, False),
        ("unused", 200, None, True),
        ("unused", 200, 150, True),
        ("unused", 200, 1, False),
        ("unused", 10, None, False),
    ],
)
def test_each_basis_counts_from_its_own_moment(
    owner: User, basis: str, days: int, used: int | None, goes: bool
) -> None:
    memory = ScopedMemory(owner)
    aged(memory.add(OLD, infer=False)[0].id, days=days, used=used)
    assert memory.preview_keeping(3, basis).count == int(goes)
    memory.keep_for(3, basis)
    assert (found(memory) == set()) is goes
    # The hot read, in plain SQL, and the ORM say the same.
    with reading(owner_of(owner)):
        recallable = MemoryRows(owner_of(owner)).recallable().count()
    assert recallable == len(found(memory))
    assert retention.purge(owner_of(owner)) == int(goes)
    assert (texts(memory) == set()) is goes


def test_a_correction_counts_as_use(alice: ScopedMemory) -> None:
    alice.keep_for(3, "unused")
    alice.update(next(each.id for each in alice.get_all() if each.memory == OLD), "I keep very old coins")
    assert found(alice) == {NEW, "I keep very old coins"}


def test_an_end_of_its_own(alice: ScopedMemory, bob: ScopedMemory, owner: User) -> None:
    key = next(each.id for each in alice.get_all() if each.memory == NEW)
    alice.expire(key, timezone.now() + dt.timedelta(days=1))
    assert found(alice) == {OLD, NEW} and retention.purge(owner_of(owner)) == 0
    Memory.objects.filter(pk=key).update(expires_at=timezone.now())
    assert found(alice) == {OLD} and texts(alice) == {OLD, NEW}
    assert retention.purge(owner_of(owner)) == 1
    assert texts(alice) == {OLD} and texts(bob) == {OLD, NEW}


# --- Purging ----------------------------------------------------------------------------------------------------------
def test_a_purge_writes_a_receipt_and_no_tombstone(alice: ScopedMemory, bob: ScopedMemory, owner: User) -> None:
    alice.keep_for(3, "saved")
    assert retention.purge(owner_of(owner)) == 1
    [receipt] = alice.receipts()
    assert (receipt.asked_by, receipt.size, receipt.removed) == ("retention", "memories", 1)
    assert all(line.left == 0 for line in receipt.stores)
    assert Activity.objects.get(owner=owner, verb="expired").actor == "site"
    # Nobody asked for it to be forgotten: said anew, it is kept without a question.
    assert not Tombstone.objects.exists()
    assert texts(bob) == {OLD, NEW} and not Receipt.objects.exclude(owner=owner).exists()


def test_a_second_purge_does_nothing(alice: ScopedMemory, owner: User) -> None:
    alice.keep_for(3, "saved")
    assert (retention.purge(owner_of(owner)), retention.purge(owner_of(owner))) == (1, 0)
    assert Receipt.objects.count() == 1


# --- Choosing ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("months", "basis"), [(1, "saved"), (0, "saved"), (-3, "saved"), (3, "moon"), (36, "unused")])
def test_only_what_is_offered_can_be_chosen(alice: ScopedMemory, months: int, basis: str) -> None:
    for verb in (alice.keep_for, alice.preview_keeping):
        with pytest.raises(InvalidText):
            verb(months, basis)
    assert alice.preferences.retention_months is None


def test_the_preview_counts_and_shows_the_newest(alice: ScopedMemory, bob: ScopedMemory) -> None:
    for number in range(7):
        aged(alice.add(f"I keep stamp {number}", infer=False)[0].id, days=300 - number)
    seen = alice.preview_keeping(3, "saved")
    assert seen.count == 8 and seen.newest[0].memory == OLD and len(seen.newest) == 5
    assert alice.preview_keeping(None, "saved").count == 0
    assert {months: alice.preview_keeping(months, "saved").count for months in MONTHS} == {3: 8, 12: 0, 24: 0}


def test_the_page_previews_without_changing_and_then_chooses(
    alice: ScopedMemory, bob: ScopedMemory, owner: User, client_as: Callable[..., Client]
) -> None:
    client = client_as(owner)
    page = client.get("/data/keeping/?months=3&basis=saved").content.decode()
    assert "1 memory" in page and OLD in page and NEW not in page
    assert alice.preferences.retention_months is None
    response = client.post("/data/keeping/", {"months": "3", "basis": "saved"})
    assert response.status_code == 302 and alice.preferences.retention_months == 3
    assert bob.preferences.retention_months is None
    client.post("/data/keeping/", {"months": "", "basis": "saved"})
    assert alice.preferences.retention_months is None


@pytest.mark.parametrize("sent", [{"months": "5"}, {"months": "x"}, {"months": "3", "basis": "moon"}])
def test_the_page_refuses_what_is_not_offered(
    alice: ScopedMemory, owner: User, client_as: Callable[..., Client], sent: dict[str, str]
) -> None:
    client = client_as(owner)
    assert client.post("/data/keeping/", sent).status_code == 422
    assert client.get("/data/keeping/", sent).status_code == 422
    assert alice.preferences.retention_months is None


# --- Many -------------------------------------------------------------------------------------------------------------
def few_values(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """A statement with a value for each row fails once there are more rows than the database allows values."""
    assert sql.startswith(("INSERT", "SAVEPOINT", "RELEASE")) or len(params or ()) < 25, sql[:200]
    return run(sql, params, many, context)


@pytest.mark.slow
def test_no_number_of_rows_is_too_many_to_erase(owner: User, stranger: User) -> None:
    mine, theirs = ScopedMemory(owner), ScopedMemory(stranger)
    for memory in (mine, theirs):
        kept = memory.add([{"role": "user", "content": f"I keep {number} maps"} for number in range(40)], infer=False)
        memory.update(kept[0].id, "I keep no maps")
        aged(kept[1].id, days=1)
    Memory.objects.filter(owner=owner).update(created_at=timezone.now() - dt.timedelta(days=200))
    mine.keep_for(3, "saved")
    posted = ScopedChats(owner).post("Here are many maps")
    for _ in range(39):
        ScopedChats(owner).post("More maps", conversation_id=posted.conversation.id)
    assert MemoryVersion.objects.count() == 2
    Message.objects.filter(owner=owner).update(held_until=timezone.now() - dt.timedelta(seconds=1))
    with connection.execute_wrapper(few_values):
        assert retention.purge(owner_of(owner)) == 40
        retention.purge_ended(owner_of(owner))
    stores = {line.store: (line.found, line.removed, line.left) for line in mine.receipts()[0].stores}
    assert stores["Memories"] == (40, 40, 0) and stores["Earlier texts of memories"] == (1, 1, 0)
    assert not Message.objects.exists() and mine.count() == 0 and theirs.count() == 40
    assert MemoryVersion.objects.count() == 1
