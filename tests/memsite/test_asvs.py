"""Each check of the list in docs/security.md names a test that is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = re.findall(
    r"^\| (\d+\.\d+\.\d+) \| [^|]+ \| `([^`]+)::([^`]+)` \|$", (ROOT / "docs/security.md").read_text("utf-8"), re.M
)


def test_there_are_thirty_and_none_twice() -> None:
    numbers = [number for number, _, _ in ROWS]
    assert len(numbers) >= 30
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(("number", "file", "name"), ROWS)
def test_the_named_test_is_there(number: str, file: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / "tests" / file).read_text("utf-8")
