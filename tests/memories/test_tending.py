"""The background work: each step done once, for each owner alone, whatever else fails, runs or dies beside it."""

from __future__ import annotations

import datetime as dt
import io
import logging
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from accounts.models import Session, User
from memories import tending
from memories.chats import ScopedChats
from memories.errors import EngineUnavailable
from memories.models import Activity, Conversation, Memory, Message, Receipt
from memories.scoped import ScopedMemory
from memories.storage import erasing
from memories.storage.due import LEASE, due

ROOT = Path(__file__).resolve().parents[2]
PAST = dt.timedelta(minutes=10)


def over(model: Any, **changes: Any) -> None:
    model.objects.update(**{name: timezone.now() - PAST for name in changes})


@pytest.fixture
def people(db: None, owner: User, stranger: User) -> list[User]:
    """Two, each with one thing due for every step."""
    for user in (owner, stranger):
        memory, chats = ScopedMemory(user), ScopedChats(user)
        memory.keep_for(3, "saved")
        keys = [saved.id for saved in memory.add([turn(n) for n in range(4)], infer=False)]
        memory.hold(keys[0])
        Memory.objects.filter(pk=keys[0]).update(held_until=timezone.now())
        Memory.objects.filter(pk=keys[1]).update(expires_at=timezone.now() - PAST)
        Memory.objects.filter(pk=keys[2]).update(created_at=timezone.now() - dt.timedelta(days=200))
        chats.post("Only for today.", mode="temporary")
        Conversation.objects.filter(owner=user, memory_mode="temporary").update(expires_at=timezone.now() - PAST)
        chats.post("I live in Lisbon.")
        Message.objects.filter(owner=user, status="streaming").update(updated_at=timezone.now() - PAST)
        Message.objects.filter(owner=user, memory_state="pending").update(due_at=timezone.now() - PAST)
    return [owner, stranger]


def turn(number: int) -> dict[str, str]:
    return {"role": "user", "content": f"I keep coin {number}"}


def test_one_pass_does_everything_for_everyone(people: list[User]) -> None:
    done = tending.tend_once()
    for user in people:
        assert {each.memory for each in ScopedMemory(user).get_all()} == {"I keep coin 3", "I live in Lisbon"}
        assert Memory.objects.filter(owner=user).count() == 2
        assert not Conversation.objects.filter(owner=user, memory_mode="temporary").exists()
        assert not Message.objects.filter(owner=user, status="streaming").exists()
        assert [receipt.asked_by for receipt in ScopedMemory(user).receipts()] == ["retention"]
    # For two people each: a memory and a chat; a memory past its end and an old one; two replies; a turn.
    assert done["undo windows ended"] == 4 and done["memories past their end"] == 4
    assert done["replies left by dead workers"] == 4 and done["turns read for memories"] == 2


def test_a_second_pass_has_nothing_to_do(people: list[User]) -> None:
    tending.tend_once()
    receipts, lines = Receipt.objects.count(), Activity.objects.count()
    assert tending.tend_once() == {}
    assert (Receipt.objects.count(), Activity.objects.count()) == (receipts, lines)


def test_what_is_not_due_is_left_alone(db: None, owner: User) -> None:
    memory, chats = ScopedMemory(owner), ScopedChats(owner)
    memory.keep_for(24, "unused")
    held, kept = (saved.id for saved in memory.add([turn(0), turn(1)], infer=False))
    memory.hold(held)
    memory.expire(kept, timezone.now() + PAST)
    chats.post("For a while.", mode="temporary")
    posted = chats.post("I live in Lisbon.")
    assert tending.tend_once() == {}
    assert memory.restore(held) and chats.get(posted.conversation.id) and chats.message(posted.reply.id)
    assert Message.objects.get(pk=posted.turn.id).memory_state == "pending"


def test_closed_accounts_are_purged_too_but_not_learned_from(people: list[User]) -> None:
    User.objects.filter(pk=people[0].pk).update(is_active=False)
    tending.tend_once()
    assert Memory.objects.filter(owner=people[0]).count() == 1
    assert Memory.objects.filter(owner=people[1]).count() == 2


def test_a_step_that_fails_keeps_no_other_from_being_done(
    people: list[User], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails() -> int:
        raise EngineUnavailable("I keep coin 1")

    steps = [(name, fails if name == "undo windows ended" else step) for name, step in tending.STEPS]
    monkeypatch.setattr(tending, "STEPS", steps)
    with caplog.at_level(logging.ERROR):
        done = tending.tend_once()
    assert "undo windows ended" not in done and "memories past their end" in done
    assert "EngineUnavailable" in caplog.text and "coin" not in caplog.text
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"^Not done: undo windows ended\."):
        call_command("tend", stdout=out)
    assert "Nothing was due" not in out.getvalue(), "whoever runs it from cron would believe that"


def test_a_leased_turn_is_not_taken_and_is_after_the_lease(people: list[User]) -> None:
    from memories.desk import ReplyDesk

    turn_of = Message.objects.get(owner=people[0], memory_state="pending", conversation__memory_mode="on")
    assert ReplyDesk(people[0]).claim(str(turn_of.pk)), "a worker took it, and died"
    tending.tend_once()
    turn_of.refresh_from_db()
    assert turn_of.memory_state == "pending"
    Message.objects.filter(pk=turn_of.pk).update(due_at=timezone.now() - LEASE)
    tending.tend_once()
    turn_of.refresh_from_db()
    assert turn_of.memory_state == "saved"


def test_a_worker_that_dies_between_writing_and_saying_so_repeats_nothing(
    db: None, owner: User, stranger: User
) -> None:
    """The memory is there, its turn still waits; meanwhile the person corrects the memory."""
    for user in (owner, stranger):
        memory, turn = ScopedMemory(user), ScopedChats(user).post("I live in Lisbon.").turn
        [saved] = memory.learn(turn.text, message_id=turn.id).saved
        memory.update(saved.id, "I live in Porto")
    Message.objects.filter(memory_state="pending").update(due_at=timezone.now() - PAST)
    tending.tend_once()
    for user in (owner, stranger):
        assert [each.memory for each in ScopedMemory(user).get_all()] == ["I live in Porto"]
        assert Message.objects.get(owner=user, role="user").memory_state == "saved"


def test_lines_of_the_log_go_after_twelve_months_and_sessions_when_they_are_over(
    db: None, owner: User, stranger: User, client_as: Any
) -> None:
    for user in (owner, stranger):
        for number in range(3):
            ScopedMemory(user).add([turn(number)], infer=False)
        ages = dict(zip(Activity.objects.filter(owner=user).order_by("pk"), (400, 367, 365), strict=True))
        for line, days in ages.items():
            Activity.objects.filter(pk=line.pk, owner=user).update(at=timezone.now() - dt.timedelta(days=days))
    client_as(owner).get("/data/")
    Session.objects.update(expire_date=timezone.now() - PAST)
    done = tending.tend_once()
    assert (done["old lines of the log"], done["sessions"]) == (4, 1)
    for user in (owner, stranger):
        [line] = Activity.objects.filter(owner=user)
        assert line.at > timezone.now() - dt.timedelta(days=366)
        assert "old lines of the log" not in tending.tend_once()


# --- The disk ---------------------------------------------------------------------------------------------------------
@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_the_disk_is_settled_and_the_receipt_says_when(owner: User) -> None:
    memory = ScopedMemory(owner)
    memory.add([turn(0)], infer=False)
    receipt = memory.delete_all()
    assert memory.receipt(receipt.id).settled_at is not None


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_reader_delays_the_disk_and_the_receipt_says_so_until_tend_has_done_it(
    owner: User, monkeypatch: pytest.MonkeyPatch, client_as: Any
) -> None:
    monkeypatch.setattr(erasing, "PATIENCE", 1)
    memory = ScopedMemory(owner)
    memory.add([turn(0)], infer=False)
    started, done = threading.Event(), threading.Event()

    def reading() -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            cursor.execute("SELECT COUNT(*) FROM memories_memory").fetchone()
            started.set()
            done.wait(30)
            cursor.execute("COMMIT")
        connections.close_all()

    reader = threading.Thread(target=reading)
    reader.start()
    started.wait(30)
    try:
        receipt = memory.delete_all()
        assert memory.receipt(receipt.id).settled_at is None
        assert "Pending" in client_as(owner).get(f"/data/receipts/{receipt.id}/").content.decode()
    finally:
        done.set()
        reader.join()
    assert tending.tend_once()["disk"] == 1
    assert memory.receipt(receipt.id).settled_at is not None


# --- Several processes, and dead ones ---------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_several_at_once_do_each_thing_once(owner: User, stranger: User) -> None:
    for user in (owner, stranger):
        memory = ScopedMemory(user)
        memory.keep_for(3, "saved")
        memory.add([turn(n) for n in range(5)], infer=False)
    Memory.objects.update(created_at=timezone.now() - dt.timedelta(days=200))
    begin = threading.Barrier(4)

    def tend() -> None:
        begin.wait()
        try:
            tending.tend_once()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tend) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Where two met, one may have had to leave it to the next pass.
    tending.tend_once()
    assert not Memory.objects.exists()
    assert [receipt.owner_id for receipt in Receipt.objects.order_by("owner")] == [owner.pk, stranger.pk]


def manage(folder: Path, *args: str) -> subprocess.Popen[str]:
    """`manage.py` in a process of its own, on a data folder of its own."""
    ours = {"MEMSITE_DATA_DIR": str(folder), "MEMSITE_DEBUG": "1", "DJANGO_SETTINGS_MODULE": "memsite.settings"}
    return subprocess.Popen(
        [sys.executable, "manage.py", *args],
        cwd=ROOT,
        env={**os.environ, **ours},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


@pytest.mark.slow
@pytest.mark.sqlite
def test_the_loop_ends_when_it_is_told_to(folder_with_tables: Path) -> None:
    with manage(folder_with_tables, "tend") as process:
        assert "Nothing was due." in process.communicate(timeout=120)[0] and process.returncode == 0
    with manage(folder_with_tables, "tend", "--loop", "3600") as loop:
        # Told before or after it has begun: either way it ends, at once.
        loop.send_signal(signal.SIGTERM)
        loop.communicate(timeout=60)
    assert loop.returncode in (0, -signal.SIGTERM)


def test_a_loop_needs_a_time(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("tend", loop=0.0)


def test_the_background_loop_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    passes = threading.Event()
    monkeypatch.setattr(tending, "tend_once", passes.set)
    stop = tending.start_in_background(0.001)
    assert passes.wait(30)
    stop.set()


def test_turns_of_a_closed_account_keep_nobody_waiting(people: list[User]) -> None:
    closed, open_one = people
    User.objects.filter(pk=closed.pk).update(is_active=False)
    Message.objects.filter(owner=closed, memory_state="pending").update(due_at=timezone.now() - 2 * PAST)
    assert [whose for whose, _ in due(1)] == [open_one.pk]
    User.objects.filter(pk=closed.pk).update(is_active=True)
    assert [whose for whose, _ in due(1)] == [closed.pk]
