"""The proof that anyone can run: that it passes, tells what it did, cleans up, and fails when something leaks."""

from __future__ import annotations

import sys
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import QuerySet

from accounts.models import User
from memories.errors import IsolationBreach
from memories.models import Memory
from memories.proof_ways import WAYS
from memories.storage import guard
from memories.storage.memories import MemoryRows
from tests.isolation.rows import all_rows

pytestmark = pytest.mark.django_db


def run(**options: Any) -> str:
    out = StringIO()
    call_command("prove_isolation", stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def leaky(monkeypatch: pytest.MonkeyPatch) -> None:
    """One owner filter dropped: every list of memories is everybody's."""

    def everybodys(self: MemoryRows) -> QuerySet[Memory]:
        return Memory.objects.all()

    monkeypatch.setattr(MemoryRows, "all", everybodys)


def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look on the way out left off, in every module that has it."""
    for module in list(sys.modules.values()):
        if getattr(module, "own", None) is guard.own and module is not guard:
            monkeypatch.setattr(module, "own", lambda *_: None)


@pytest.mark.slow
def test_it_tries_every_way_says_so_and_removes_what_it_made(owner: User, tmp_path: Any, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    before, tries = all_rows(but={"memories.Receipt"}), 2 * len(WAYS) + 5
    told = run(users=2, attempts=tries)
    assert all(way.title in told for way in WAYS)
    assert f"Isolation held in all {tries} tries" in told and "LEAKED" not in told and "canary" not in told
    assert all_rows(but={"memories.Receipt"}) == before
    assert not list(tmp_path.glob("people/*"))


def test_one_person_proves_nothing(db: None) -> None:
    with pytest.raises(CommandError, match="two people"):
        run(users=1)


# On PostgreSQL the row policies stop these leaks as well: tests/memories/postgres.
@pytest.mark.slow
@pytest.mark.sqlite
def test_a_leak_that_two_layers_let_through_fails_it(monkeypatch: pytest.MonkeyPatch) -> None:
    leaky(monkeypatch)
    blind(monkeypatch)
    out = StringIO()
    with pytest.raises(CommandError, match="DID NOT HOLD"):
        call_command("prove_isolation", users=2, stdout=out, stderr=StringIO())
    told = out.getvalue()
    assert "LEAKED" in told and "THE OTHER'S WORDS" in told and "THE OTHER'S THINGS CHANGED" in told
    assert "canary" not in told


@pytest.mark.slow
@pytest.mark.sqlite
def test_a_leak_that_one_layer_stops_fails_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look on the way out raises: nothing is shown, and the proof does not go through."""
    leaky(monkeypatch)
    out = StringIO()
    with pytest.raises((CommandError, IsolationBreach)):
        call_command("prove_isolation", users=2, stdout=out, stderr=StringIO())
    assert "THE OTHER'S WORDS" not in out.getvalue() and "held in all" not in out.getvalue()
