"""What people bring in: our own file comes back whole, others as far as known, and a hostile one does no harm."""

from __future__ import annotations

import datetime as dt
import io
import json
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from memories import imports
from memories.chats import ScopedChats
from memories.errors import InvalidText, MemoryNotFound
from memories.imports import reading
from memories.models import (
    Activity,
    Conversation,
    Import,
    ImportPart,
    Memory,
    MemoryVersion,
    Message,
    OwnerState,
    Recall,
)
from memories.scoped import ScopedMemory
from memories.storage.importing import purge_stale_imports
from memories.transfer_types import Entry, Parsed
from tests.memories.views.test_data_acts import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(owner: User, client_as: Callable[[User], Client]) -> Client:
    return client_as(owner)


def parse(data: Any, name: str = "file.json", *, sealed: bool = False) -> Parsed:
    raw = data if isinstance(data, bytes) else (data if isinstance(data, str) else json.dumps(data)).encode()
    return imports.read(raw, name, sealed=lambda *_: sealed)


def texts(parsed: Parsed) -> list[str]:
    return [entry.text for entry in parsed.entries]


def bring(client: Client, data: bytes | str, name: str = "list.txt", **answer: str) -> BeautifulSoup:
    """Uploads, looks, says yes, and goes on to the end, as a page without scripts does."""
    raw = data if isinstance(data, bytes) else data.encode()
    response = client.post("/data/import/", {"file": SimpleUploadedFile(name, raw)})
    assert response.status_code == 302, response.content.decode()[:3000]
    url = response["Location"]
    page = client.post(url, answer)
    while b"<progress" in page.content:
        page = client.post(url)
    assert page.status_code == 200
    return BeautifulSoup(page.content, "html.parser").select_one("#import-job")


def rows(owner: User) -> dict[str, Any]:
    """Everything that a round trip has to keep."""
    memory = (
        "id",
        "text",
        "digest",
        "source",
        "kind",
        "state",
        "role",
        "episode",
        "position",
        "version",
        "created_at",
        "updated_at",
        "expires_at",
        "use_count",
        "last_used_at",
        "message_id",
    )
    return {
        "memories": list(Memory.objects.filter(owner=owner).order_by("pk").values(*memory)),
        "versions": list(
            MemoryVersion.objects.filter(owner=owner)
            .order_by("memory", "number")
            .values("memory_id", "number", "text", "created_at")
        ),
        "chats": list(
            Conversation.objects.filter(owner=owner).order_by("pk").values("id", "title", "created_at", "updated_at")
        ),
        "turns": list(
            Message.objects.filter(owner=owner)
            .order_by("pk")
            .values("id", "conversation_id", "role", "text", "status", "created_at")
        ),
        "uses": list(
            Recall.objects.filter(owner=owner).order_by("pk").values("message_id", "memory_id", "rank", "text")
        ),
    }


@pytest.fixture
def lived_in(mine: ScopedMemory, owner: User) -> ScopedMemory:
    """A store with something of everything."""
    posted = ScopedChats(owner).post("I am vegetarian")
    Message.objects.filter(pk=posted.reply.id).update(status="done", text="Noted.")
    mine.learn("I am vegetarian", message_id=posted.turn.id)
    mine.mark_used(posted.reply.id, mine.get_all())
    mine.update(mine.get_all()[0].id, "I am vegan")
    mine.update(mine.get_all()[0].id, 'I am vegan\nand like it, "mostly" <b>')
    paused, _ = mine.write("I own a boat")
    mine.pause(paused.id)
    mine.expire(mine.write("I am in Rome")[0].id, timezone.now() + timezone.timedelta(days=5))
    mine.add([{"role": "user", "content": "Ana: hi"}, {"role": "assistant", "content": "Ben: hello"}], infer=False)
    Memory.objects.filter(text="Ana: hi").update(state="review", kind="inferred")
    return mine


# --- The round trip ---------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_round_trip_loses_nothing(client: Client, lived_in: ScopedMemory, owner: User) -> None:
    file = read(client.post("/data/export/", {"format": "json", "conversations": "on"}))
    before = rows(owner)
    lived_in.delete_all()
    Conversation.objects.filter(owner=owner).delete()
    # What was wiped counts as forgotten: bringing it back is a choice of its own.
    assert "5 saved" in bring(client, file, "export.json", bring_back="on").get_text()
    assert rows(owner) == before


@pytest.mark.slow
def test_second_import_finds_everything_known(client: Client, lived_in: ScopedMemory, owner: User) -> None:
    file = read(client.post("/data/export/", {"format": "json", "conversations": "on"}))
    before = rows(owner)
    assert "0 saved, 5 already known" in " ".join(bring(client, file, "export.json").get_text().split())
    assert rows(owner) == before


@pytest.mark.slow
def test_strangers_export_comes_in_under_new_ids_and_touches_nothing_of_theirs(
    client: Client, lived_in: ScopedMemory, owner: User, stranger: User, client_as: Callable[[User], Client]
) -> None:
    file = read(client.post("/data/export/", {"format": "json", "conversations": "on"}))
    before = rows(owner)
    bring(client_as(stranger), file, "export.json")
    assert rows(owner) == before
    theirs = rows(stranger)
    for table in ("memories", "chats", "turns"):
        assert len(theirs[table]) == len(before[table])
        assert not {row["id"] for row in theirs[table]} & {row["id"] for row in before[table]}
    assert {row["source"] for row in theirs["memories"]} == {"imported"}
    assert [row["message_id"] for row in theirs["memories"] if row["message_id"]] == [
        row["id"] for row in theirs["turns"] if row["role"] == "user"
    ]


@pytest.mark.slow
def test_csv_and_markdown_come_back_as_texts(client: Client, lived_in: ScopedMemory) -> None:
    for form, name in (("csv", "export.csv"), ("markdown", "export.md")):
        file = read(client.post("/data/export/", {"format": form, "conversations": "on"}))
        assert set(texts(parse(file, name))) == {memory.memory for memory in lived_in.get_all()}


# --- The preview ------------------------------------------------------------------------------------------------------
def test_preview_counts_new_known_and_forgotten_and_writes_nothing(client: Client, mine: ScopedMemory) -> None:
    mine.write("I am vegetarian")
    mine.delete(mine.write("I smoke")[0].id)
    file = "I am vegetarian\nI smoke\nI like snow\nI like snow\nI like rain\n"
    url = client.post("/data/import/", {"file": SimpleUploadedFile("list.txt", file.encode())})["Location"]
    words = " ".join(BeautifulSoup(client.get(url).content, "html.parser").select_one("#import-job").get_text().split())
    assert "2 new, 2 already known, 1 you asked to forget" in words
    assert mine.count() == 1 and not Activity.objects.filter(verb="imported").exists()


@pytest.mark.parametrize("bring_back", [False, True])
def test_what_was_forgotten_does_not_come_back_as_an_earlier_text(
    mine: ScopedMemory, stranger: User, bring_back: bool
) -> None:
    mine.delete(mine.add("I fear owls", infer=False)[0].id)
    at = "2026-01-02T03:04:05+00:00"
    versions = [{"number": 1, "text": "I fear OWLS.", "created_at": at}, {"number": 2, "text": "Hm", "created_at": at}]
    file = OURS | {"memories": [{"text": "I like owls", "version": 3, "versions": versions}]}
    parsed = parse(file)
    assert [text for entry in parsed.entries for _, text, _ in entry.versions] == ["I fear OWLS.", "Hm"]
    for memory in (mine, ScopedMemory(stranger)):
        memory.start_import(memory.receive(parsed).id, bring_back=bring_back)
    kept = [[version.new_memory for version in mine.history(each.id)] for each in mine.get_all()]
    assert kept == [["I fear OWLS.", "Hm", "I like owls"] if bring_back else ["Hm", "I like owls"]]
    theirs = ScopedMemory(stranger).get_all()[0]
    assert len(ScopedMemory(stranger).history(theirs.id)) == 3


@pytest.mark.slow
def test_forgotten_stays_forgotten_unless_asked_for(client: Client, mine: ScopedMemory) -> None:
    mine.delete(mine.write("I smoke")[0].id)
    assert "0 saved" in bring(client, "I smoke\n").get_text() and mine.count() == 0
    assert "1 saved" in bring(client, "I smoke\n", bring_back="on").get_text() and mine.count() == 1


def test_what_does_not_fit_is_refused_whole_and_said_before(client: Client, mine: ScopedMemory, owner: User) -> None:
    mine.write("I am here")
    OwnerState.objects.filter(owner=owner).update(quota=2)
    url = client.post("/data/import/", {"file": SimpleUploadedFile("l.txt", b"one is here\ntwo is here\n")})["Location"]
    assert "There is room for 1 more" in client.get(url).content.decode()
    assert client.post(url).status_code == 422 and mine.count() == 1


@pytest.mark.slow
def test_long_import_goes_on_in_pieces_and_can_be_left(client: Client, mine: ScopedMemory, stranger: User) -> None:
    file = "\n".join(f"I own book number {n}" for n in range(1_200))
    url = client.post("/data/import/", {"file": SimpleUploadedFile("l.txt", file.encode())})["Location"]
    page = client.post(url)
    assert mine.count() == 500 and 'value="500"' in page.content.decode()
    assert "500 of 1,200" in client.get(url).content.decode()
    client.post(url)
    assert "1,200 saved" in client.post(url).content.decode() and mine.count() == 1_200
    assert ImportPart.objects.count() == 0 and ScopedMemory(stranger).count() == 0


def test_import_belongs_to_its_owner(
    client: Client, mine: ScopedMemory, stranger: User, client_as: Callable[[User], Client]
) -> None:
    url = client.post("/data/import/", {"file": SimpleUploadedFile("l.txt", b"I am here\n")})["Location"]
    other = client_as(stranger)
    for target in (url, f"{url}drop/"):
        assert other.post(target).status_code == 404
    assert other.get(url).status_code == 404 and client.get(url).status_code == 200
    assert client.get(f"{url}drop/").status_code == 405
    client.post(f"{url}drop/")
    assert client.get(url).status_code == 404 and not Import.objects.exists() and not ImportPart.objects.exists()


def test_upload_is_put_away_after_a_day(client: Client, mine: ScopedMemory) -> None:
    url = client.post("/data/import/", {"file": SimpleUploadedFile("l.txt", b"I am here\n")})["Location"]
    Import.objects.update(created_at=timezone.now() - timezone.timedelta(hours=25))
    assert client.get(url).status_code == 404
    assert purge_stale_imports() == 1 and not ImportPart.objects.exists()
    with pytest.raises(MemoryNotFound):
        mine.import_state(url.split("/")[-2])


# --- Other people's formats -------------------------------------------------------------------------------------------
CHATGPT = [
    {
        "title": "Dinner",
        "create_time": 1_710_000_000.5,
        "mapping": {
            "root": {"id": "root", "message": None, "children": ["a"]},
            "a": {
                "message": {
                    "author": {"role": "user"},
                    "create_time": 1_710_000_001.0,
                    "content": {"content_type": "text", "parts": ["I am vegetarian. What can I cook?"]},
                }
            },
            "b": {
                "message": {
                    "author": {"role": "assistant"},
                    "recipient": "bio",
                    "create_time": None,
                    "content": {"content_type": "text", "parts": ["[2025-03-14]. User lives in Lisbon."]},
                }
            },
            "c": {
                "message": {
                    "author": {"role": "assistant"},
                    "content": {"content_type": "text", "parts": ["I am a language model"]},
                }
            },
            "d": {
                "message": {
                    "author": {"role": "user"},
                    "content": {
                        "content_type": "multimodal_text",
                        "parts": [{"asset_pointer": "file://x"}, "I like snow"],
                    },
                }
            },
        },
    }
]
CLAUDE = [
    {
        "uuid": "x",
        "name": "Dinner",
        "chat_messages": [
            {"sender": "human", "text": "I am vegetarian", "created_at": "2025-03-14T09:00:00.000000Z"},
            {"sender": "assistant", "text": "I am a language model"},
            {"sender": "human", "text": "", "content": [{"type": "text", "text": "My sister is called Ana"}]},
        ],
    }
]


def zipped(**files: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(
                name.replace("__", "/") + ".json", content if isinstance(content, (str, bytes)) else json.dumps(content)
            )
    return out.getvalue()


@pytest.mark.parametrize(
    "data", [CHATGPT, zipped(conversations=CHATGPT, user={"email": "x"}), zipped(**{"conversations-000": CHATGPT})]
)
def test_chatgpt(data: Any) -> None:
    found = parse(data, "export.zip" if isinstance(data, bytes) else "conversations.json")
    assert found.format == "ChatGPT's export" and not found.problems
    assert texts(found) == ["I am vegetarian", "User lives in Lisbon.", "I like snow"]
    assert found.entries[0].created_at and found.entries[0].created_at.year == 2024


def test_chatgpts_memory_is_taken_as_it_ended_and_only_from_what_was_seen() -> None:
    def node(role: str, parent: str | None = None, hidden: bool = False, **content: Any) -> dict[str, Any]:
        notes = {"is_visually_hidden_from_conversation": hidden}
        return {
            "parent": parent,
            "message": {"author": {"role": role}, "create_time": 1.7e9, "metadata": notes, "content": content},
        }

    def chat(at: float, kept: str, profile: str, **nodes: Any) -> dict[str, Any]:
        given = node("assistant", content_type="model_editable_context", model_set_context=kept)
        about = node("user", hidden=True, content_type="user_editable_context", user_profile=profile)
        given["message"]["create_time"] = about["message"]["create_time"] = None
        return {"create_time": at, "current_node": "b", "mapping": {"given": given, "about": about, **nodes}}

    old = chat(1.6e9, "1. [2024-01-02]. Lives in Rome", "I am a baker", b=node("user", parts=["Hello"]))
    new = chat(
        1.7e9,
        "# Model Set Context\n\n1. [2025-03-14]. Lives in Lisbon\n2. [2025-04-01]. Likes rain",
        "User profile:\n```I am a nurse```",
        a=node("user", parts=["I am vegetarian"]),
        again=node("user", parts=["I am an astronaut"]),
        note=node("user", hidden=True, parent="a", parts=["I am a secret instruction"]),
        b=node("user", parent="note", parts=["I like snow"]),
    )
    loop = {"current_node": "b", "mapping": {"b": node("user", parent="b", parts=["My sister is called Ana"])}}
    found = parse([new, old, loop], "conversations.json")
    assert texts(found) == [
        "I am vegetarian",
        "I like snow",
        "My sister is called Ana",
        "Lives in Lisbon",
        "Likes rain",
        "I am a nurse",
    ]
    assert found.entries[3].created_at == dt.datetime(2025, 3, 14, tzinfo=dt.UTC)
    # An archive that is split tells the same: what an older file says of the memory was changed since.
    split = zipped(**{"conversations-000": [old], "conversations-001": [new], "conversations-002": [loop]})
    assert sorted(texts(parse(split, "export.zip"))) == sorted(texts(found))
    back = zipped(**{"conversations-000": [new, loop], "conversations-001": [old]})
    assert sorted(texts(parse(back, "export.zip"))) == sorted(texts(found))


def test_claude() -> None:
    memories = [
        {
            "conversations_memory": "**Work context**\n\nAna is a nurse. She works nights.\n\n- Likes rain",
            "account_uuid": "x",
        }
    ]
    found = parse(zipped(conversations=CLAUDE, memories=memories), "export.zip")
    assert found.format == "Claude's export"
    assert set(texts(found)) == {
        "I am vegetarian",
        "My sister is called Ana",
        "Ana is a nurse.",
        "She works nights.",
        "Likes rain",
    }
    assert {entry.text: entry.kind for entry in found.entries}["Likes rain"] == "inferred"


@pytest.mark.parametrize(
    "data",
    [
        ["I like snow", "I like rain"],
        {"results": [{"memory": "I like snow", "created_at": "2025-01-01T00:00:00+00:00"}, {"memory": "I like rain"}]},
        [{"text": "I like snow"}, {"content": "I like rain"}],
        '{"text": "I like snow"}\n{"text": "I like rain"}\n',
        "# Me\n\n- I like snow\n* [ ] **I like rain**\n",
        "1. I like snow\r\n2) I like rain\r\n",
        "I like snow\rI like rain",
        "text,created_at\nI like snow,2025-01-01\nI like rain,\n",
        "date;memory\n;I like snow\n;I like rain\n",
        "\ufeffI like snow\nI like rain\n",
        "I like snow\nI like rain\n".encode("utf-16"),
    ],
)
def test_lists(data: Any) -> None:
    assert texts(parse(data, "" if isinstance(data, (str, bytes)) else "list.json")) == ["I like snow", "I like rain"]


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


def test_archive_within_an_archive_and_odd_paths_are_left_alone() -> None:
    inner = zipped(conversations=CLAUDE)
    with pytest.raises(InvalidText, match="holds no"):
        parse(zipped(**{"..__..__etc__passwd": b"root", "inner": inner}), "a.zip")
    assert texts(parse(zipped(**{"..__..__conversations": CLAUDE}), "a.zip"))[0] == "I am vegetarian"


def test_each_wrong_line_is_named_and_the_others_come_in() -> None:
    found = parse("I like snow\nx\x00y\n\n" + "z" * 8_001 + "\nI like rain\n", "a.txt")
    assert texts(found) == ["I like snow", "I like rain"]
    assert [(problem.line, problem.sentence[:12]) for problem in found.problems] == [
        (2, "A memory can"),
        (4, "This is too "),
    ]


OURS = {"format": "memsite-export", "version": 1}
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
