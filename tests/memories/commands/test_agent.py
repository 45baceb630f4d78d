"""The tutorial as a command."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from accounts.models import User
from memories import tutorial
from memories.models import Memory
from memories.scoped import ScopedMemory

pytestmark = pytest.mark.django_db


def test_isolation_holds_and_the_breakage_is_shown(owner: User) -> None:
    ScopedMemory(owner).add("I keep bees", infer=False)
    out = StringIO()
    call_command("agent", stdout=out, no_color=True)
    assert out.getvalue().count("held  ") == 10 and out.getvalue().count("LEAKED") == 1
    assert "I keep bees" not in out.getvalue()
    assert list(User.objects.all()) == [owner] and Memory.objects.count() == 1


def test_a_leak_fails_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    leak = tutorial.Step("crossed", ("I am vegetarian",), held=False)
    monkeypatch.setattr("memories.management.commands.agent.ten_steps", lambda alice, bob: iter([leak]))
    with pytest.raises(CommandError, match="did not hold"):
        call_command("agent", stdout=StringIO())
    assert not User.objects.exists()


def test_a_breakage_that_does_not_show_fails_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tutorial.UnscopedStore, "search", lambda self, query: [])
    with pytest.raises(CommandError, match="not shown"):
        call_command("agent", stdout=StringIO())


def test_a_database_without_tables_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a fresh machine before `migrate`; any other trouble with the database stays as it is."""

    def fails(*names: str) -> None:
        raise OperationalError("no such table: accounts_user")

    monkeypatch.setattr("memories.management.commands.agent.throwaway_accounts", fails)
    with pytest.raises(OperationalError):
        call_command("agent")
    monkeypatch.setattr("memsite.health._waiting_migrations", lambda: 46)
    with pytest.raises(CommandError, match=r"^database: 46 migrations are waiting \(manage\.py migrate\)\.$"):
        call_command("agent")
