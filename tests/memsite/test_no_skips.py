"""The rule of continuous integration: green means that everything ran."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import conftest, no_skips

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = """
import pytest

def test_a(): pass

@pytest.mark.skip
def test_b(): pass

@pytest.mark.xfail
def test_c(): assert False
"""


def run(folder: Path, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A run with this rule alone: nothing of the site has to be loaded for it."""
    file = folder / "test_sample.py"
    file.write_text(SAMPLE)
    (folder / "conftest.py").write_text("from tests.no_skips import pytest_sessionfinish\n")
    (folder / "pytest.ini").touch()
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-c", str(folder / "pytest.ini"), *options, str(file)],
        cwd=ROOT,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "MEMSITE_NO_SKIPS": "", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_test_here_is_under_the_rule() -> None:
    assert conftest.pytest_sessionfinish is no_skips.pytest_sessionfinish


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("-p", "xdist", "-n", "1")], ids=["one process", "workers"])
def test_a_test_that_did_not_run_fails_the_run(tmp_path: Path, options: tuple[str, ...]) -> None:
    result = run(tmp_path, *options, MEMSITE_NO_SKIPS="1")
    assert result.returncode == 1
    assert "2 did not run" in result.stdout and "test_b" in result.stdout and "test_c" in result.stdout
    assert "1 passed" in result.stdout.splitlines()[-1], "pytest's own summary stays last"


@pytest.mark.slow
def test_without_the_rule_the_run_is_green(tmp_path: Path) -> None:
    assert run(tmp_path).returncode == 0
