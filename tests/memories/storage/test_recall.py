"""The hot read and the kept indexes: the same answers as the plain way, for one owner, never from before a write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from accounts.models import User
from memories.embedders import default_embedder
from memories.models import Memory
from memories.owner import Owner, owner_of
from memories.scoped import ScopedMemory
from memories.storage import index_cache
from memories.storage.index_cache import indexes
from memories.storage.memories import MemoryRows
from memories.storage.owner_scope import reading
from memories.storage.recall_rows import RecallRow, recallable_rows, values_of

pytestmark = pytest.mark.django_db

MANY = 250
Filled = Callable[[User, str], ScopedMemory]


@pytest.fixture(autouse=True)
def _no_indexes_of_other_tests() -> Iterator[None]:
    indexes._entries.clear()
    yield
    indexes._entries.clear()


@pytest.fixture
def filled() -> Filled:
    def fill(user: User, special: str) -> ScopedMemory:
        memory = ScopedMemory(user)
        notes = [{"role": "user", "content": f"note {n} about the weather"} for n in range(MANY)]
        memory.add([*notes, {"role": "user", "content": special}], infer=False)
        return memory

    return fill


def kept(owner: Owner) -> bool:
    return indexes.holds(owner)


def test_plain_sql_and_the_orm_agree_on_what_may_be_recalled(owner: User, stranger: User) -> None:
    hers = ScopedMemory(owner)
    ScopedMemory(stranger).add("his own", infer=False)
    for text in ("active", "paused", "waiting", "expired", "expiring", "held"):
        hers.add(text, infer=False)
    now = timezone.now()
    for text, change in {
        "paused": {"state": "paused"},
        "waiting": {"state": "review"},
        "expired": {"expires_at": now - dt.timedelta(seconds=1)},
        "expiring": {"expires_at": now + dt.timedelta(days=1)},
        "held": {"held_until": now + dt.timedelta(seconds=5)},
    }.items():
        Memory.objects.filter(owner=owner, text=text).update(**change)
    me = owner_of(owner)
    with reading(me):
        _same_rows(me)


def _same_rows(me: Owner) -> None:
    rows = recallable_rows(me, default_embedder().name)
    by_orm = MemoryRows(me).recallable().order_by("created_at", "id")
    assert (
        [RecallRow(*row).text for row in rows] == ["active", "expiring"] == list(by_orm.values_list("text", flat=True))
    )
    values = values_of(me, [(row, 0.5) for row in rows])
    assert values == [MemoryRows(me).value(row, 0.5) for row in by_orm]


def test_the_list_finds_whoever_said_it_and_a_reply_is_given_the_right_person_s(owner: User, stranger: User) -> None:
    hers, race = ScopedMemory(owner), "Ana: I ran a charity race on Sunday"
    for text in (race, "Ben: We painted the fence"):
        hers.add(text, infer=False)
    ScopedMemory(stranger).add("Ben: I ran a charity race on Sunday", infer=False)
    asked = "What did Ben run for charity on Sunday?"
    assert not hers.search(asked)
    assert hers.search(asked.replace("Ben", "Ana"))[0].memory == race
    assert [memory.memory for memory in hers.browse(query=asked).page.items][:1] == [race]


def test_an_index_is_kept_for_many_rows_and_found_by_its_owner_alone(
    owner: User, stranger: User, filled: Filled
) -> None:
    hers, his = filled(owner, "I am vegetarian"), filled(stranger, "I always want a window seat")
    for _ in range(2):
        assert hers.search("vegetarian")[0].memory == "I am vegetarian"
        assert his.search("window seat")[0].memory == "I always want a window seat"
        assert "I am vegetarian" not in [m.memory for m in his.search("vegetarian", limit=300)]
    assert kept(owner_of(owner)) and kept(owner_of(stranger))


def test_few_rows_are_read_anew_each_time(owner: User, stranger: User) -> None:
    ScopedMemory(stranger).add("I am vegetarian", infer=False)
    hers = ScopedMemory(owner)
    hers.add("I am vegetarian", infer=False)
    assert hers.search("vegetarian") and not kept(owner_of(owner))


@pytest.mark.slow
def test_every_write_is_seen_by_the_next_search(owner: User, stranger: User, filled: Filled) -> None:
    hers, his = filled(owner, "I am vegetarian"), filled(stranger, "I am vegetarian")

    def found(memory: ScopedMemory, query: str) -> bool:
        return query in [m.memory for m in memory.search(query)]

    assert found(hers, "I am vegetarian") and found(his, "I am vegetarian")
    target = hers.search("I am vegetarian")[0].id
    hers.update(target, "I am vegan")
    assert found(hers, "I am vegan") and not found(hers, "I am vegetarian")
    hers.hold(target)
    assert not found(hers, "I am vegan")
    hers.restore(target)
    assert found(hers, "I am vegan")
    hers.delete(target)
    assert not found(hers, "I am vegan")
    hers.add("I collect stamps", infer=False)
    assert found(hers, "I collect stamps")
    hers.delete_all()
    assert not hers.search("weather") and found(his, "I am vegetarian")


@pytest.mark.slow
def test_a_memory_that_expires_while_its_index_is_kept_is_not_recalled(
    owner: User, stranger: User, filled: Filled
) -> None:
    hers, his = filled(owner, "I am vegetarian"), filled(stranger, "I am vegetarian")
    Memory.objects.filter(text="I am vegetarian").update(expires_at=timezone.now() + dt.timedelta(hours=1))
    assert hers.search("vegetarian") and his.search("vegetarian")
    entry = indexes._entries[owner.namespace]
    entry.good_until = 0.0
    Memory.objects.filter(owner=owner, text="I am vegetarian").update(expires_at=timezone.now())
    assert not hers.search("vegetarian") and his.search("vegetarian")


@pytest.mark.slow
def test_what_was_not_used_for_long_and_what_does_not_fit_goes(
    owner: User, stranger: User, filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    hers, his = filled(owner, "I am vegetarian"), filled(stranger, "I am vegetarian")
    assert hers.search("vegetarian") and his.search("vegetarian")
    indexes._entries[owner.namespace].used_at -= index_cache.IDLE + 1
    indexes.sweep()
    assert not kept(owner_of(owner)) and kept(owner_of(stranger))
    monkeypatch.setattr(index_cache, "MOST_ROWS", MANY + 100)
    assert hers.search("vegetarian")
    assert kept(owner_of(owner)) and not kept(owner_of(stranger))


def test_dropping_forgets_at_once(owner: User, stranger: User, filled: Filled) -> None:
    hers, his = filled(owner, "I am vegetarian"), filled(stranger, "I am vegetarian")
    assert hers.search("vegetarian") and his.search("vegetarian")
    hers.delete_all()
    assert not kept(owner_of(owner)) and kept(owner_of(stranger))


@pytest.mark.parametrize("many", [False, True])
def test_what_was_concluded_is_recalled_after_what_was_said(
    owner: User, stranger: User, filled: Filled, many: bool
) -> None:
    hers, his = (filled(user, "I keep bees") if many else ScopedMemory(user) for user in (owner, stranger))
    for memory in (hers, his):
        memory.add("I like jazz a lot", infer=False)
        memory.add("I like jazz very much", infer=False)
    Memory.objects.filter(owner=owner, text="I like jazz very much").update(kind="inferred")
    for _ in range(2):
        assert [m.kind for m in hers.search("jazz")][-1] == "inferred"
        assert [m.kind for m in hers.page(query="jazz").items][-1] == "inferred"
        said = next(m for m in his.search("jazz") if m.memory == "I like jazz very much")
        concluded = hers.search("jazz")[-1]
        assert concluded.score and said.score and concluded.score < said.score
