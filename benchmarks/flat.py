"""Does anyone pay for other people's memories? The verbs at 1,000 to 1,000,000 people with 20 memories each."""

from __future__ import annotations

import contextlib
from pathlib import Path

from benchmarks.scratch import Times, Worker, join, median, table

SIZES = (1_000, 10_000, 100_000, 1_000_000)
QUICK = (100, 1_000)


def main(folder: Path, quick: bool = False) -> None:
    sizes, rounds, people = (QUICK, 2, 10) if quick else (SIZES, 20, 40)
    measured: dict[int, Times] = {size: {} for size in sizes}
    with contextlib.ExitStack() as stack:
        workers = {size: stack.enter_context(Worker("site_worker", folder / str(size))) for size in sizes}
        for size, worker in workers.items():
            worker.call("prepare", users=size)
        for size, worker in workers.items():
            measured[size]["first search"] = worker.call("first_searches", people=people * 5, seed=2)
            worker.call("verbs", rounds=1, people=people, seed=1)
        for _ in range(rounds):
            for size, worker in workers.items():
                join(measured[size], worker.call("verbs", rounds=1, people=people, seed=1))
    names = ("search", "page", "add", "delete", "first search")
    least = measured[sizes[0]]
    rows: list[list[object]] = [[f"{size:,}", *(median(measured[size][name]) for name in names)] for size in sizes]
    rows += [
        [f"{size:,} to {sizes[0]:,}", *(median(measured[size][name]) / median(least[name]) for name in names)]
        for size in sizes[1:]
    ]
    table("Flat: milliseconds at so many people with 20 memories each, and ratios", ("people", *names), rows)
