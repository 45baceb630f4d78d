"""Applies each mutant to a copy of the source, never to the checkout, and runs the tests that have to notice it."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.mutation.mutants import Mutant

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("accounts", "memories", "memsite", "templates", "tests", "manage.py", "pyproject.toml")
GREEN, RED, NOT_COLLECTED = 0, 1, 2


@contextlib.contextmanager
def copy() -> Iterator[Path]:
    """A copy of what the tests need, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as name:
        folder = Path(name)
        for part in COPIED:
            if (ROOT / part).is_dir():
                # With what is compiled already: Python tells by its time that a mutated file is not.
                shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("e2e"))
            else:
                shutil.copy(ROOT / part, folder / part)
        yield folder


def mutate(folder: Path, mutant: Mutant) -> None:
    """Writes the mistake into the copy. ValueError when the text is not there exactly once: the list is out of date."""
    path = folder / mutant.file
    text = path.read_text()
    if text.count(mutant.before) != 1:
        raise ValueError(f"{mutant.file} holds this {text.count(mutant.before)} times, not once: {mutant.before}")
    path.write_text(text.replace(mutant.before, mutant.after))


def status_of(folder: Path, tests: tuple[str, ...]) -> int:
    """The tests' exit status in this copy; they stop at the first that fails."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MEMSITE_", "PYTEST_"))}
    # The one plugin that is needed: to load the others takes longer than some of the tests.
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    plugins = ("-p", "pytest_django.plugin", "-p", "no:cacheprovider")
    command = [sys.executable, "-m", "pytest", "-x", *plugins, "--no-migrations"]
    done = subprocess.run(
        [*command, *tests],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode


def killed(mutant: Mutant) -> bool:
    """Whether a test went red."""
    with copy() as folder:
        mutate(folder, mutant)
        return status_of(folder, mutant.tests) in (RED, NOT_COLLECTED)
