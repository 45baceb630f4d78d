"""A restored backup, and what it brought back: gone again, by ids alone, and nobody else's with it."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from memories import erasure, tending
from memories.chats import ScopedChats
from memories.models import Conversation, Erased, Memory, Message
from memories.owner import owner_of
from memories.scoped import ScopedMemory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _backups(settings: Any) -> None:
    settings.BACKUP_DAYS = 30


def exported(**options: Any) -> str:
    out = StringIO()
    call_command("erasures", "--export", stdout=out, **options)
    return out.getvalue()


def applied(path: Path, text: str, *, yes: bool = True) -> str:
    out = StringIO()
    path.write_text(text)
    call_command("erasures", *["--apply", str(path)], *(["--yes"] if yes else []), stdout=out)
    return out.getvalue()


def saved(memory: ScopedMemory, *texts: str) -> list[str]:
    return [memory.add(text, infer=False)[0].id for text in texts]


def back(*rows: Any) -> None:
    """As a restore does: the rows are there again, with the ids they had."""
    for row in rows:
        type(row).objects.bulk_create([row])


def test_the_ledger_holds_ids_and_no_words(owner: User, stranger: User) -> None:
    [mine] = saved(ScopedMemory(owner), "My blood type is B positive")
    saved(ScopedMemory(stranger), "I keep bees")
    ScopedMemory(owner).delete(mine)
    ScopedMemory(owner).delete_all()
    told = [json.loads(line) for line in exported().splitlines()]
    assert [(line["what"], line["object_id"]) for line in told] == [("memory", mine), ("memories", "")]
    assert {line["namespace"] for line in told} == {str(owner.namespace)} and "blood" not in exported()


def test_a_single_memory_goes_again(owner: User, stranger: User, tmp_path: Path) -> None:
    memory = ScopedMemory(owner)
    first, second = saved(memory, "I am vegetarian", "I keep bees")
    row = Memory.objects.get(pk=first)
    memory.delete(first)
    ledger = exported()
    back(row)
    assert "rows 1: would be" in applied(tmp_path / "l", ledger, yes=False) and memory.count() == 2
    assert "rows 1: erased" in applied(tmp_path / "l", ledger)
    assert [m.id for m in memory.get_all()] == [second]
    assert "rows 0" in applied(tmp_path / "l", ledger)
    assert memory.add("I am vegetarian.") == [], "not learned again either"


def test_a_wipe_takes_what_was_there_and_leaves_what_came_after(owner: User, stranger: User, tmp_path: Path) -> None:
    memory, theirs = ScopedMemory(owner), ScopedMemory(stranger)
    [old] = saved(memory, "I am vegetarian")
    saved(theirs, "I am vegetarian")
    row = Memory.objects.get(pk=old)
    memory.delete_all()
    [new] = saved(memory, "I eat everything")
    back(row)
    applied(tmp_path / "l", exported())
    assert [m.id for m in memory.get_all()] == [new] and theirs.count() == 1


def test_conversations_and_turns_go_again(owner: User, stranger: User, tmp_path: Path) -> None:
    chats = ScopedChats(owner)
    posted = chats.post("hello there")
    ScopedChats(stranger).post("hello there")
    chat = Conversation.objects.get(owner=owner)
    turns = list(Message.objects.filter(owner=owner))
    chats.delete(posted.conversation.id)
    back(chat, *turns)
    applied(tmp_path / "l", exported())
    assert not Conversation.objects.filter(owner=owner).exists() and not Message.objects.filter(owner=owner).exists()
    assert Conversation.objects.filter(owner=stranger).count() == 1


def test_an_account_goes_again(owner: User, stranger: User, tmp_path: Path) -> None:
    saved(ScopedMemory(owner), "I am vegetarian")
    before = User(**{field.attname: getattr(owner, field.attname) for field in User._meta.concrete_fields})
    erasure.erase_account(owner)
    ledger = exported()
    before.save(force_insert=True)
    saved(ScopedMemory(before), "I am vegetarian")
    assert "accounts 1" in applied(tmp_path / "l", ledger, yes=False) and User.objects.count() == 2
    applied(tmp_path / "l", ledger)
    assert list(User.objects.all()) == [stranger] and not Memory.objects.exists()


def test_the_ledger_ends_with_the_last_backup(owner: User, settings: Any) -> None:
    saved(ScopedMemory(owner), "I keep bees")
    ScopedMemory(owner).delete_all()
    Erased.objects.update(at=timezone.now() - dt.timedelta(days=30))
    tending.tend_once()
    assert Erased.objects.exists()
    Erased.objects.update(at=timezone.now() - dt.timedelta(days=32))
    tending.tend_once()
    assert not Erased.objects.exists()


def test_without_backups_there_is_no_ledger(owner: User, settings: Any) -> None:
    settings.BACKUP_DAYS = 0
    ScopedMemory(owner).delete_all()
    assert not Erased.objects.exists()
    with pytest.raises(CommandError, match="no backups"):
        exported()


def test_an_export_begins_where_it_is_told(owner: User) -> None:
    ScopedMemory(owner).delete_all()
    assert exported(since=timezone.now().date()) and not exported(since=timezone.now().date() + dt.timedelta(days=1))


@pytest.mark.parametrize("bad", ["x", "[]", "{}", '{"namespace": "*", "what": "account", "object_id": "", "at": "x"}'])
def test_a_file_that_is_no_ledger_erases_nothing(owner: User, tmp_path: Path, bad: str) -> None:
    good = json.dumps(
        {"namespace": str(owner.namespace), "what": "account", "object_id": "", "at": timezone.now().isoformat()}
    )
    with pytest.raises(CommandError, match="Line 2"):
        applied(tmp_path / "l", f"{good}\n{bad}\n")
    assert User.objects.filter(pk=owner_of(owner).pk).exists()


def test_a_file_that_cannot_be_read_is_said_in_a_sentence(owner: User, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nothing was erased"):
        call_command("erasures", "--apply", str(tmp_path / "not-there"))
    (tmp_path / "picture").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(CommandError, match="not text in UTF-8; nothing was erased"):
        call_command("erasures", "--apply", str(tmp_path / "picture"))
