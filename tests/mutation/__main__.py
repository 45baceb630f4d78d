"""`make mutants`: every mutant, and the table of results in docs/security.md."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tqdm import tqdm

from tests.mutation.mutants import MUTANTS, Mutant
from tests.mutation.run import GREEN, ROOT, copy, killed, status_of

DOCS = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- mutants: written by `make mutants` -->", "<!-- mutants: end -->"
WORKERS = int(os.environ.get("MUTANT_WORKERS", "2"))


def table(results: dict[Mutant, bool]) -> str:
    """As it stands in the docs."""
    lines = ["| where | what would go wrong | noticed |", "|---|---|---|"]
    lines += [f"| `{mutant.file}` | {mutant.why} | {'yes' if dead else '**NO**'} |" for mutant, dead in results.items()]
    return "\n".join([*lines, "", f"{sum(results.values())} of {len(results)} noticed."])


def written(text: str, path: Path = DOCS) -> None:
    """Puts the table between its two marks."""
    before, _, rest = path.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


def main() -> int:
    chosen = [mutant for mutant in MUTANTS if len(sys.argv) < 2 or sys.argv[1] in mutant.file]
    with copy() as folder:
        tests = tuple(sorted({test for mutant in chosen for test in mutant.tests}))
        if status_of(folder, tests) != GREEN:
            print("The tests are red without any mutant: mend them first.", file=sys.stderr)
            return 2
    with ThreadPoolExecutor(WORKERS) as pool:
        dead = list(tqdm(pool.map(killed, chosen), total=len(chosen), unit=" mutants", disable=None))
    results = dict(zip(chosen, dead, strict=True))
    print(table(results))
    if len(chosen) == len(MUTANTS):
        written(table(results))
    return 0 if all(dead) else 1


if __name__ == "__main__":
    sys.exit(main())
