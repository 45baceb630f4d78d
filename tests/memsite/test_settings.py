"""Settings: each variable read once, a wrong one named, all of them described."""

from __future__ import annotations

import ast
import functools
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READERS = {"text", "flag", "whole", "number", "words", "choice"}
SECRET = "x" * 60


def read_in(path: Path) -> list[str]:
    """The variables that `env.<reader>("NAME", …)` and `os.environ` read in a file."""
    names = []
    source = path.read_text(encoding="utf-8")
    # Most files read none, and need not be understood.
    if "env." not in source and "environ" not in source:
        return []
    for node in ast.walk(ast.parse(source)):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Attribute) and node.args and isinstance(node.args[0], ast.Constant):
            whose = ast.unparse(called.value)
            if (whose == "env" and called.attr in READERS) or (whose == "os.environ" and called.attr == "get"):
                names.append(str(node.args[0].value))
    return names


@functools.cache
def every_variable() -> tuple[str, ...]:
    files = [*ROOT.glob("memsite/**/*.py"), *ROOT.glob("accounts/**/*.py"), *ROOT.glob("memories/**/*.py")]
    return tuple(name for file in files for name in read_in(file))


def test_each_variable_is_read_once() -> None:
    names = every_variable()
    assert len(names) > 10
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("name", sorted(set(every_variable())))
def test_each_variable_is_described(name: str) -> None:
    row = re.search(rf"^\| `{name}` \|(.*)$", (ROOT / "docs/settings.md").read_text(), re.M)
    assert row, f"docs/settings.md has no row for {name}"
    assert row[1].count("|") == 4, "type, unit, default, effect"
    assert re.search(rf"^#? ?{name}=", (ROOT / ".env.example").read_text(), re.M), f".env.example lacks {name}"


def test_nothing_is_described_that_is_not_read() -> None:
    rows = set(re.findall(r"^\| `([A-Z0-9_]+)` \|", (ROOT / "docs/settings.md").read_text(), re.M))
    assert rows == set(every_variable())


EACH = """
import json, os, sys, django.db.models, django.http
for variables in json.loads(sys.argv[1]):
    if os.fork() == 0:
        os.environ.update(variables)
        import memsite.settings
        os._exit(0)
    ended = os.waitstatus_to_exitcode(os.wait()[1])
    print(f"ended with {ended}" if ended < 0 else "", chr(0), sep="", end="", file=sys.stderr, flush=True)
"""
"""Each in a copy of a process that has read no setting yet: to load Django is what most of a start takes."""


def starts(tmp_path: Path, *each: dict[str, str]) -> list[str]:
    """What a fresh process says when it loads the settings with these variables alone; "" when it starts."""
    ours = re.compile("MEMSITE_|DATABASE_URL|DJANGO_|MEM0_")
    clean = {name: value for name, value in os.environ.items() if not ours.match(name)}
    result = subprocess.run(
        [sys.executable, "-c", EACH, json.dumps(each)],
        cwd=ROOT,
        env={**clean, "MEMSITE_DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=True,
    )
    said = result.stderr.split("\0")
    assert len(said) == len(each) + 1
    return [(lines.strip().splitlines() or [""])[-1] for lines in said[:-1]]


SERVED = {"MEMSITE_SECRET_KEY": SECRET, "MEMSITE_ALLOWED_HOSTS": "example.com"}


WRONG: list[tuple[dict[str, str], str]] = [
    ({}, "MEMSITE_SECRET_KEY"),
    ({"MEMSITE_SECRET_KEY": "short", "MEMSITE_ALLOWED_HOSTS": "example.com"}, "MEMSITE_SECRET_KEY"),
    ({"MEMSITE_SECRET_KEY": SECRET}, "MEMSITE_ALLOWED_HOSTS"),
    ({**SERVED, "MEMSITE_DEBUG": "maybe"}, "MEMSITE_DEBUG='maybe'"),
    ({**SERVED, "MEMSITE_PROXIES": "-1"}, "MEMSITE_PROXIES='-1'"),
    ({**SERVED, "MEMSITE_LOG_LEVEL": "LOUD"}, "MEMSITE_LOG_LEVEL='LOUD'"),
    ({**SERVED, "DATABASE_URL": "mysql://u:p@host/db"}, "DATABASE_URL"),
    ({**SERVED, "MEMSITE_LLM_MODEL": "small"}, "MEMSITE_LLM_BASE_URL"),
    ({**SERVED, "MEMSITE_MEM0_URL": "http://api.mem0.ai"}, "MEMSITE_MEM0_URL"),
    ({**SERVED, "MEMSITE_EMAIL_URL": "http://u:secret-word@host"}, "MEMSITE_EMAIL_URL"),
    ({"MEMSITE_SECRET_KEY_FILE": "/nowhere/key"}, "MEMSITE_SECRET_KEY_FILE"),
]


@pytest.mark.slow
def test_a_wrong_value_stops_the_start_and_is_named(tmp_path: Path, subtests: pytest.Subtests) -> None:
    said = starts(tmp_path, *(variables for variables, _ in WRONG))
    for (_, named), line in zip(WRONG, said, strict=True):
        with subtests.test(named):
            assert "ImproperlyConfigured" in line and named in line
            assert "secret-word" not in line and ":p@" not in line


@pytest.mark.slow
def test_a_complete_deployment_starts(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(SECRET + "\n")
    variables = {"MEMSITE_SECRET_KEY_FILE": str(tmp_path / "key"), "MEMSITE_ALLOWED_HOSTS": "example.com"}
    assert starts(tmp_path, variables) == [""]
    assert not (tmp_path / "data" / "secret_key").exists()


@pytest.mark.slow
def test_on_ones_own_machine_a_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    assert starts(tmp_path, {"MEMSITE_DEMO": "1"}) == [""]
    key = tmp_path / "data" / "secret_key"
    first = key.read_text()
    assert starts(tmp_path, {"MEMSITE_DEMO": "1"}) == [""]
    assert key.read_text() == first and len(first) >= 50
    assert (key.stat().st_mode & 0o777, key.parent.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.slow
def test_a_deployment_passes_djangos_own_review(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MEMSITE_", "DJANGO_"))}
    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={**clean, **SERVED, "MEMSITE_SECRET_KEY": "p7-" + "aZ9_kQ" * 12, "MEMSITE_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
