"""How near a search is to what it cannot do without; and what people with very many memories pay."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.scratch import Times, Worker, join, median, table

WHALES = (20, 1_000, 10_000, 100_000)


def main(folder: Path, quick: bool = False) -> None:
    with Worker("site_worker", folder / "limit") as worker:
        worker.call("prepare", users=100)
        near_the_limit(worker, 200 if quick else 5_000)
        whales(worker, WHALES[:2] if quick else WHALES, 5 if quick else 40)


def near_the_limit(worker: Worker, rounds: int) -> None:
    rows: list[list[object]] = []
    for name, alternating in (("each in a loop of its own", False), ("taking turns", True)):
        worker.call("near_the_limit", rounds=rounds // 10 + 1, seed=1, alternating=alternating)
        times: Times = {}
        for _ in range(5):
            join(times, worker.call("near_the_limit", rounds=rounds // 5, seed=1, alternating=alternating))
        for clock, of in (("", ""), (", processor time", ", processor")):
            bare, whole, search = (median(times[f"{what}{of}"]) for what in ("bare", "whole", "search"))
            rows.append([name + clock, bare, whole, search, search / bare, search / whole])
    head = ("20 memories, milliseconds", "three columns", "whole rows", "search", "to three columns", "to whole rows")
    table("Near the limit", head, rows)
    steps = worker.call("parts", rounds=rounds, seed=1)
    table("Where it goes", ("step", "ms"), [[name, median(took)] for name, took in steps.items()])


def whales(worker: Worker, sizes: tuple[int, ...], rounds: int) -> None:
    first = {size: worker.call("whale", rows=size) for size in sizes}
    # JSON knows no numbers as names.
    later = {int(size): times for size, times in worker.call("whales", sizes=sizes, rounds=rounds).items()}
    usual = median(later[sizes[0]])
    rows: list[list[object]] = [
        [f"{size:,}", median(first[size]), median(later[size]), median(later[size]) / usual] for size in sizes
    ]
    head = ("memories of one person", "first search, ms", "later searches, ms", "to 20 memories")
    table("Whales, taking turns", head, rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds, and nobody with more than 1,000 memories")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="memsite-bench-") as scratch:
        main(Path(scratch), options.quick)
