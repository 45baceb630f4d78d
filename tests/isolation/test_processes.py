"""Many at once on one database: eight threads, and two processes. Nothing is lost, doubled or crossed, nobody is told
that the database is locked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from accounts.models import User
from memories.chats import ScopedChats
from memories.scoped import ScopedMemory
from tests.isolation.profiles import LONG
from tests.isolation.traffic import MARKS, Done, check, work

ROOT = Path(__file__).resolve().parents[2]
STEPS = 400 if LONG else 20
THREADS = 8


@pytest.fixture
def people(transactional_db: None) -> list[User]:
    return [User.objects.create_user(f"{mark}@example.com") for mark in MARKS]


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """The results of all the calls, each in a thread of its own that starts when all are there."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]


@pytest.mark.slow
def test_eight_threads_leave_everyone_their_own(people: list[User]) -> None:
    def worker(number: int) -> Callable[[], list[Done]]:
        # Each thread works for each person in turn, beginning with another one.
        order = [(number + offset) % 3 for offset in range(3)]
        return lambda: [work(ScopedMemory(people[i]), MARKS[i], number, STEPS // 3) for i in order]

    parts = [part for done in at_once([worker(number) for number in range(THREADS)]) for part in done]
    for mark, user in zip(MARKS, people, strict=True):
        check(ScopedMemory(user), [part for part in parts if part.mark == mark])


@pytest.mark.slow
def test_one_door_serves_eight_threads(people: list[User]) -> None:
    """As when one person has many tabs: the same object, not one a thread."""
    door = ScopedMemory(people[0])
    calls = [lambda number=number: work(door, MARKS[0], number, STEPS // 2) for number in range(THREADS)]
    check(door, at_once(calls))


@pytest.mark.slow
def test_a_fact_said_eight_times_at_once_is_kept_once(people: list[User]) -> None:
    def say(user: User) -> Callable[[], list[Any]]:
        return lambda: ScopedMemory(user).add("I collect stamps.")

    saved = at_once([say(people[number % 2]) for number in range(THREADS)])
    assert sum(map(len, saved)) == 2
    assert [ScopedMemory(user).count() for user in people] == [1, 1, 0]


@pytest.mark.slow
def test_one_press_of_send_is_one_turn(people: list[User]) -> None:
    """The same key of the composer, twice from two people, in eight threads."""

    def send(user: User) -> Callable[[], Any]:
        return lambda: ScopedChats(user).post("I collect stamps.", nonce="the same for both")

    posted = at_once([send(people[number % 2]) for number in range(THREADS)])
    assert len({each.turn.id for each in posted}) == 2
    assert [len(ScopedChats(user).page().items) for user in people] == [1, 1, 0]


@pytest.mark.slow
def test_wiping_one_leaves_those_who_write_meanwhile(people: list[User]) -> None:
    def wipe() -> None:
        door = ScopedMemory(people[0])
        for number in range(STEPS // 4):
            door.add(f"kestrel {number}", infer=False)
            assert door.delete_all().stores

    others = [lambda i=i, n=n: work(ScopedMemory(people[i]), MARKS[i], n, STEPS // 2) for n in range(3) for i in (1, 2)]
    parts = [part for part in at_once([wipe, *others]) if part]
    assert ScopedMemory(people[0]).count() == 0
    for i in (1, 2):
        check(ScopedMemory(people[i]), [part for part in parts if part.mark == MARKS[i]])


# --- Processes --------------------------------------------------------------------------------------------------------
def program(*args: str) -> subprocess.Popen[str]:
    """On the database of this test, which is a file."""
    settings = Path(os.environ["MEMSITE_DATA_DIR"]) / "process_settings.py"
    settings.write_text(
        "import os\nfrom tests.settings import *\nDATABASES['default']['NAME'] = os.environ['PROCESS_DATABASE']\n"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "process_settings",
        "PYTHONPATH": f"{settings.parent}{os.pathsep}{ROOT}",
        "PROCESS_DATABASE": str(connection.settings_dict["NAME"]),
    }
    return subprocess.Popen(
        [sys.executable, "-m", *args],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def pair(people: list[User]) -> Iterator[list[subprocess.Popen[str]]]:
    both = [program("tests.isolation.traffic", str(number), str(STEPS)) for number in range(2)]
    yield both
    for process in both:
        process.kill()
        process.communicate()


@pytest.mark.slow
def test_two_processes_leave_everyone_their_own(people: list[User], pair: list[subprocess.Popen[str]]) -> None:
    for process in pair:
        assert process.stdout and process.stdout.readline() == "ready\n", process.communicate()[1]
    answers = []
    for process in pair:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in pair:
        out, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        answers += [Done(**part) for part in json.loads(out)]
    for mark, user in zip(MARKS, people, strict=True):
        check(ScopedMemory(user), [part for part in answers if part.mark == mark])
