"""The list of mutants fits the source, and the short list is noticed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mutation.__main__ import table, written
from tests.mutation.mutants import MUTANTS, Mutant
from tests.mutation.run import GREEN, ROOT, copy, killed, mutate, status_of

SHORT = [mutant for mutant in MUTANTS if mutant.first]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.why)
def test_each_mutant_fits_the_source(mutant: Mutant) -> None:
    """When this fails the code was changed: write the mistake anew in tests/mutation/mutants.py."""
    text = (ROOT / mutant.file).read_text()
    assert text.count(mutant.before) == 1
    compile(text.replace(mutant.before, mutant.after), mutant.file, "exec")
    assert all((ROOT / test).exists() for test in mutant.tests)


@pytest.fixture(scope="module")
def clean() -> Iterator[Path]:
    with copy() as folder:
        yield folder


@pytest.mark.slow
def test_without_a_mistake_the_tests_are_green(clean: Path) -> None:
    """Or each mutant would be noticed for another reason."""
    assert status_of(clean, tuple(mutant.first for mutant in SHORT)) == GREEN


@pytest.mark.slow
@pytest.mark.parametrize("mutant", SHORT, ids=lambda mutant: mutant.why)
def test_a_mistake_is_noticed(mutant: Mutant) -> None:
    assert killed(dataclasses.replace(mutant, tests=(mutant.first,)))


@pytest.mark.slow
def test_the_source_itself_is_left_alone(clean: Path) -> None:
    before = (ROOT / MUTANTS[0].file).read_text()
    mutate(clean, MUTANTS[0])
    assert (ROOT / MUTANTS[0].file).read_text() == before != (clean / MUTANTS[0].file).read_text()
    with pytest.raises(ValueError, match="not once"):
        mutate(clean, MUTANTS[0])
    (clean / MUTANTS[0].file).write_text(before)


def test_the_table_is_written_between_its_marks(tmp_path: Path) -> None:
    path = tmp_path / "security.md"
    path.write_text("before\n<!-- mutants: written by `make mutants` -->\nold\n<!-- mutants: end -->\nafter\n")
    written(table({MUTANTS[0]: True, MUTANTS[1]: False}), path)
    text = path.read_text()
    assert text.startswith("before\n") and text.endswith("\nafter\n") and "old" not in text
    assert "1 of 2 noticed" in text and "**NO**" in text
