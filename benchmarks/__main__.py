"""`python -m benchmarks [--quick]`: what a search costs near its limit, and whether anyone pays for other people's
memories. Recall has its own command, for its data is not part of the project: `python -m benchmarks.recall`."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks import flat, limit

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: minutes instead of an hour")
    quick = parser.parse_args().quick
    with tempfile.TemporaryDirectory(prefix="memsite-bench-") as folder:
        for part in (limit, flat):
            part.main(Path(folder), quick)
