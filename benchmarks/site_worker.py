"""One process on one scratch database of the site: loads it, and times the verbs of `ScopedMemory`."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import django

from benchmarks.scratch import Times, memory_in_use, serve

django.setup()

import numpy as np  # noqa: E402  # after Django is set up
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from accounts.models import User  # noqa: E402
from memories.embedders import default_embedder  # noqa: E402
from memories.models import Memory  # noqa: E402
from memories.owner import owner_of  # noqa: E402
from memories.scoped import ScopedMemory  # noqa: E402
from memories.storage import loading  # noqa: E402
from memories.storage.index_cache import indexes  # noqa: E402
from memories.storage.recall import Recall  # noqa: E402
from memories.storage.recall_rows import RANKED, recallable_rows, values_of  # noqa: E402
from memories.warming import warm  # noqa: E402
from memsite.database import as_table_owner  # noqa: E402

QUESTIONS = ("What do I like about the garden?", "green tea after work", "Who loves the opera?", "chess with friends")
MADE = r"^[0-9a-f]{32}@"
"""The addresses that `bulk_load` gives."""
BARE = "SELECT id, text, vector FROM memories_memory WHERE owner_id = %s"
WHOLE = "SELECT vector, memories_memory.* FROM memories_memory WHERE owner_id = %s"


def prepare(users: int, each: int = 20) -> int:
    """Migrates, and loads what is missing; returns how many people there are."""
    with as_table_owner():
        call_command("migrate", verbosity=0)
    if connection.vendor == "postgresql":
        call_command("create_roles", apply=True, verbosity=0)
    with as_table_owner():
        missing = users - User.objects.filter(email__regex=MADE).count()
        if missing > 0:
            call_command("bulk_load", users=missing, each=each, verbosity=int(missing > 10_000))
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE" if connection.vendor == "postgresql" else "PRAGMA optimize")
    return opened()


def opened() -> int:
    """Warm, as a server is; returns how many people there are."""
    warm()
    return int(User.objects.filter(email__regex=MADE).count())


def sample(people: int, seed: int) -> list[Any]:
    """Some people as (key, namespace, ten of their own memories as (id, text))."""
    return [
        (person.pk, str(person.namespace), [(one.id, one.memory) for one in ScopedMemory(person).get_all()[:10]])
        for person in _people(people, seed)
    ]


def searches_of(asked: list[tuple[int, str]]) -> list[float]:
    """Each of (person's key, question), timed."""
    people, times = User.objects.in_bulk([key for key, _ in asked]), list[float]()
    for key, question in asked:
        _timed(times, lambda p=people[key], q=question: ScopedMemory(p).search(q))
    return times


def verbs(rounds: int, people: int, seed: int) -> Times:
    """Times each verb for some people, the same ones for the same seed; what is added is deleted again."""
    chosen = _people(people, seed)
    times: Times = {"search": [], "add": [], "page": [], "delete": []}
    for number in range(rounds):
        for person in chosen:
            memory = ScopedMemory(person)
            question = random.choice(QUESTIONS)
            _timed(times["search"], lambda q=question, m=memory: m.search(q))
            _timed(times["page"], lambda m=memory: m.page(size=25))
            added = _timed(times["add"], lambda m=memory, n=number: m.add(f"I saw {n} herons", infer=False))
            _timed(times["delete"], lambda m=memory, a=added: m.delete(a[0].id))
    return times


def first_searches(people: int, seed: int) -> list[float]:
    """The searches of people whose rows nobody has read in this process."""
    times: list[float] = []
    for person in _people(people, seed):
        _timed(times, lambda p=person: ScopedMemory(p).search(QUESTIONS[0]))
    return times


def searches(rounds: int, seed: int) -> list[float]:
    """Of one person, again and again."""
    person, times = _people(1, seed)[0], []
    for _ in range(rounds):
        _timed(times, lambda: ScopedMemory(person).search(QUESTIONS[0]))
    return times


def near_the_limit(rounds: int, seed: int, alternating: bool) -> Times:
    """A search from end to end against one bare SELECT, of three columns and of whole rows, and one product: in tight
    loops, or taking turns."""
    person = _people(1, seed)[0]
    vector = default_embedder().embed([QUESTIONS[0]])[0]

    def product(sql: str, at: int) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql, [person.pk])
            rows = cursor.fetchall()
        found = np.frombuffer(b"".join([row[at] for row in rows]), dtype=np.float16).reshape(len(rows), -1)
        return found.astype(np.float32) @ vector

    def search() -> Any:
        return ScopedMemory(person).search(QUESTIONS[0])

    contestants: dict[str, Callable[[], Any]] = {
        "bare": lambda: product(BARE, 2),
        "whole": lambda: product(WHOLE, 0),
        "search": search,
    }
    times: Times = {name + clock: [] for name in contestants for clock in ("", ", processor")}

    def turn(name: str) -> None:
        before = time.thread_time()
        _timed(times[name], contestants[name])
        times[f"{name}, processor"].append(time.thread_time() - before)

    for name in contestants:
        for _ in range(1 if alternating else rounds):
            turn(name)
    for _ in range(rounds if alternating else 0):
        for name in contestants:
            turn(name)
    return times


def bytes_of() -> int:
    """What the database takes on the disk, indexes and all."""
    if connection.vendor == "sqlite":
        return Path(str(connection.settings_dict["NAME"])).stat().st_size
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def parts(rounds: int, seed: int) -> Times:
    """The steps of a search, each in a loop of its own, warm; together they take less than the search does in one go,
    for there each step finds the processor's caches full of the others."""
    person, embedder = _people(1, seed)[0], default_embedder()
    owner = owner_of(person)
    recall = Recall(owner, embedder)
    rows = recallable_rows(owner, embedder.name)
    index, query = recall._index([row[RANKED] for row in rows]), recall._query(QUESTIONS[0])
    hits = index.search(query)

    def select() -> None:
        with connection.cursor() as cursor:
            cursor.execute(BARE, [person.pk])
            cursor.fetchall()

    steps: dict[str, Callable[[], Any]] = {
        "a bare SELECT of three columns, for comparison": select,
        "read the rows, 17 columns, owner and state checked": lambda: recallable_rows(owner, embedder.name),
        "embed the question and find its words": lambda: recall._query(QUESTIONS[0]),
        "unpack the vectors, split the words": lambda: recall._index([row[RANKED] for row in rows]),
        "rank": lambda: index.search(query),
        "make the hits": lambda: values_of(owner, [(rows[hit.index], hit.score) for hit in hits]),
        "the door: whose it is, limits of the text, the meter": lambda: ScopedMemory(person).search(" "),
        "**the search**": lambda: ScopedMemory(person).search(QUESTIONS[0]),
    }
    times: Times = {name: [] for name in steps}
    for name, step in steps.items():
        for _ in range(rounds):
            _timed(times[name], step)
    return times


def whale(rows: int) -> list[float]:
    """Sees to it that there is one person with so many memories; how long their first search in a process takes."""
    with as_table_owner():
        person, _ = User.objects.get_or_create(email=_whale(rows))
        missing = rows - Memory.objects.filter(owner_id=person.pk).count()
        if missing > 0:
            loading.load_for(person, missing)
    indexes.sweep()
    took: list[float] = []
    _timed(took, lambda: ScopedMemory(person).search(QUESTIONS[0]))
    return took


def whales(sizes: Sequence[int], rounds: int) -> dict[int, list[float]]:
    """How long later searches of those people take, all sizes taking turns."""
    people = {size: User.objects.get(email=_whale(size)) for size in sizes}
    times: dict[int, list[float]] = {size: [] for size in sizes}
    for number in range(rounds):
        for size, person in people.items():
            # Not the question of the round before: what is kept is the index, never an answer.
            asked = QUESTIONS[number % len(QUESTIONS)]
            _timed(times[size], lambda p=person, q=asked: ScopedMemory(p).search(q))
    return times


def _whale(rows: int) -> str:
    return f"whale-{rows}@{loading.DOMAIN}"


def account(email: str, password: str, rows: int) -> None:
    """Somebody who can sign in, with so many memories."""
    person = User.objects.create_user(email, password)
    with as_table_owner():
        loading.load_for(person, rows)


def mark_everyone() -> int:
    """Gives everybody three memories that hold the person's own number."""
    everyone = list(User.objects.filter(email__regex=MADE))
    for person in everyone:
        ScopedMemory(person).add([_marked(person, place) for place in range(3)], infer=False)
    return len(everyone)


def busy(seconds: float, seed: int) -> dict[str, int]:
    """Searches, and adds and deletes, for random people until the time is up; what came of it."""
    chance, everyone = random.Random(seed), list(User.objects.filter(email__regex=MADE))
    counts = {"reads": 0, "writes": 0, "errors": 0, "crossings": 0}
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        person = chance.choice(everyone)
        memory = ScopedMemory(person)
        try:
            if chance.random() < 0.75:
                found = memory.search("Which locker number is mine?")
                counts["reads"] += 1
            else:
                found = memory.add([_marked(person, chance.randrange(1_000_000))], infer=False)
                memory.delete(found[0].id)
                counts["writes"] += 2
        except Exception as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
            counts["errors"] += 1
            continue
        own = f"locker number is {person.pk}."
        counts["crossings"] += sum("locker" in hit.memory and own not in hit.memory for hit in found)
        counts["errors"] += int(not found)
    return counts


def _marked(person: User, place: int) -> dict[str, str]:
    return {"role": "user", "content": f"In hall {place} my locker number is {person.pk}."}


def delete_all(rows: int) -> float:
    """Seconds for a person with so many memories."""
    took: list[float] = []
    with as_table_owner():
        person = User.objects.create_user(f"gone-{time.time_ns()}@{loading.DOMAIN}")
        loading.load_for(person, rows)
    ScopedMemory(person).count()
    receipt = _timed(took, lambda: ScopedMemory(person).delete_all())
    assert receipt.removed >= rows
    assert not any(line.left for line in receipt.stores)
    return took[0]


def found_of_own(asked: list[tuple[int, list[tuple[str, str]]]]) -> float:
    """The share of their own texts that people find among ten, each asked for word for word. (key, [(id, text)])."""
    people, shares = User.objects.in_bulk([key for key, _ in asked]), []
    for key, own in asked:
        memory = ScopedMemory(people[key])
        shares.append(sum(any(hit.id == one for hit in memory.search(text)) for one, text in own) / len(own))
    return float(np.mean(shares))


def _people(count: int, seed: int) -> list[User]:
    keys = User.objects.filter(email__endswith=f"@{loading.DOMAIN}").order_by("pk")
    numbers = keys.values_list("pk", flat=True)
    first, last = numbers.first() or 1, numbers.last() or 0
    picked = random.Random(seed).sample(range(first, last + 1), min(count, last + 1 - first))
    return list(User.objects.filter(pk__in=picked, email__regex=MADE))


def _timed(into: list[float], work: Callable[[], Any]) -> Any:
    before = time.perf_counter()
    result = work()
    into.append(time.perf_counter() - before)
    return result


if __name__ == "__main__":
    serve(
        {
            "prepare": prepare,
            "opened": opened,
            "sample": sample,
            "searches_of": searches_of,
            "verbs": verbs,
            "first_searches": first_searches,
            "searches": searches,
            "near_the_limit": near_the_limit,
            "parts": parts,
            "bytes_of": bytes_of,
            "whale": whale,
            "whales": whales,
            "account": account,
            "mark_everyone": mark_everyone,
            "busy": busy,
            "delete_all": delete_all,
            "found_of_own": found_of_own,
            "memory_in_use": memory_in_use,
        }
    )
