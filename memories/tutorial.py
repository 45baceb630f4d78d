"""The tutorial the site grew out of: ten steps of an agent with two people, the breakage, and the fix."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator

import numpy as np

from memories.embedders import default_embedder
from memories.errors import MemoryNotFound
from memories.scoped import ScopedMemory
from memories.storage.ranking import Corpus, Index, Query
from memories.text import terms
from memories.types import Memory

ALICE_SAYS, BOB_SAYS = "I am vegetarian", "I always want a window seat on flights"


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One line of what the command prints."""

    title: str
    seen: tuple[str, ...]
    """What the call gave back."""
    held: bool
    """Whether nothing crossed from one person to the other."""


def ten_steps(alice: ScopedMemory, bob: ScopedMemory) -> Iterator[Step]:
    """Runs the steps one by one on two empty memories; each says whether isolation held in it."""
    hers = alice.add([{"role": "user", "content": ALICE_SAYS}], infer=False)
    yield Step("Alice says that she is vegetarian", _texts(hers), _texts(hers) == (ALICE_SAYS,))

    his = bob.add([{"role": "user", "content": BOB_SAYS}], infer=False)
    yield Step("Bob says that he wants window seats", _texts(his), _texts(his) == (BOB_SAYS,))

    found = _texts(alice.search("food preferences"))
    yield Step('Alice searches "food preferences": hers', found, found == (ALICE_SAYS,))

    found = _texts(bob.search("food preferences"))
    yield Step('Bob searches "food preferences": nothing of hers', found, found == ())

    found = _texts(bob.search(ALICE_SAYS))
    yield Step("Bob searches for her very words: nothing", found, ALICE_SAYS not in found)

    listed = _texts(alice.get_all()) + _texts(bob.get_all())
    yield Step("Each lists everything: one memory each", listed, listed == (ALICE_SAYS, BOB_SAYS))

    refusals = tuple(_refused(verb, hers[0].id) for verb in (bob.get, bob.history, bob.delete))
    yield Step("Bob tries her memory's id: as if it did not exist", refusals, all(r == "not found" for r in refusals))

    corrected = alice.update(hers[0].id, "I am vegan")
    yield Step("Alice corrects hers; Bob's stays", (corrected.memory,), _texts(bob.get_all()) == (BOB_SAYS,))

    receipt = alice.delete_all()
    left = tuple(f"{line.store}: {line.removed} removed, {line.left} left" for line in receipt.stores if line.found)
    yield Step("Alice wipes everything, with a receipt", left, alice.count() == 0)

    found = _texts(bob.get_all())
    yield Step("Bob still has his", found, found == (BOB_SAYS,))


def without_the_scope() -> Step:
    """The breakage: the same calls where the user id was left out of one. It leaks, and says so."""
    store = UnscopedStore()
    store.add(ALICE_SAYS)
    store.add(BOB_SAYS)
    leaked = tuple(store.search("food preferences"))
    return Step('Bob searches "food preferences" in a store without owners', leaked, ALICE_SAYS not in leaked)


class UnscopedStore:
    """What goes wrong when nobody says whose memory it is: one list for all. Lives in this process only, for show."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def add(self, text: str) -> None:
        """Anyone's."""
        self._texts.append(text)

    def search(self, query: str) -> list[str]:
        """Everyone's."""
        embedder = default_embedder()
        count = len(self._texts)
        corpus = Corpus(
            vectors=np.asarray(embedder.embed(self._texts)),
            terms=[" ".join(terms(text)) for text in self._texts],
            episodes=[None] * count,
            positions=[0] * count,
            created_at=[0.0] * count,
        )
        asked = Query(vector=embedder.embed([query])[0], terms=terms(query), text=query, now=time.time())
        return [self._texts[hit.index] for hit in Index.build(corpus).search(asked)]


def _texts(memories: list[Memory]) -> tuple[str, ...]:
    # The tutorial's own loop: a result reads as mem0's mapping.
    return tuple(memory["memory"] for memory in memories)


def _refused(verb: Callable[[str], object], memory_id: str) -> str:
    try:
        verb(memory_id)
    except MemoryNotFound:
        return "not found"
    return "given"
