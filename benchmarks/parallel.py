"""Writers and readers for 1,000 people at once, in four processes and in one, on SQLite: throughput, errors, crossings.

    python -m benchmarks.parallel [--quick]

Each process picks people at random; of four acts three are searches and one is a memory added and deleted again. What
comes back has to name its owner: every memory of this run holds the person's own number, and one that holds another's
is a crossing.
"""

from __future__ import annotations

import argparse
import contextlib
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.scratch import Worker, table


def main(folder: Path, quick: bool = False) -> list[Any]:
    """Prints the table; returns what each number of processes came to."""
    users, seconds = (40, 3) if quick else (1_000, 60)
    found = []
    with Worker("site_worker", folder / "parallel") as first:
        first.call("prepare", users=users, each=1)
        first.call("mark_everyone")
        for count in (1, 4):
            with contextlib.ExitStack() as stack:
                others = [stack.enter_context(Worker("site_worker", first.folder)) for _ in range(count - 1)]
                workers = [first, *others]
                for other in others:
                    other.call("prepare", users=users, each=1)
                for seed, worker in enumerate(workers):
                    worker.start("busy", seconds=seconds, seed=seed)
                found.append((count, [worker.answer() for worker in workers]))
    show(found, users, seconds)
    return found


def show(found: list[Any], users: int, seconds: int) -> None:
    lines: list[list[object]] = []
    alone = 0.0
    for count, answers in found:
        reads, writes, errors, crossings = (
            sum(answer[name] for answer in answers) for name in ("reads", "writes", "errors", "crossings")
        )
        acts = (reads + writes) / seconds
        alone = alone or acts
        lines.append([f"{count}", reads / seconds, writes / seconds, acts / alone, errors, crossings])
    head = ("processes", "searches a second", "writes a second", "to one process", "errors", "crossings")
    table(f"Parallel: {users:,} people, {seconds} seconds, SQLite", head, lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="40 people for three seconds")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="memsite-bench-") as scratch:
        main(Path(scratch), options.quick)
