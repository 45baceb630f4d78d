"""`python -m benchmarks [--quick] [--postgres]`: all of them, one after the other. Recall has its own command, for its
data is no part of the project: `python -m benchmarks.recall --data FILE`."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks import flat, limit, parallel, rivals, site, streams

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: minutes instead of two hours")
    parser.add_argument("--postgres", action="store_true", help="also on PostgreSQL, against mem0's pgvector")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="memsite-bench-") as scratch:
        folder = Path(scratch)
        for part in (limit, parallel, site, streams):
            part.main(folder, options.quick)
        rivals.main(folder, options.quick, options.postgres)
        flat.main(folder, options.quick)
        if options.postgres:
            flat.on_postgres(folder, options.quick)
