"""Three people and every verb of ScopedMemory, to be called in any order; a plain dict for each to compare with."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from accounts.models import User
from memories.errors import MemoryNotFound, StaleVersion
from memories.scoped import ScopedMemory

PEOPLE = st.integers(0, 2)
# Few things, so that people say the same, say it again, and say what they once asked to forget.
THINGS = st.sampled_from(["coins", "stamps", "maps", "fossils"])
# What each writes in their own words carries their own mark: one of another's would be seen at once.
MARKS = ("kestrel", "heron", "osprey")
PASSWORD = "quiet-harbour-lantern-7"


@dataclasses.dataclass
class Told:
    """What one person's memory has to hold: the dict that the real one is compared with."""

    listed: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    """Per memory all its texts, the newest last. In the order they were saved."""
    held: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    order: list[str] = dataclasses.field(default_factory=list)
    forgotten: set[str] = dataclasses.field(default_factory=set)
    chats: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    """Per conversation what this person said in it, in order."""

    def newest_first(self) -> list[tuple[str, str]]:
        return [(key, self.listed[key][-1]) for key in reversed(self.order) if key in self.listed]

    def texts(self) -> set[str]:
        return {texts[-1] for texts in self.listed.values()}


class People(RuleBasedStateMachine):
    """Ids of everyone's memories lie in one heap: each verb is tried with one's own and with others' alike."""

    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        users = [User.objects.create_user(f"{mark}@example.com", PASSWORD) for mark in MARKS]
        self.doors = [ScopedMemory(user) for user in users]
        self.told = [Told() for _ in users]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    # --- Coming in ----------------------------------------------------------------------------------------------------
    @rule(target=ids, who=PEOPLE, thing=THINGS, own=st.booleans())
    def add(self, who: int, thing: str, own: bool) -> Any:
        text = f"{MARKS[who]} keeps {thing}" if own else f"I collect {thing}"
        [saved] = self.doors[who].add(text, infer=False)
        return self._saved(who, saved.id, saved.memory)

    @rule(target=ids, who=PEOPLE, thing=THINGS)
    def learn(self, who: int, thing: str) -> Any:
        fact = f"I collect {thing}"
        learned = self.doors[who].add(f"{fact}.")
        if fact in self.told[who].texts() or fact in self.told[who].forgotten:
            assert learned == []
            return multiple()
        assert [memory.memory for memory in learned] == [fact]
        return self._saved(who, learned[0].id, fact)

    @rule(target=ids, who=PEOPLE, things=st.lists(THINGS, min_size=2, max_size=3))
    def add_a_conversation(self, who: int, things: list[str]) -> Any:
        turns = [{"role": "user", "content": f"{MARKS[who]} keeps {thing}"} for thing in things]
        saved = self.doors[who].add(turns, infer=False)
        return multiple(*[self._saved(who, memory.id, memory.memory) for memory in saved])

    def _saved(self, who: int, key: str, text: str) -> str:
        self.told[who].listed[key] = [text]
        self.told[who].order.append(key)
        self.told[who].forgotten.discard(text)
        return key

    # --- Reading ------------------------------------------------------------------------------------------------------
    @rule(who=PEOPLE, mark=st.sampled_from(MARKS), thing=THINGS, own=st.booleans())
    def search(self, who: int, mark: str, thing: str, own: bool) -> None:
        """Also for the very words of another."""
        query = f"{mark} keeps {thing}" if own else f"I collect {thing}"
        found = {memory.id: memory.memory for memory in self.doors[who].search(query, limit=50)}
        assert found.items() <= dict(self.told[who].newest_first()).items()
        assert query not in self.told[who].texts() or query in found.values()

    @rule(who=PEOPLE, number=st.integers(1, 4), size=st.integers(1, 5))
    def page(self, who: int, number: int, size: int) -> None:
        page = self.doors[who].page(number=number, size=size)
        expected = self.told[who].newest_first()
        assert page.total == len(expected)
        start = (page.number - 1) * size
        assert [(memory.id, memory.memory) for memory in page.items] == expected[start : start + size]

    @rule(who=PEOPLE, mark=st.sampled_from(MARKS))
    def page_by_query(self, who: int, mark: str) -> None:
        found = {memory.id: memory.memory for memory in self.doors[who].page(query=mark, size=200).items}
        assert found.items() <= dict(self.told[who].newest_first()).items()

    @rule(who=PEOPLE, key=ids)
    def get(self, who: int, key: str) -> None:
        if key in self.told[who].listed:
            assert self.doors[who].get(key).memory == self.told[who].listed[key][-1]
        else:
            self._refused(self.doors[who].get, key)

    @rule(who=PEOPLE, key=ids)
    def history(self, who: int, key: str) -> None:
        if key in self.told[who].listed:
            assert [version.new_memory for version in self.doors[who].history(key)] == self.told[who].listed[key]
        else:
            self._refused(self.doors[who].history, key)

    # --- Changing -----------------------------------------------------------------------------------------------------
    @rule(who=PEOPLE, key=ids, thing=THINGS, stale=st.booleans())
    def update(self, who: int, key: str, thing: str, stale: bool) -> None:
        text = f"{MARKS[who]} now keeps {thing}"
        if key not in self.told[who].listed:
            self._refused(self.doors[who].update, key, text)
            return
        texts = self.told[who].listed[key]
        if stale:
            with pytest.raises(StaleVersion):
                self.doors[who].update(key, text, version=len(texts) + 1)
            return
        self.doors[who].update(key, text, version=len(texts))
        if texts[-1] != text:
            texts.append(text)

    @rule(who=PEOPLE, key=ids)
    def delete(self, who: int, key: str) -> None:
        if key not in self.told[who].listed:
            self._refused(self.doors[who].delete, key)
            return
        self.doors[who].delete(key)
        # In every text it ever had: an old chat may hold any of them.
        self.told[who].forgotten.update(self.told[who].listed.pop(key))

    @rule(who=PEOPLE, key=ids)
    def hold(self, who: int, key: str) -> None:
        if key not in self.told[who].listed:
            self._refused(self.doors[who].hold, key)
            return
        self.doors[who].hold(key)
        self._held(who, key)

    def _held(self, who: int, key: str) -> None:
        self.told[who].held[key] = self.told[who].listed.pop(key)
        self.told[who].forgotten.add(self.told[who].held[key][-1])

    @rule(who=PEOPLE, key=ids)
    def restore(self, who: int, key: str) -> None:
        if key not in self.told[who].held:
            self._refused(self.doors[who].restore, key)
            return
        self.doors[who].restore(key)
        self._restored(who, key)

    def _restored(self, who: int, key: str) -> None:
        self.told[who].listed[key] = self.told[who].held.pop(key)
        self.told[who].forgotten.discard(self.told[who].listed[key][-1])

    @rule(who=PEOPLE)
    def delete_all(self, who: int) -> None:
        receipt = self.doors[who].delete_all()
        assert all(line.left == 0 for line in receipt.stores)
        self._wiped(who, {line.store: line.removed for line in receipt.stores})

    def _wiped(self, who: int, removed: dict[str, int]) -> None:
        before = self.told[who]
        assert removed["Memories"] == len(before.listed) + len(before.held)
        wiped = [text for texts in [*before.listed.values(), *before.held.values()] for text in texts]
        self.told[who] = Told(forgotten=before.forgotten.union(wiped), chats=before.chats)

    # --- What has to hold after each step -----------------------------------------------------------------------------
    @invariant()
    def everyone_has_their_own_and_nothing_else(self) -> None:
        for door, told in zip(self.doors, self.told, strict=True):
            assert [(memory.id, memory.memory) for memory in door.get_all()] == told.newest_first()
            assert door.count() == len(told.listed)

    def _refused(self, verb: Any, *args: Any) -> None:
        with pytest.raises(MemoryNotFound):
            verb(*args)
