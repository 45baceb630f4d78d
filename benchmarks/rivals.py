"""mem0's `Memory` on each of its own stores that installs here, and ours, side by side on the same people and vectors.

    python -m benchmarks.rivals [--quick] [--postgres]

Search: ten results for one person's question. Found: of ten of one's own memories, each asked for word for word, how
many come back. delete_all: of a person with 1,000 memories, as mem0 and as we do it. Memory: of a process that opened
the filled store and has searched in it; what a PostgreSQL server holds beside it is not in it.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import postgres
from benchmarks.scratch import Worker, median, table

QUESTIONS = ("What do I like about the garden?", "green tea after work", "Who loves the opera?", "chess with friends")
LOCAL = ("qdrant", "chroma", "faiss")
TABLES = {"plain": "pgvector", "hnsw": "pgvector with HNSW", "by_hand": "pgvector, an index on user_id made by hand"}
ENTRY = {"qdrant": "qdrant, local (the default)"}
PATIENCE = 0.5
"""Seconds of searching a turn."""
DELETING = 60.0
"""Seconds that one contestant's deleting may take."""


class Contestant:
    """One process, and what was measured of it."""

    def __init__(self, name: str, worker: Worker, people: Sequence[Any], *, ours: bool) -> None:
        self.name, self._worker, self._people, self.ours = name, worker, people, ours
        self.times: list[float] = []
        self.found = self.deleted = self.megabytes = 0.0
        self.sample = 0
        """How many memories were deleted to know it."""

    def search(self) -> None:
        """Takes a turn: as many searches as fit into PATIENCE, one at least, each of somebody else."""
        count = min(100, max(1, int(PATIENCE * 1000 / median(self.times)))) if self.times else 1
        asked = [(person[self._key], random.choice(QUESTIONS)) for person in random.choices(self._people, k=count)]
        self.times += self._worker.call("searches_of" if self.ours else "searches", asked=asked)

    def finish(self, rows: int) -> None:
        """What is measured once."""
        own = [(person[self._key], person[2]) for person in self._people[:20]]
        self.found = self._worker.call("found_of_own", asked=own, **({} if self.ours else {"seconds": 20}))
        self.megabytes = self._worker.call("memory_in_use")
        self.deleted = self._deletion(rows) * 1000

    def _deletion(self, rows: int) -> float:
        """Seconds for a person with so many memories. mem0 deletes one after the other: where all of them would take
        minutes, it is told from as many as DELETING carries."""
        self.sample = rows
        if not self.ours:
            each = self._worker.call("delete_all", rows=min(rows, 3)) / min(rows, 3)
            self.sample = min(rows, max(3, int(DELETING / each)))
        took: float = self._worker.call("delete_all", rows=self.sample)
        return took * rows / self.sample

    @property
    def _key(self) -> int:
        return 0 if self.ours else 1


def main(folder: Path, quick: bool = False, on_postgres: bool = False, users: int = 0) -> list[Contestant]:
    """Prints the table and the ratios; returns what was measured."""
    users, turns, rows = (users or 100, 3, 50) if quick else (users or 10_000, 12, 1_000)
    with contextlib.ExitStack() as stack:
        site = stack.enter_context(Worker("site_worker", folder / "rivals"))
        site.call("prepare", users=users)
        people = site.call("sample", people=200, seed=3)
        site.start_anew()
        site.call("opened")
        contestants = [Contestant("ours on SQLite", site, people, ours=True)]
        source = str(site.folder / "memsite.sqlite3")
        for store in LOCAL:
            worker = stack.enter_context(Worker("mem0_worker", folder / store))
            _filled(worker, provider=store, source=source)
            contestants.append(Contestant(ENTRY.get(store, store), worker, people, ours=False))
        if on_postgres:
            contestants += _on_postgres(stack, folder, users, people, source)
        for _ in range(turns):
            for contestant in contestants:
                contestant.search()
        for contestant in contestants:
            contestant.finish(rows)
    show(contestants, users, rows)
    return contestants


def _on_postgres(
    stack: contextlib.ExitStack, folder: Path, users: int, people: Sequence[Any], source: str
) -> list[Contestant]:
    server = stack.enter_context(postgres.server(folder))
    database = server.database("site")
    site = stack.enter_context(Worker("site_worker", folder / "site-on-postgres", **database.environment))
    site.call("prepare", users=users)
    sample = site.call("sample", people=200, seed=3)
    site.start_anew()
    site.call("opened")
    found = [Contestant("ours on PostgreSQL", site, sample, ours=True)]
    theirs = server.database("mem0").owner
    for name, label in TABLES.items():
        worker = stack.enter_context(Worker("mem0_worker", folder / name))
        _filled(worker, provider="pgvector", source=source, url=theirs, table=name)
        found.append(Contestant(label, worker, people, ours=False))
    return found


def _filled(worker: Worker, **store: str) -> None:
    worker.call("prepare", **store)
    worker.start_anew()
    worker.call("opened", **store)


def show(contestants: Sequence[Contestant], users: int, rows: int) -> None:
    usual = median(contestants[0].times)
    lines = [
        [
            one.name,
            median(one.times),
            median(one.times) / usual,
            f"{10 * one.found:.2f}",
            _deleted(one, rows),
            one.megabytes,
        ]
        for one in contestants
    ]
    head = ("", "search, ms", "to ours on SQLite", "own found of 10", f"delete_all of {rows:,}, ms", "memory, MB")
    table(f"Rivals: {users:,} people with 20 memories each, 256 dimensions", head, lines)
    table("Ahead", ("", "ratio", "wanted"), [*ratios(contestants)])


def ratios(contestants: Sequence[Contestant]) -> list[list[object]]:
    """What was promised, and what came of it."""
    ours, default = contestants[0], contestants[1]
    exact = [one for one in contestants if not one.ours and one.found > 0.99 and one.name != TABLES["by_hand"]]
    fastest = min(exact, key=lambda one: median(one.times))
    found: list[list[object]] = [
        ["search: mem0's default to ours", median(default.times) / median(ours.times), "1,000"],
        [f"search: {fastest.name}, which finds all, to ours", median(fastest.times) / median(ours.times), "100"],
        ["delete_all: mem0's default to ours", default.deleted / ours.deleted, "200"],
        ["memory: mem0's default to ours", default.megabytes / ours.megabytes, "10"],
    ]
    named = {one.name: one for one in contestants}
    if fair := named.get(TABLES["by_hand"]):
        for name, wanted in (("ours on SQLite", "3"), ("ours on PostgreSQL", "2")):
            found.append([f"search: the fair rival to {name}", median(fair.times) / median(named[name].times), wanted])
        here = named["ours on PostgreSQL"]
        found.append(["delete_all: the fair rival to ours on PostgreSQL", fair.deleted / here.deleted, ""])
    return found


def _deleted(one: Contestant, rows: int) -> object:
    return one.deleted if one.sample == rows else f"{one.deleted:,.0f}, told from {one.sample:,}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="100 people instead of 10,000")
    parser.add_argument("--postgres", action="store_true", help="mem0's pgvector in three ways, and ours there, too")
    parser.add_argument("--users", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="memsite-bench-") as scratch:
        main(Path(scratch), options.quick, options.postgres, options.users)
