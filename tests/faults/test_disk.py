"""A full disk and a data folder that cannot be written: said in words, nothing torn, and over when there is room."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from memories.errors import EngineUnavailable
from memories.scoped import ScopedMemory
from tests.faults.conftest import mounted
from tests.faults.site import Site

WORDS = "Not available just now"
FACT = "I am vegetarian"


# --- In this process: SQLite's own limits, which every machine has ----------------------------------------------------
def pragma(words: str) -> int:
    with connection.cursor() as cursor:
        return int(cursor.execute(f"PRAGMA {words}").fetchone()[0])


@pytest.fixture
def full(db: None, owner: User) -> Iterator[ScopedMemory]:
    """Not one page more."""
    memory = ScopedMemory(owner)
    memory.add(FACT, infer=False)
    most = pragma("max_page_count")
    pragma(f"max_page_count = {pragma('page_count')}")
    yield memory
    pragma(f"max_page_count = {most}")


@pytest.mark.slow
@pytest.mark.sqlite
def test_a_full_disk_takes_all_of_a_write_or_nothing(full: ScopedMemory, stranger: User) -> None:
    long = [{"role": "user", "content": f"I keep coin {n} " + "x" * 7000} for n in range(200)]
    for memory in (full, ScopedMemory(stranger)):
        before = memory.count()
        with pytest.raises(EngineUnavailable):
            memory.add(long, infer=False)
        assert memory.count() == before
    assert full.get_all()[0].memory == FACT


@pytest.mark.slow
@pytest.mark.sqlite
def test_what_cannot_be_written_is_said_in_words(db: None, owner: User) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(owner)
    ScopedMemory(owner).add(FACT, infer=False)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        try:
            answer = client.post("/data/add/", {"text": "I live in Lisbon"})
        finally:
            cursor.execute("PRAGMA query_only = OFF")
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert "Just a moment" in answer.content.decode() or WORDS in answer.content.decode()
    assert [memory.memory for memory in ScopedMemory(owner).get_all()] == [FACT]


# --- A real server on a real disk -------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_server_on_a_full_disk_and_on_one_that_cannot_be_written(site: Site) -> None:
    """Where the tests may mount no disk of their own, the limits above are what is tested."""
    if not site.folder.is_mount():
        return
    used = int(shutil.disk_usage(site.folder).used)
    assert mounted(site.folder, f"-o remount,size={used + 1_000_000}")
    site.start()
    kept = []
    with site.client(site.owner) as client:
        while (answer := client.post("/data/add/", data={"text": long(len(kept))})).status_code == 302:
            kept.append(long(len(kept)))
        assert answer.status_code == 503 and "again" in answer.text and "Traceback" not in answer.text
        assert kept and {text for (text,) in site.rows("SELECT text FROM memories_memory")} == set(kept)
        assert mounted(site.folder, "-o remount,ro")
        answer = client.post("/data/add/", data={"text": FACT})
        assert answer.status_code == 503 and "Traceback" not in answer.text
        # Room again: the site goes on by itself.
        assert mounted(site.folder, "-o remount,rw,size=64m")
        assert client.post("/data/add/", data={"text": FACT}).status_code == 302
    site.kill()
    site.ended()
    site.sound()


def long(number: int) -> str:
    return f"I keep coin {number} {'word ' * 1500}".strip()
