"""Several workers on one database: what is due is done once, and a pool that is used up says so."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from accounts.models import User
from memories.chats import ScopedChats
from memories.models import Activity, Message
from memories.scoped import ScopedMemory
from tests.isolation.test_processes import program

THINGS = ("stamps", "coins", "maps", "fossils", "records", "postcards")


@pytest.fixture
def people(transactional_db: None) -> list[User]:
    return [User.objects.create_user(f"{name}@example.com") for name in ("one", "two")]


@pytest.mark.slow
@pytest.mark.postgres
def test_two_workers_learn_each_turn_once(people: list[User]) -> None:
    for person in people:
        for thing in THINGS:
            ScopedChats(person).post(f"I collect {thing}.")
    Message.objects.filter(role="user").update(due_at=timezone.now() - dt.timedelta(minutes=1))
    workers = [program("django", "tend", "--skip-checks") for _ in range(3)]
    for worker in workers:
        _, errors = worker.communicate(timeout=120)
        assert worker.returncode == 0, errors
    for person in people:
        assert {memory.memory for memory in ScopedMemory(person).get_all()} == {f"I collect {x}" for x in THINGS}
        assert ScopedMemory(person).count() == len(THINGS)
        assert Activity.objects.filter(owner=person, verb="learned").count() == len(THINGS)
    turns = Message.objects.filter(role="user")
    assert {turn.memory_state for turn in turns} == {"saved"} and {turn.attempts for turn in turns} == {1}


@pytest.mark.postgres
def test_a_pool_that_is_used_up_is_said_in_words(people: list[User]) -> None:
    pool: Any = connection.pool  # type: ignore[attr-defined]
    client = Client(raise_request_exception=False)
    client.force_login(people[0])
    connection.close()
    taken = [pool.getconn() for _ in range(pool.max_size)]
    answers = []

    def ask() -> None:
        answers.append(client.get("/chat/"))
        connections.close_all()

    try:
        asking = threading.Thread(target=ask)
        asking.start()
        asking.join(30)
    finally:
        for one in taken:
            pool.putconn(one)
    assert answers[0].status_code == 503 and "Not available just now" in answers[0].content.decode()
    assert client.get("/chat/").status_code == 200, "and it is over when they are given back"
