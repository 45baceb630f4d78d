"""The scripts of `benchmarks/` in their smallest form, so that none of them rots."""

from __future__ import annotations

import json
import sqlite3
import uuid
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from benchmarks import __main__ as everything  # noqa: F401  (imports each of them)
from benchmarks import flat, limit, locomo, mem0_worker, parallel, recall, rivals, site, site_worker
from memories.scoped import ScopedMemory
from memories.storage import loading

# On PostgreSQL they log in as a role of the scratch server that row policies do not apply to.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def _keep_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    # The test's own transaction lives on it.
    monkeypatch.setattr(loading, "FAST", ())
    monkeypatch.setattr(loading, "_as_usual", lambda: None)


class Here:
    """A `Worker` without a process of its own."""

    def __init__(self, *_: object, **__: object) -> None:
        if not User.objects.exists():
            list(loading.load(4, 20))

    def call(self, verb: str, **arguments: Any) -> Any:
        verbs = {"prepare": lambda users: users, "whale": lambda rows: {"first": [0.02], "later": [0.01]}}
        known = verbs.get(verb) or getattr(site_worker, verb)
        return json.loads(json.dumps(known(**arguments)))

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.mark.slow
def test_the_limit_and_flatness(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for module in (flat, limit):
        monkeypatch.setattr(module, "Worker", Here)
    limit.near_the_limit(Here(), 5)  # type: ignore[arg-type]
    flat.compare("here", Path(), {4: {}, 5: {}}, 1, 2)
    said = capsys.readouterr().out
    assert "| taking turns |" in said and "| 5 to 4 |" in said


@pytest.mark.slow
def test_many_people_at_once_and_a_crossing_is_counted(owner: User, capsys: pytest.CaptureFixture[str]) -> None:
    list(loading.load(2, 1))
    assert site_worker.mark_everyone() == 2
    counts = site_worker.busy(seconds=0.2, seed=1)
    assert counts["reads"] + counts["writes"] > 0 == counts["errors"] == counts["crossings"]
    for person in User.objects.exclude(pk=owner.pk):
        ScopedMemory(person).delete_all()
        ScopedMemory(person).add([site_worker._marked(owner, place) for place in range(3)], infer=False)
    assert site_worker.busy(seconds=0.2, seed=2)["crossings"] > 0
    parallel.show([(1, [counts]), (4, [counts] * 4)], 2, 1)
    assert "| 4 |" in capsys.readouterr().out


@pytest.mark.slow
def test_rivals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ours against mem0's default store, which comes with mem0."""
    here = Here()
    people = site_worker.sample(people=2, seed=1)
    source = tmp_path / "copy.sqlite3"
    with sqlite3.connect(source) as copy:
        copy.execute("CREATE TABLE accounts_user (id, namespace, email)")
        copy.execute("CREATE TABLE memories_memory (id, owner_id, text, vector)")
        for row in User.objects.values_list("id", "namespace", "email"):
            copy.execute("INSERT INTO accounts_user VALUES (?, ?, ?)", [row[0], row[1].hex, row[2]])
        for person in User.objects.all():
            for key, owner_id, text, vector in site_worker.Memory.objects.filter(owner=person).values_list(
                "id", "owner_id", "text", "vector"
            ):
                copy.execute("INSERT INTO memories_memory VALUES (?, ?, ?, ?)", [key.hex, owner_id, text, vector])
    monkeypatch.setattr(mem0_worker, "FOLDER", tmp_path / "mem0")
    assert mem0_worker.prepare(provider="qdrant", source=str(source)) == 80
    own = [(namespace, texts) for _, namespace, texts in people]
    ours, theirs = rivals.Contestant("ours on SQLite", here, people, ours=True), mem0_worker  # type: ignore[arg-type]
    ours.search()
    ours.finish(rows=5)
    assert ours.found == 1
    default = rivals.Contestant("qdrant", here, people, ours=False)  # type: ignore[arg-type]
    default.times = theirs.searches([(people[0][1], "chess")])
    default.found, default.deleted, default.megabytes = theirs.found_of_own(own, seconds=1), theirs.delete_all(3), 100.0
    assert default.found > 0.9
    theirs.Contestant.memory.vector_store.client.close()
    rivals.show([ours, default], 4, 5)
    assert "mem0's default to ours" in capsys.readouterr().out
    assert uuid.UUID(people[0][1])


def test_recall(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    turns = [
        {"speaker": name, "text": text, "dia_id": f"D1:{i + 1}"}
        for i, (name, text) in enumerate([("Ana", "I bought a red kayak."), ("Ben", "I keep bees on the roof.")])
    ]
    questions = [
        {"question": "What did Ana buy?", "category": 4, "evidence": ["D1:1"]},
        {"question": "Which opera did Ben see?", "category": 5, "evidence": []},
    ]
    talks = [{"sample_id": f"t{i}", "conversation": {"session_1": turns}, "qa": questions} for i in range(2)]
    file = tmp_path / "talks.json"
    file.write_text(json.dumps(talks))
    assert locomo.read(file)[0].turns[0] == "Ana: I bought a red kayak."
    recall.main(["--data", str(file)])
    said = capsys.readouterr().out
    assert "| **ours** | 1.000 | 1.000 | 1.000 |" in said and "| **as used** |" in said


def test_the_sites_table(capsys: pytest.CaptureFixture[str]) -> None:
    site.show({"bare page": [0.01], "/data/, 25 rows": [0.02]})
    assert "50%" in capsys.readouterr().out
