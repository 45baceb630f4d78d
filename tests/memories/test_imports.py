"""What people bring in: our own file comes back whole, after a look at what would come."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from memories.chats import ScopedChats
from memories.desk import ReplyDesk
from memories.errors import MemoryNotFound
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
from tests.memories.bringing import OURS, bring, parse, texts
from tests.memories.views.test_data_acts import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(owner: User, client_as: Callable[[User], Client]) -> Client:
    return client_as(owner)


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
            .values("id", "conversation_id", "role", "text", "status", "given", "created_at")
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
    # With one that is gone by now: a copy keeps that its words are not to be read again.
    ReplyDesk(owner).give(posted.reply.id, [mine.get_all()[0].id, str(uuid.uuid4())])
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
