"""Scratch folders, processes of their own that are told what to time, and tables."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
Times = dict[str, list[float]]
"""Per verb how long each call took, in seconds."""


class Worker:
    """A process with a folder of its own that runs one of the `*_worker` modules and answers a line with a line.

    Contestants live in processes of their own so that they can take turns in one loop: what else the machine does then
    falls on all of them alike.
    """

    def __init__(self, module: str, folder: Path, **env: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self._module, self._env = folder, module, env
        self._process = self._started()

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", f"benchmarks.{self._module}"],
            cwd=ROOT,
            env=environment(self.folder) | self._env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start_anew(self) -> None:
        """Another process on the same folder: filling a store leaves traces in the memory of the one that did it."""
        self._end()
        self._process = self._started()

    def start(self, verb: str, **arguments: Any) -> None:
        """Tells it what to do, without waiting."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"do": verb, **arguments}) + "\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        """What came of it."""
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith(ANSWER):
                return json.loads(line.removeprefix(ANSWER))
        raise RuntimeError(f"The worker on {self.folder.name} ended: see its words above.")

    def call(self, verb: str, **arguments: Any) -> Any:
        self.start(verb, **arguments)
        return self.answer()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def _end(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()


ANSWER = "=> "
"""Before each answer, so that what libraries print is not taken for one."""


def serve(verbs: Mapping[str, Any]) -> None:
    """The worker's side: a verb a line, until the other end is closed."""
    for line in sys.stdin:
        request = json.loads(line)
        answer = verbs[request.pop("do")](**request)
        print(f"{ANSWER}{json.dumps(answer)}", flush=True)


def environment(folder: Path) -> dict[str, str]:
    """Nothing of the caller's own site."""
    theirs = {name: value for name, value in os.environ.items() if not name.startswith(("MEMSITE_", "DATABASE_"))}
    return theirs | {
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "MEMSITE_DATA_DIR": str(folder),
        "MEMSITE_DEBUG": "1",
        "MEMSITE_MEMORY_QUOTA": "1000000",
        "MEM0_TELEMETRY": "False",
        "MEM0_DIR": str(folder / "mem0"),
        "OPENBLAS_NUM_THREADS": "1",
    }


def memory_in_use() -> float:
    """Resident megabytes of this process."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def join(into: Times, more: Mapping[str, Sequence[float]]) -> None:
    for verb, times in more.items():
        into.setdefault(verb, []).extend(times)


def median(times: Sequence[float]) -> float:
    """In milliseconds."""
    return statistics.median(times) * 1000


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A Markdown table on the standard output; numbers are printed with three digits that count."""
    lines = ["", f"### {title}", "", "| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    lines += ["| " + " | ".join(map(_shown, row)) + " |" for row in rows]
    print("\n".join(lines), flush=True)


def _shown(value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"
