"""mem0's three ports: bound to one owner, and refusing every other scope instead of passing it on."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from accounts.models import User
from memories.errors import IsolationBreach, MemoryNotFound
from memories.models import Entity, EntityLink, Memory
from memories.owner import Owner, owner_of
from memories.scoped import ScopedMemory
from memories.storage.entities import EntityStore
from memories.storage.guard import own
from memories.storage.history import History
from memories.storage.memories import MemoryRows
from memories.storage.owner_scope import reading, writing
from memories.storage.vectors import VectorStore

pytestmark = pytest.mark.django_db
UNIT = [1.0] + [0.0] * 255


@pytest.fixture
def hers(owner: User) -> Owner:
    ScopedMemory(owner).add("I am vegetarian", infer=False)
    return owner_of(owner)


@pytest.fixture
def his(stranger: User) -> Owner:
    ScopedMemory(stranger).add("I always want a window seat", infer=False)
    return owner_of(stranger)


def store(owner: Owner) -> VectorStore:
    return VectorStore(owner, embedder="wordllama-256", dims=256)


def entities(owner: Owner) -> EntityStore:
    return EntityStore(owner, embedder="wordllama-256", dims=256)


def hostile_filters(hers: Owner, his: Owner) -> list[Any]:
    return [
        None,
        {},
        {"user_id": his.name},
        {"user_id": "*"},
        {"user_id": None},
        {"user_id": str(hers.pk)},
        {"user_id": f" {hers.name}"},
        {"user_id": hers.name.upper()},
        {"user_id": {"in": [hers.name, his.name]}},
        {"user_id": hers.name, "AND": [{"user_id": his.name}]},
        {"user_id": hers.name, "AND": [{"user_id": "*"}]},
        {"user_id": hers.name, "OR": [{"user_id": "*"}]},
        {"user_id": hers.name, "NOT": [{"user_id": hers.name}]},
        {"user_id": hers.name, "agent_id": "x"},
        {"user_id": hers.name, "created_at": {"gte": "0"}},
        {"agent_id": "x"},
        {"run_id": "x"},
    ]


def test_a_filter_with_anything_else_is_refused(hers: Owner, his: Owner) -> None:
    for filters in hostile_filters(hers, his):
        for call in (
            lambda f: store(hers).search("x", UNIT, filters=f),
            lambda f: store(hers).keyword_search("x", filters=f),
            lambda f: store(hers).list(filters=f),
            lambda f: entities(hers).search("x", UNIT, filters=f),
            lambda f: entities(hers).search_batch(["x"], [UNIT], filters=f),
            lambda f: entities(hers).list(filters=f),
        ):
            with pytest.raises(IsolationBreach):
                call(filters)


def test_ones_own_scope_reads_ones_own_rows(hers: Owner, his: Owner) -> None:
    for owner, text in ((hers, "I am vegetarian"), (his, "I always want a window seat")):
        mine = {"user_id": owner.name}
        with reading(owner):
            assert [row.payload["data"] for row in store(owner).list(filters=mine)[0]] == [text]
            assert [row.payload["data"] for row in store(owner).search("x", UNIT, filters=mine)] == [text]


def test_names_and_places_are_ones_own(hers: Owner, his: Owner) -> None:
    kept = {}
    for owner, name in ((hers, "Lisbon"), (his, "Porto")):
        key, memory = str(uuid.uuid4()), Memory.objects.get(owner_id=owner.pk).pk
        told = {"user_id": owner.name, "data": name, "entity_type": "place", "linked_memory_ids": [str(memory)]}
        with writing(owner):
            named = entities(owner)
            named.insert([UNIT], [told], [key])
            named.flush({memory})
        kept[owner] = (key, memory)
    for owner, other, name in ((hers, his, "Lisbon"), (his, hers, "Porto")):
        mine = {"user_id": owner.name}
        with reading(owner):
            assert [row.payload["data"] for row in entities(owner).list(filters=mine)[0]] == [name]
            assert [row.payload["data"] for row in entities(owner).search("x", UNIT, filters=mine)] == [name]
            assert entities(owner).get(kept[owner][0]) and entities(owner).get(kept[other][0]) is None
    with writing(hers):
        entities(hers).unlink([kept[hers][1]])
    assert [entity.text for entity in Entity.objects.all()] == ["Porto"]


def test_a_link_to_anothers_name_or_to_one_that_went_is_left_out(hers: Owner, his: Owner) -> None:
    memory, his_name = Memory.objects.get(owner_id=hers.pk).pk, str(uuid.uuid4())
    with writing(his):
        there = entities(his)
        told = {"user_id": his.name, "linked_memory_ids": [str(Memory.objects.get(owner_id=his.pk).pk)]}
        there.insert([UNIT], [told], [his_name])
        there.flush({Memory.objects.get(owner_id=his.pk).pk})
    with writing(hers):
        named = entities(hers)
        for gone in (his_name, str(uuid.uuid4())):
            named.update(gone, None, {"user_id": hers.name, "linked_memory_ids": [str(memory)]})
        named.flush({memory})
    assert [link.owner_id for link in EntityLink.objects.all()] == [his.pk]


def test_a_payload_naming_another_is_refused(hers: Owner, his: Owner) -> None:
    for payload in ({"user_id": his.name}, {"user_id": "*"}, {"agent_id": "x"}, {"actor_id": "bob"}):
        with pytest.raises(IsolationBreach):
            store(hers).insert([UNIT], [payload], [str(uuid.uuid4())])
        with pytest.raises(IsolationBreach):
            entities(hers).insert([UNIT], [payload], [str(uuid.uuid4())])
        with pytest.raises(IsolationBreach):
            entities(hers).update(str(uuid.uuid4()), None, payload)


def test_a_strangers_id_is_not_there(hers: Owner, his: Owner) -> None:
    theirs = str(Memory.objects.get(owner_id=hers.pk).pk)
    with reading(hers):
        assert store(hers).get(theirs) is not None and History(hers).get_history(theirs)
    with reading(his):
        assert store(his).get(theirs) is None
    with pytest.raises(MemoryNotFound):
        History(his).get_history(theirs)


def test_the_history_port_looks_back_on_nothing_but_what_it_was_given(hers: Owner, his: Owner) -> None:
    history = History(hers, [{"role": "user", "content": "hello"}])
    assert history.get_last_messages(f"user_id={hers.name}") == [{"role": "user", "content": "hello"}]
    history.save_messages([{"role": "user", "content": "kept?"}], f"user_id={hers.name}")
    assert History(hers).get_last_messages(f"user_id={hers.name}") == []
    for scope in ("", f"user_id={his.name}", "user_id=*", f"user_id={hers.name}&run_id=x"):
        with pytest.raises(IsolationBreach):
            history.get_last_messages(scope)


@pytest.mark.parametrize("verb", ["update", "delete", "create_col", "list_cols", "delete_col", "col_info", "reset"])
def test_verbs_over_the_whole_store_do_not_exist(hers: Owner, verb: str) -> None:
    with pytest.raises(IsolationBreach):
        getattr(store(hers), verb)("x")


def test_another_owners_row_on_the_way_out_raises_and_is_logged(
    hers: Owner, his: Owner, caplog: pytest.LogCaptureFixture
) -> None:
    row = Memory.objects.get(owner_id=his.pk)
    with pytest.raises(IsolationBreach):
        MemoryRows(hers).value(row)
    with pytest.raises(IsolationBreach):
        own(hers, his.pk, row.pk)
    assert [record.levelname for record in caplog.records] == ["CRITICAL", "CRITICAL"]
    assert str(row.pk) in caplog.text and row.text not in caplog.text
