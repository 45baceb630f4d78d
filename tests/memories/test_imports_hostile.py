"""A hostile or broken file does no harm, and says why it stays out."""

from __future__ import annotations

import io
import json
import tempfile
import tracemalloc
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from memories.chats import ScopedChats
from memories.errors import InvalidText
from memories.imports import reading
from memories.models import (
    Memory,
    Message,
)
from memories.scoped import ScopedMemory
from memories.transfer_types import Entry, Parsed
from memories.views import transfer
from tests.memories.bringing import CLAUDE, OURS, bring, parse, texts, zipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(owner: User, client_as: Callable[[User], Client]) -> Client:
    return client_as(owner)


# --- Hostile files ----------------------------------------------------------------------------------------------------
DEEP = "[" * 100_000


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "a.txt", "No memories were found"),
        (b"\xff\xfe\x00", "a.txt", "UTF-16"),
        (b"fine\nfine\n\xff\xfe\xfa", "a.txt", "Line 3 is not UTF-8"),
        ('{"memories": [\n{"text": "a"},\n{"text": }\n]}', "a.json", "Line 3 cannot be read"),
        ('["a"\n"b"]', "a.json", "Line 2 cannot be read"),
        ('["a"] more', "a.json", "after the end"),
        ('["a",\n' + DEEP + "]", "a.json", "nested too deeply"),
        ('{"a": ' + '{"a":' * 100_000, "a.json", "nested too deeply"),
        ('["a", NaN]', "a.json", "number that cannot be read"),
        ('["a", ' + "9" * 5_000 + "]", "a.json", "number that cannot be read"),
        ('{"a": 1}', "a.json", "no list of memories"),
        ("plain words", "a.json", "begins with { or ["),
        ('{"format": "memsite-export", "version": 2}', "a.json", "newer memsite"),
        ('{"format": "memsite-export", "version": 1, "memories": {}}', "a.json", "are lists"),
        (b"PK\x03\x04 not a zip at all", "a.zip", "damaged or locked"),
        ("a,b\n1,2\n", "a.csv", "names no column"),
    ],
)
def test_file_that_cannot_be_read_says_why(data: Any, name: str, says: str) -> None:
    with pytest.raises(InvalidText, match=says.replace("[", r"\[")):
        parse(data, name)


def test_large_files_and_bombs_are_refused_before_they_are_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 1_000_000)
    monkeypatch.setattr(reading, "MAX_UNPACKED", 2_000_000)
    with pytest.raises(InvalidText, match="larger than"):
        parse(b"x" * 1_000_001, "a.txt")
    for bomb in (
        zipped(conversations=b" " * 5_000_000),
        zipped(**{f"conversations-{n}": b" " * 900_000 for n in range(4)}),
    ):
        assert len(bomb) < 20_000
        with pytest.raises(InvalidText, match="Unpacked"):
            parse(bomb, "a.zip")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_cannot_be_measured_while_it_is_unpacked_is_not_unpacked(method: int) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr("memories.json", b" " * 20_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(InvalidText, match="plain ZIP"):
            parse(packed.getvalue(), "a.zip")
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_archive_within_an_archive_and_odd_paths_are_left_alone() -> None:
    inner = zipped(conversations=CLAUDE)
    with pytest.raises(InvalidText, match="holds no"):
        parse(zipped(**{"..__..__etc__passwd": b"root", "inner": inner}), "a.zip")
    assert texts(parse(zipped(**{"..__..__conversations": CLAUDE}), "a.zip"))[0] == "I am vegetarian"


def test_each_wrong_line_is_named_and_the_others_come_in() -> None:
    found = parse("I like snow\nx\x00y\n\n" + "z" * 8_001 + "\nI like rain\n", "a.txt")
    assert texts(found) == ["I like snow", "I like rain"]
    # Without the advice: "Nothing was saved" beside what is saved of the rest would be a riddle.
    assert [(problem.line, problem.sentence) for problem in found.problems] == [
        (2, "A memory cannot hold the NUL character."),
        (4, "This is too long: a memory holds up to 8,000 characters, this has 8,001."),
    ]


def test_a_line_that_no_longer_fits_to_the_one_above_is_named() -> None:
    found = parse("- I like snow\n  " + "z" * 8_000 + "\n- I like rain\n", "a.txt")
    assert texts(found) == ["I like snow", "I like rain"]
    assert [(one.line, one.sentence[:24]) for one in found.problems] == [(2, "With the line above it: ")]


def test_what_goes_on_from_a_line_left_out_is_left_out_with_it() -> None:
    found = parse("- I like snow\n- " + "z" * 8_001 + "\n  and zebras\n- I like rain\n", "a.txt")
    assert texts(found) == ["I like snow", "I like rain"] and [one.line for one in found.problems] == [2]


BAD = [
    {"text": 5},
    {"text": "a", "created_at": "yesterday"},
    {"text": "a", "created_at": "2999-01-01"},
    {"text": "a", "created_at": 1e300},
    {"text": "a", "kind": "guessed"},
    {"text": "a", "state": ["active"]},
    {"text": "a", "version": -1},
    {"text": "a", "version": 10**12},
    {"text": "a", "versions": "x"},
    {"text": "a", "versions": [{"text": "b"}]},
    {"text": "a", "versions": [5]},
    {"text": "\ud800"},
    {"text": "a", "position": True},
    "just a text",
    None,
    {"text": "a", "said": {"turn_id": "x"}},
]


def test_wrong_entries_of_our_own_format_are_named_by_their_line() -> None:
    lines = ",\n".join(json.dumps(item) for item in [*BAD, {"text": "I like snow"}])
    found = parse('{"format": "memsite-export", "version": 1,\n"memories": [\n' + lines + "\n]}", sealed=True)
    assert texts(found) == ["I like snow"]
    assert [problem.line for problem in found.problems] == list(range(3, 3 + len(BAD)))


def test_what_no_table_takes_is_named_before_it_is_kept(client: Client, mine: ScopedMemory, stranger: User) -> None:
    """One's own file, changed by hand: an id twice, and a number that is infinite once it is read."""
    at, rows = "2025-01-01T00:00:00Z", {name: str(uuid.uuid4()) for name in ("memory", "chat", "turn", "other")}
    own = {name: {"id": row, "seal": mine.seal(row), "created_at": at} for name, row in rows.items()}
    turn = own["turn"] | {"text": "hi", "used": [{"memory_id": rows["memory"], "score": "HUGE", "text": "I like tea"}]}
    chats = [own["chat"] | {"turns": [turn]}, own["chat"] | {"turns": []}, own["other"] | {"turns": [turn, turn]}]
    memories = [own["memory"] | {"text": text} for text in ("I like tea", "I like rain")]
    file = json.dumps({**OURS, "conversations": chats, "memories": memories}).replace('"HUGE"', "1e999")
    page = bring(client, file, "a.json").get_text()
    assert [memory.memory for memory in mine.get_all()] == ["I like tea"] and page.count("twice") == 3
    assert Message.objects.count() == 1 and ScopedMemory(stranger).count() == 0


@pytest.mark.slow
def test_ids_without_a_seal_count_for_nothing(client: Client, mine: ScopedMemory, stranger: User) -> None:
    theirs, _ = ScopedMemory(stranger).write("I collect stamps")
    item = {"id": theirs.id, "seal": "0" * 32, "text": "I took this", "use_count": 9, "source": "chat"}
    chat = {"id": theirs.id, "created_at": "2025-01-01", "turns": [{"id": theirs.id, "text": "hi", "role": "user"}]}
    bring(client, json.dumps({**OURS, "memories": [item], "conversations": [chat]}), "a.json")
    [memory] = mine.get_all()
    assert memory.id != theirs.id and (memory.source, memory.use_count) == ("imported", 0)
    assert ScopedMemory(stranger).get(theirs.id).memory == "I collect stamps"
    assert not Message.objects.filter(pk=theirs.id).exists()


def test_a_turn_of_another_is_not_where_a_memory_comes_from(mine: ScopedMemory, owner: User, stranger: User) -> None:
    """Even of an entry whose seal had been forged."""
    theirs, own = (uuid.UUID(ScopedChats(user).post("I am vegetarian").turn.id) for user in (stranger, owner))
    entries = tuple(Entry(line=1, text=f"I own cup {turn}", message_id=turn) for turn in (theirs, own))
    mine.start_import(mine.receive(Parsed(format="json", entries=entries)).id)
    came = dict(Memory.objects.filter(owner=owner).values_list("text", "message_id"))
    assert came == {f"I own cup {theirs}": None, f"I own cup {own}": own}


def test_owner_fields_in_a_file_change_nothing(client: Client, mine: ScopedMemory, stranger: User) -> None:
    item = {
        "text": "I took this",
        "owner": stranger.pk,
        "user_id": str(stranger.namespace),
        "owner_id": stranger.pk,
        "metadata": {"user_id": "x"},
    }
    bring(client, json.dumps([item]), "a.json")
    assert mine.count() == 1 and ScopedMemory(stranger).count() == 0


def test_script_and_formula_in_a_file_stay_text(client: Client, mine: ScopedMemory) -> None:
    bring(client, '=HYPERLINK("x")\n<script>alert(1)</script>\n')
    page = client.get("/data/").content.decode()
    assert "<script>alert" not in page and mine.count() == 2


@pytest.mark.parametrize("files", [{}, {"file": "not a file"}])
def test_upload_without_a_file_says_so(client: Client, files: dict[str, Any]) -> None:
    response = client.post("/data/import/", files)
    assert response.status_code == 422 and "Choose a file first" in response.content.decode()


def test_a_large_upload_is_in_no_file_that_a_killed_process_would_leave(
    client: Client, mine: ScopedMemory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left: list[Path] = []

    def looked(data: bytes, *args: Any, **also: Any) -> Parsed:
        left.extend(tmp_path.iterdir())
        return reading.read(data, *args, **also)

    monkeypatch.setattr(transfer, "read", looked)
    file = SimpleUploadedFile("a.txt", b"I like snow\n" + b"#" * 3_000_000)
    job = client.post("/data/import/", {"file": file})["Location"]
    client.post(job)
    assert mine.get_all()[-1].memory == "I like snow" and left == []


def test_broken_upload_comes_back_with_the_line(client: Client, mine: ScopedMemory) -> None:
    response = client.post("/data/import/", {"file": SimpleUploadedFile("a.json", b'["a",\n]')})
    assert response.status_code == 422 and "Line 2 cannot be read" in response.content.decode() and mine.count() == 0


def test_random_bytes_are_read_or_refused_in_words() -> None:
    import random

    random.seed(7)
    ours = b'{"format": "memsite-export", "version": 1, "memories": ['
    for size in (1, 10, 300, 3_000):
        for start in (b"", b"PK\x03\x04", b"{", b"[", ours, b"text,kind\n"):
            for name in ("a.json", "a.csv", "a.txt", "a.zip", "", "../x"):
                try:
                    assert isinstance(parse(start + random.randbytes(size), name), Parsed)
                except InvalidText as error:
                    assert str(error).endswith(".")


def test_unknown_import_is_not_there(client: Client) -> None:
    for key in (uuid.uuid4(), "x"):
        assert client.get(f"/data/import/{key}/").status_code == 404
