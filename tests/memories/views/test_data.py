"""Your data over HTTP, without scripts: the list, its filters, adding, switches, pictures; who reaches what."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.test.utils import override_script_prefix
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from memories.models import Activity, Disclosure, Memory, MemoryVersion, OwnerState
from memories.scoped import ScopedMemory
from memories.templatetags.data_words import address
from tests.counting import counted

SOME_ID = "49098311-ed2b-4ad7-9347-9a1af41692a8"
pytestmark = pytest.mark.django_db
SOUP = "html.parser"


@pytest.fixture
def theirs(stranger: User) -> ScopedMemory:
    memory = ScopedMemory(stranger)
    memory.write("I collect stamps of Iceland")
    return memory


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, SOUP)


def listed(client: Client, query: str = "") -> list[str]:
    page = soup(client.get(f"/data/{query}"))
    return [" ".join(words.get_text().split()) for words in page.select("#memory-rows .words")]


def fill(memory: ScopedMemory, count: int, start: int = 0) -> None:
    memory.add([{"role": "user", "content": f"I own book number {n}"} for n in range(start, count)], infer=False)


# --- The list ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/data/", "/data/review/"])
def test_each_button_beside_a_memory_names_it(
    client: Client, mine: ScopedMemory, theirs: ScopedMemory, path: str
) -> None:
    """Read out one by one, "Delete, Delete, Delete" says nothing."""
    memories = mine.add(
        [{"role": "user", "content": text} for text in ("I collect shells", "I play chess")], infer=False
    )
    Memory.objects.filter(pk__in=[memory.id for memory in memories]).update(state="review")
    for memory in memories:
        acts = soup(client.get(path)).select(f"#memory-{memory.id} .acts :is(a, button)")
        assert len(acts) >= 3
        assert [act["aria-label"] for act in acts] == [f"{act.get_text()}: {memory.memory}" for act in acts]


@pytest.mark.slow
def test_list_is_complete_with_what_is_paused_expired_and_waiting(
    client: Client, mine: ScopedMemory, owner: User
) -> None:
    fill(mine, 31)
    rows = list(Memory.objects.filter(owner=owner).order_by("created_at"))
    Memory.objects.filter(pk=rows[0].pk).update(state="paused")
    Memory.objects.filter(pk=rows[1].pk).update(state="review", kind="inferred")
    Memory.objects.filter(pk=rows[2].pk).update(expires_at=timezone.now() - dt.timedelta(days=1))
    seen = listed(client) + listed(client, "?page=2")
    assert sorted(seen) == sorted(memory.memory for memory in mine.get_all()) and len(seen) == 31
    marks = soup(client.get("/data/?page=2")).select_one("#memory-rows").get_text()
    assert "paused" in marks and "waiting for you" in marks and "ended" in marks


@pytest.mark.slow
def test_pages_hold_25_newest_first_and_say_where_one_is(client: Client, mine: ScopedMemory) -> None:
    fill(mine, 60)
    assert listed(client)[0] == "I own book number 59"
    assert "26-50 of 60" in soup(client.get("/data/?page=2")).select_one(".pager").get_text()
    assert "51-60 of 60" in soup(client.get("/data/?page=99")).select_one(".pager").get_text()


def test_search_says_its_order_and_stays_on_ones_own_side(
    client: Client, mine: ScopedMemory, theirs: ScopedMemory
) -> None:
    mine.write("I always want a window seat on flights")
    mine.write("I am vegetarian")
    assert listed(client, "?q=which+seat+on+a+plane")[0] == "I always want a window seat on flights"
    assert "best match first" in soup(client.get("/data/?q=seat")).select_one(".order").get_text()
    assert "newest first" in soup(client.get("/data/?q=seat&order=newest")).select_one(".order").get_text()
    assert listed(client, "?q=stamps+of+Iceland") == []


@pytest.mark.slow
def test_filters_narrow_and_their_counts_tell_what_they_would_show(
    client: Client, mine: ScopedMemory, owner: User
) -> None:
    mine.write("I typed this")
    fill(mine, 3)
    Memory.objects.filter(owner=owner, source="chat").update(source="imported")
    Memory.objects.filter(text="I own book number 1").update(state="paused", expires_at=timezone.now())
    chips = {
        chip.contents[0].strip(): chip for chip in soup(client.get("/data/?source=imported")).select(".facet a.chip")
    }
    assert [chips[name].b.get_text() for name in ("Typed", "Imported", "Active", "Paused", "Expiring")] == list("13211")
    assert chips["Imported"]["aria-current"] == "true"
    assert listed(client, "?source=imported&state=paused") == ["I own book number 1"]
    assert listed(client, "?expiring=1") == ["I own book number 1"]
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assert listed(client, f"?since={tomorrow}") == [] and len(listed(client, f"?until={tomorrow}")) == 4
    # The wrong way round.
    assert len(listed(client, f"?since={tomorrow}&until=2001-01-01")) == 4


def test_the_whole_page_groups_the_rows_once(client: Client, mine: ScopedMemory, stranger: User) -> None:
    fill(mine, 3)
    ScopedMemory(stranger).write("I own a boat")
    with counted() as asked:
        page = client.get("/data/")
    assert sum("GROUP BY" in sql for sql in asked) == 1
    assert [chip.b.get_text() for chip in soup(page).select(".facet a.chip")] == ["3"] * 3


@pytest.mark.slow
def test_counts_of_filters_agree_with_what_they_show(mine: ScopedMemory, owner: User, stranger: User) -> None:
    """browsing._fits and MemoryRows.filtered say the same twice, as do both ways to group the rows."""
    from itertools import product

    from memories.types import Filter

    ScopedMemory(stranger).write("I was first")
    fill(mine, 12)
    for place, row in enumerate(Memory.objects.filter(owner=owner).order_by("pk")):
        row.source = ("chat", "typed", "imported", "program")[place % 4]
        row.kind, row.state = ("stated", "inferred")[place % 2], ("active", "paused", "review")[place % 3]
        row.expires_at = timezone.now() if place % 5 == 0 else None
        row.save()
    overview = mine.overview()
    assert overview.oldest == min(memory.created_at for memory in mine.get_all()) and sum(overview.bars) == 12
    for source, kind, state, expiring in product((None, "chat"), (None, "stated"), (None, "paused"), (False, True)):
        chosen = Filter(source=source, kind=kind, state=state, expiring=expiring)  # type: ignore[arg-type]
        listing = mine.browse(chosen, size=200)
        assert listing.facets.total == listing.page.total == len(listing.page.items) == len(mine.matching(chosen).ids)
        assert listing == mine.browse(chosen, size=200, overview=mine.overview())
        searched = mine.browse(chosen, query="book number", size=200)
        assert {m.id for m in searched.page.items} == {m.id for m in listing.page.items}


@pytest.mark.parametrize(
    "query",
    [
        "source=zzz",
        "page=-1",
        "page=x",
        "order=zzz",
        "since=2026-99-99",
        "until=9999-12-31",
        "q=%00",
        "q=" + "x" * 9000,
    ],
)
def test_senseless_values_in_the_address_are_left_out(client: Client, mine: ScopedMemory, query: str) -> None:
    mine.write("I am vegetarian")
    assert client.get(f"/data/?{query}").status_code == 200


def test_empty_states_say_what_to_try(client: Client, mine: ScopedMemory) -> None:
    assert "Nothing is remembered yet" in soup(client.get("/data/")).select_one(".empty").get_text()
    mine.write("I am vegetarian")
    assert "Nothing found" in soup(client.get("/data/?q=quantum+chromodynamics")).select_one(".empty").get_text()
    for name in ("review", "activity", "sent", "pictures", "topic"):
        assert client.get(reverse(f"memories:{name}")).status_code == 200


@pytest.mark.parametrize("name", ["memory", "edit", "delete", "pause", "resume", "keep"])
def test_an_address_is_the_routes_own(name: str) -> None:
    for prefix in ("/", "/elsewhere/", "/"):
        with override_script_prefix(prefix):
            for key in ("0190b0c0-1111-7aaa-8aaa-000000000001", "0190b0c0-1111-7aaa-8aaa-000000000002"):
                assert address(key, name) == reverse(f"memories:{name}", args=[key])


@pytest.mark.slow
@pytest.mark.parametrize("query", ["", "?q=book", "?source=chat&order=oldest", "?q=book&order=newest"])
def test_query_count_does_not_grow_with_the_list(client: Client, mine: ScopedMemory, query: str) -> None:
    fill(mine, 10)
    client.get(f"/data/{query}")
    with counted() as ten:
        client.get(f"/data/{query}")
    fill(mine, 20, start=10)
    with counted() as twenty:
        client.get(f"/data/{query}")
    assert len(ten) == len(twenty) <= 15


def test_text_is_shown_as_text(client: Client, mine: ScopedMemory) -> None:
    mine.write("<script>alert(1)</script> & <b>bold</b>")
    body = client.get("/data/").content.decode()
    assert "<script>alert" not in body and "&lt;script&gt;alert" in body


def test_part_and_page_are_two_answers_of_one_address(client: Client, mine: ScopedMemory) -> None:
    mine.write("I am vegetarian")
    part = client.get("/data/", headers={"HX-Request": "true", "HX-Target": "memory-list"})
    assert b"<html" not in part.content and b'id="memory-list"' in part.content
    assert "HX-Request" in part["Vary"] and "HX-Target" in part["Vary"]
    back = {"HX-Request": "true", "HX-Target": "memory-list", "HX-History-Restore-Request": "true"}
    assert b"<html" in client.get("/data/", headers=back).content


# --- Adding, switches, pictures, wiping -------------------------------------------------------------------------------
def test_typed_memory_is_kept_once_and_marked(client: Client, mine: ScopedMemory, theirs: ScopedMemory) -> None:
    for _ in range(2):
        client.post("/data/add/", {"text": "I am left-handed", "owner": "2", "source": "chat", "id": str(uuid.uuid4())})
    [memory] = mine.get_all()
    assert (memory.memory, memory.source, memory.kind) == ("I am left-handed", "typed", "stated")
    assert theirs.count() == 1


@pytest.mark.slow
@pytest.mark.parametrize("text", ["", "   ", "a\x00b", "x" * 8001])
def test_text_that_cannot_be_kept_comes_back_with_a_sentence(client: Client, mine: ScopedMemory, text: str) -> None:
    response = client.post("/data/add/", {"text": text})
    assert response.status_code == 422 and mine.count() == 0
    assert soup(response).select_one("#add[open] .errorlist").get_text().strip()


def test_full_store_says_so_before_and_when(client: Client, mine: ScopedMemory, owner: User) -> None:
    fill(mine, 9)
    OwnerState.objects.filter(owner=owner).update(quota=10)
    assert "nearly full" in soup(client.get("/data/")).select_one(".strip .note").get_text()
    mine.write("I am the tenth")
    assert "Your memory is full" in soup(client.get("/data/")).select_one(".strip .note").get_text()
    response = client.post("/data/add/", {"text": "I am the eleventh"})
    assert response.status_code == 422 and "nothing was dropped" in response.content.decode() and mine.count() == 10


@pytest.mark.slow
def test_switches_hold_and_the_list_stays_reachable(client: Client, mine: ScopedMemory, theirs: ScopedMemory) -> None:
    mine.write("I am vegetarian")
    client.post("/data/switches/", {"learn": "on", "user": "2"})
    chosen = mine.preferences
    assert (chosen.use_memories, chosen.learn, chosen.ask_first) == (False, True, False)
    assert theirs.preferences.use_memories
    assert listed(client) == ["I am vegetarian"]
    assert "Nothing was deleted" in client.get("/data/").content.decode()


def test_pictures_come_with_tables(client: Client, mine: ScopedMemory) -> None:
    fill(mine, 4)
    page = soup(client.get("/data/pictures/"))
    charts = page.select("svg.chart")
    assert len(charts) == 5 == len(page.select("table"))
    for chart in charts:
        title, desc = chart["aria-labelledby"].split()
        assert page.find(id=title).get_text() and page.find(id=desc).get_text()
    assert not page.select("[style]")


# --- Who reaches what -------------------------------------------------------------------------------------------------
GETS = ["data", "pictures", "activity", "sent", "topic", "export", "import", "review"]
POSTS = [
    "add",
    "switches",
    "take_back",
    "activity_export",
    "pause_many",
    "resume_many",
    "forget_many",
    "delete_many",
    "forget_topic",
    "export",
    "import",
]
ONE = ["memory", "edit"]
ONE_POSTS = ["edit", "delete", "undo", "pause", "resume", "expiry", "revert", "keep", "unkeep", "discard"]


def counts() -> dict[str, Any]:
    rows = {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (Memory, MemoryVersion, Activity, Disclosure)
    }
    return {
        **rows,
        "state": list(OwnerState.objects.order_by("pk").values("owner_id", "version", "use_memories", "learn")),
    }


@pytest.mark.parametrize("name", GETS)
def test_no_get_changes_a_row(client: Client, mine: ScopedMemory, name: str) -> None:
    fill(mine, 3)
    before = counts()
    assert client.get(reverse(f"memories:{name}")).status_code == 200
    assert counts() == before


@pytest.mark.parametrize("name", ONE)
def test_no_get_of_a_memory_changes_a_row(client: Client, mine: ScopedMemory, name: str) -> None:
    memory, _ = mine.write("I am vegetarian")
    before = counts()
    assert client.get(reverse(f"memories:{name}", args=[memory.id])).status_code == 200
    assert counts() == before


@pytest.mark.parametrize("name", [name for name in POSTS if name not in ("export", "import")])
def test_acts_refuse_get(client: Client, name: str) -> None:
    assert client.get(reverse(f"memories:{name}")).status_code == 405


@pytest.mark.parametrize("name", [name for name in ONE_POSTS if name != "edit"])
def test_acts_on_a_memory_refuse_get(client: Client, mine: ScopedMemory, name: str) -> None:
    memory, _ = mine.write("I am vegetarian")
    assert client.get(reverse(f"memories:{name}", args=[memory.id])).status_code == 405


@pytest.mark.parametrize("name", ["data", "pictures", "activity", "sent", "topic", "review"])
def test_pages_refuse_post(client: Client, name: str) -> None:
    assert client.post(reverse(f"memories:{name}")).status_code == 405


def every_route() -> Iterator[tuple[str, str]]:
    for name in {*GETS, *POSTS}:
        yield name, reverse(f"memories:{name}")
    for name in {*ONE, *ONE_POSTS}:
        yield name, reverse(f"memories:{name}", args=[uuid.uuid4()])
    for name in ("import_job", "drop_import"):
        yield name, reverse(f"memories:{name}", args=[uuid.uuid4()])


@pytest.mark.parametrize(
    "route", [route for _, route in sorted(every_route())], ids=[name for name, _ in sorted(every_route())]
)
def test_signed_out_is_sent_to_sign_in(route: str) -> None:
    for method in (Client().get, Client().post):
        response = method(route)
        assert response.status_code == 302 and response["Location"].startswith("/account/login/")


def bare(response: Any) -> bytes:
    """The body without what differs from request to request."""
    return re.sub(
        rb'(<code>[0-9a-f]{12}</code>|value="[A-Za-z0-9]{64}"|"X-CSRFToken": "[A-Za-z0-9]{64}")', b"", response.content
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", ONE_POSTS)
def test_strangers_memory_answers_like_one_that_is_not_there(client: Client, theirs: ScopedMemory, name: str) -> None:
    foreign = theirs.get_all()[0].id
    before = counts()
    data = {"text": "mine now", "number": "1", "until": "2040-01-01", "owner": "1"}
    answers = [client.post(reverse(f"memories:{name}", args=[key]), data) for key in (foreign, uuid.uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert bare(answers[0]) == bare(answers[1])
    before.pop("state"), (after := counts()).pop("state")
    assert after == before and theirs.preferences.learn
    if name in ONE:
        assert [client.get(reverse(f"memories:{name}", args=[key])).status_code for key in (foreign, uuid.uuid4())] == [
            404
        ] * 2


def test_strangers_memory_page_answers_like_one_that_is_not_there(client: Client, theirs: ScopedMemory) -> None:
    foreign = theirs.get_all()[0].id
    answers = [client.get(f"/data/{key}/") for key in (foreign, uuid.uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404] and bare(answers[0]) == bare(answers[1])


@pytest.mark.parametrize(
    "key",
    ["x", "1", "not-a-uuid", SOME_ID.upper(), f"{SOME_ID}0", "%00", f"{{{SOME_ID}}}"],
)
def test_malformed_id_is_not_there(client: Client, key: str) -> None:
    assert client.get(f"/data/{key}/").status_code == 404
    assert client.post(f"/data/{key}/delete/").status_code == 404
