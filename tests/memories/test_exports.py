"""What people take with them: complete, readable again, harmless in a spreadsheet, and theirs alone."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from memories import exports, seals
from memories.chats import ScopedChats
from memories.models import Memory
from memories.owner import owner_of
from memories.scoped import ScopedMemory
from memories.storage.exporting import Exporting
from memories.storage.owner_scope import reading
from tests.counting import counted
from tests.memories.views.test_data_acts import read

pytestmark = pytest.mark.django_db
NASTY = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "'=1",
    "'quoted'",
    '"a", "b"',
    "line one\nline two",
    "<script>",
    "，=1",
)


@pytest.fixture
def client(owner: User, client_as: Callable[[User], Client]) -> Client:
    return client_as(owner)


def take(client: Client, form: str, query: str = "", **data: Any) -> str:
    response = client.post(f"/data/export/{query}", {"format": form, **data})
    assert response.status_code == 200 and "attachment" in response["Content-Disposition"]
    return read(response).decode()


def test_what_was_deleted_a_moment_ago_is_in_no_copy(client: Client, mine: ScopedMemory, owner: User) -> None:
    posted = ScopedChats(owner).post("What do I keep?")
    [memory] = mine.add("I keep zebrafish", infer=False)
    mine.mark_used(posted.reply.id, [memory])
    assert take(client, "json", conversations="on").count("zebrafish") == 2, "the memory, and what the reply was given"
    mine.hold(memory.id)
    for form in ("json", "csv", "markdown"):
        assert "zebrafish" not in take(client, form, conversations="on")
    mine.restore(memory.id)
    assert take(client, "json", conversations="on").count("zebrafish") == 2


def test_json_holds_everything_of_ones_own_and_nothing_else(
    client: Client, mine: ScopedMemory, owner: User, stranger: User
) -> None:
    ScopedMemory(stranger).write("I collect stamps")
    ScopedChats(stranger).post("I collect stamps")
    posted = ScopedChats(owner).post("I am vegetarian")
    mine.learn("I am vegetarian", message_id=posted.turn.id)
    [memory] = mine.get_all()
    mine.mark_used(posted.reply.id, [memory])
    mine.update(memory.id, "I am vegan")
    file = take(client, "json", conversations="on")
    assert "stamps" not in file
    found = json.loads(file)
    [item] = found["memories"]
    assert (found["format"], found["version"]) == ("memsite-export", 1)
    assert (item["id"], item["text"], item["source"], item["version"]) == (memory.id, "I am vegan", "chat", 2)
    assert [version["text"] for version in item["versions"]] == ["I am vegetarian"]
    assert item["said"]["turn_id"] == posted.turn.id and item["said"]["text"] == "I am vegetarian"
    [chat] = found["conversations"]
    assert [turn["role"] for turn in chat["turns"]] == ["user", "assistant"]
    assert chat["turns"][1]["used"][0]["memory_id"] == memory.id


def test_the_list_of_conversations_is_ones_own_before_any_is_read(owner: User, stranger: User) -> None:
    ScopedChats(stranger).post("I collect stamps")
    own = ScopedChats(owner).post("I am vegetarian").conversation.id
    with reading(owner_of(owner)):
        assert [str(key) for key in Exporting(owner_of(owner)).conversation_ids()] == [own]


def test_empty_store_gives_a_whole_file(client: Client) -> None:
    assert json.loads(take(client, "json", conversations="on"))["memories"] == []
    assert len(list(csv.reader(io.StringIO(take(client, "csv"))))) == 1
    assert take(client, "markdown").startswith("# What memsite remembers")


def test_csv_runs_no_formula_and_reads_back(client: Client, mine: ScopedMemory) -> None:
    for text in NASTY:
        mine.add(text, infer=False)
    rows = list(csv.DictReader(io.StringIO(take(client, "csv"))))
    assert not any(row["text"].startswith(("=", "+", "-", "@", "\t")) for row in rows)
    assert {exports.undefused(row["text"]) for row in rows} == {memory.memory for memory in mine.get_all()}


@pytest.mark.parametrize("cell", [*NASTY, "", "'", "''", "plain", "＝1"])
def test_guard_of_a_cell_can_be_taken_off_again(cell: str) -> None:
    assert exports.undefused(exports.defused(cell)) == cell


def test_markdown_keeps_a_memory_inside_its_item(client: Client, mine: ScopedMemory) -> None:
    mine.write("first line\n# not a heading\n- not an item")
    lines = take(client, "markdown").splitlines()
    assert [line for line in lines if line.startswith(("# ", "- "))] == ["# What memsite remembers", "- first line"]


def test_only_what_the_filter_shows(client: Client, mine: ScopedMemory) -> None:
    mine.write("I typed this")
    mine.add("A program said this", infer=False, source="program")
    found = json.loads(take(client, "json", "?source=typed", all="1"))
    assert [item["text"] for item in found["memories"]] == ["I typed this"]


def test_only_what_was_ticked_and_never_a_strangers(client: Client, mine: ScopedMemory, stranger: User) -> None:
    memory, _ = mine.write("I typed this")
    mine.write("I typed that")
    foreign, _ = ScopedMemory(stranger).write("I collect stamps")
    found = json.loads(take(client, "json", id=[memory.id, foreign.id]))
    assert [item["text"] for item in found["memories"]] == ["I typed this"]


def test_wrong_format_is_refused(client: Client) -> None:
    assert client.post("/data/export/", {"format": "exe"}).status_code == 422


def test_pieces_cost_the_same_queries_each(mine: ScopedMemory) -> None:
    """Constant memory: a piece of 200 at a time, and as many queries for the second as for the first."""
    mine.add([{"role": "user", "content": f"I own book number {n}"} for n in range(401)], infer=False)
    with counted() as one:
        first = next(pieces := mine.copy())
    with counted() as two:
        second = next(pieces)
    assert len(first) == len(second) == 200 and len(next(pieces)) == 1
    assert len(two) <= len(one) <= 6


@pytest.mark.slow
def test_download_goes_out_piece_by_piece(client: Client, mine: ScopedMemory) -> None:
    mine.add([{"role": "user", "content": f"I own book number {n}"} for n in range(450)], infer=False)
    response = client.post("/data/export/", {"format": "csv"})

    async def sizes() -> list[int]:
        return [len(piece) async for piece in response.streaming_content]

    from asgiref.sync import async_to_sync

    assert len(async_to_sync(sizes)()) == 4


def test_what_is_deleted_meanwhile_is_left_out(mine: ScopedMemory) -> None:
    mine.add([{"role": "user", "content": f"I own book number {n}"} for n in range(201)], infer=False)
    pieces = mine.copy()
    next(pieces)
    mine.delete(mine.browse(order="oldest").page.items[0].id)
    assert next(pieces) == []


def test_seal_belongs_to_one_owner_and_one_id(owner: User, stranger: User) -> None:
    own, other = owner_of(owner), owner_of(stranger)
    mark = seals.seal(own, "an-id")
    assert seals.holds(own, "an-id", mark)
    for who, key, given in (
        (other, "an-id", mark),
        (own, "other-id", mark),
        (own, "an-id", "é"),
        (own, 1, mark),
        (own, "an-id", None),
    ):
        assert not seals.holds(who, key, given)


def test_moments_keep_their_microseconds(client: Client, mine: ScopedMemory, owner: User) -> None:
    mine.write("I am precise")
    at = timezone.now().replace(microsecond=123456) - dt.timedelta(days=3)
    Memory.objects.filter(owner=owner).update(created_at=at)
    [item] = json.loads(take(client, "json"))["memories"]
    assert dt.datetime.fromisoformat(item["created_at"]) == at
