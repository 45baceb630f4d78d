"""Does anyone pay for other people's memories? The verbs at 1,000 to 1,000,000 people with 20 memories each."""

from __future__ import annotations

import argparse
import contextlib
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks import postgres
from benchmarks.scratch import Times, Worker, join, median, table

SIZES = (1_000, 10_000, 100_000, 1_000_000)
QUICK = (100, 1_000)


def main(folder: Path, quick: bool = False, rounds: int = 20) -> None:
    """On SQLite: a file for each number of people."""
    sizes, rounds, people = (QUICK, 2, 10) if quick else (SIZES, rounds, 40)
    compare("SQLite", folder, {size: {} for size in sizes}, rounds, people)


def on_postgres(folder: Path, quick: bool = False, rounds: int = 20) -> None:
    """On PostgreSQL: a database for each number of people, on one server."""
    sizes, rounds, people = (QUICK, 2, 10) if quick else (SIZES, rounds, 40)
    with postgres.server(folder) as server:
        databases = {size: server.database(f"people_{size}").environment for size in sizes}
        compare("PostgreSQL", folder / "on-postgres", databases, rounds, people)


def compare(where: str, folder: Path, sizes: Mapping[int, Mapping[str, str]], rounds: int, people: int) -> None:
    """Prints the table. `sizes` gives each number of people the environment of its database."""
    measured: dict[int, Times] = {size: {} for size in sizes}
    with contextlib.ExitStack() as stack:
        workers = {
            size: stack.enter_context(Worker("site_worker", folder / str(size), **sizes[size])) for size in sizes
        }
        for size, worker in workers.items():
            worker.call("prepare", users=size)
        for size, worker in workers.items():
            measured[size]["first search"] = worker.call("first_searches", people=people * 5, seed=2)
            worker.call("verbs", rounds=1, people=people, seed=1)
        on_disk = {size: worker.call("bytes_of") for size, worker in workers.items()}
        for _ in range(rounds):
            for size, worker in workers.items():
                join(measured[size], worker.call("verbs", rounds=1, people=people, seed=1))
        for _ in range(rounds):
            for size, worker in workers.items():
                join(measured[size], {"searches alone": worker.call("first_searches", people=people, seed=1)})
    names = ("search", "page", "add", "delete", "first search", "searches alone")
    smallest, *larger = sizes
    least = measured[smallest]
    rows: list[list[object]] = [[f"{size:,}", *(median(measured[size][name]) for name in names)] for size in sizes]
    rows += [
        [f"{size:,} to {smallest:,}", *(median(measured[size][name]) / median(least[name]) for name in names)]
        for size in larger
    ]
    table(f"Flat, {where}: milliseconds at so many people with 20 memories each, and ratios", ("people", *names), rows)
    each = [f"{size:,}: {on_disk[size] / size / 20:,.0f}" for size in sizes]
    print(f"\nBytes a memory, with indexes and all else, at so many people: {'; '.join(each)}.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100 and 1,000 people")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL")
    parser.add_argument("--folder", type=Path, help="where the databases are, or are made and kept")
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="memsite-bench-") as scratch:
        (on_postgres if options.postgres else main)(options.folder or Path(scratch), options.quick, options.rounds)
