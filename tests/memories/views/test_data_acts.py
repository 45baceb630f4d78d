"""Acts of "Your data" over HTTP, without scripts: one memory, many at once, review."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from accounts.models import User
from memories.chats import ScopedChats
from memories.models import Activity, Memory
from memories.scoped import ScopedMemory

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs(stranger: User) -> ScopedMemory:
    memory = ScopedMemory(stranger)
    memory.write("I collect stamps of Iceland")
    memory.write("I worked at a bank")
    return memory


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def texts(memory: ScopedMemory) -> set[str]:
    return {found.memory for found in memory.get_all()}


def toast(client: Client, url: str = "/data/") -> str:
    return " ".join(soup(client.get(url)).select_one("#toasts").get_text().split())


def press(client: Client, page: Any, button: str) -> Any:
    """Presses a button of a page as a browser without scripts does."""
    [found] = [b for b in soup(page).select("button") if b.get_text().strip().startswith(button)]
    form = found.find_parent("form") or soup(page).find("form", id=found["form"])
    fields: dict[str, list[str]] = {}
    for field in form.select("input, textarea"):
        if field.get("type") in ("checkbox", "radio") and not field.has_attr("checked"):
            continue
        fields.setdefault(field.get("name", ""), []).append(field.get("value", "on"))
    url = found.get("formaction") or form["action"]
    return client.post(url, fields | ({found["name"]: found["value"]} if found.get("name") else {}))


# --- One --------------------------------------------------------------------------------------------------------------
def test_deleting_is_at_once_and_can_be_taken_back(client: Client, mine: ScopedMemory, theirs: ScopedMemory) -> None:
    memory, _ = mine.write("I am vegetarian")
    assert client.post(f"/data/{memory.id}/delete/?source=typed")["Location"] == "/data/?source=typed"
    assert mine.count() == 0 and mine.search("vegetarian") == []
    page = client.get("/data/")
    assert "Deleted." in soup(page).select_one("#undo").get_text()
    press(client, page, "Undo")
    assert texts(mine) == {"I am vegetarian"} and theirs.count() == 2
    assert soup(client.get("/data/")).select_one("#undo") is None


def test_the_overview_changes_with_the_list(client: Client, mine: ScopedMemory, theirs: ScopedMemory) -> None:
    """Where scripts swap the list alone, the numbers above it are not of before."""
    mine.write("I keep bees")
    memory, _ = mine.write("I am vegetarian")
    part = {"HX-Request": "true", "HX-Target": "memory-list"}
    for act, said in (("delete", "1 memory"), ("undo", "2 memories")):
        page = soup(client.post(f"/data/{memory.id}/{act}/", headers=part))
        assert page.select_one("html") is None and page.select_one("#memory-list")
        strip = page.select_one("#strip[hx-swap-oob=true]")
        assert strip and said in strip.get_text()
    assert soup(client.get("/data/")).select_one("#strip[hx-swap-oob]") is None


def test_what_was_searched_for_outlasts_no_wipe(client: Client, mine: ScopedMemory, theirs: ScopedMemory) -> None:
    """Undo leads back to the list as it was searched; the words for that stand in the page, and not in the session."""
    memory, _ = mine.write("I take hormuzetin")
    back = client.post(f"/data/{memory.id}/delete/?q=hormuzetin")["Location"]
    assert "?q=hormuzetin" in soup(client.get(back)).select_one("#undo form")["action"]
    client.post("/data/wipe/memories/", {"word": "wipe"})
    assert mine.count() == 0 and "hormuzetin" not in str(dict(client.session.items()))


def test_undo_is_over_when_its_time_is(client: Client, mine: ScopedMemory, owner: User) -> None:
    memory, _ = mine.write("I am vegetarian")
    client.post(f"/data/{memory.id}/delete/")
    Memory.objects.filter(owner=owner).update(held_until=timezone.now() - dt.timedelta(seconds=1))
    assert client.post(f"/data/{memory.id}/undo/").status_code == 404
    assert mine.count() == 0


def test_editing_keeps_id_date_and_source(client: Client, mine: ScopedMemory) -> None:
    before, _ = mine.write("I live in Lisbon")
    client.post(f"/data/{before.id}/edit/", {"text": "I live in Porto", "version": "1", "source": "chat", "id": "1"})
    after = mine.get(before.id)
    assert (after.memory, after.created_at, after.source, after.version) == (
        "I live in Porto",
        before.created_at,
        "typed",
        2,
    )


def test_stale_edit_overwrites_nothing_and_keeps_what_was_typed(client: Client, mine: ScopedMemory) -> None:
    memory, _ = mine.write("I live in Lisbon")
    mine.update(memory.id, "I live in Porto")
    response = client.post(f"/data/{memory.id}/edit/", {"text": "I live in Faro", "version": "1"})
    page = soup(response)
    assert response.status_code == 409 and mine.get(memory.id).memory == "I live in Porto"
    assert page.select_one("textarea").get_text().strip() == "I live in Faro"
    assert "changed elsewhere" in page.get_text() and "I live in Porto" in page.get_text()


def test_edit_that_cannot_be_kept_comes_back(client: Client, mine: ScopedMemory) -> None:
    memory, _ = mine.write("I live in Lisbon")
    response = client.post(f"/data/{memory.id}/edit/", {"text": "  ", "version": "1"})
    assert response.status_code == 422 and "cannot be empty" in response.content.decode()


def test_editing_in_the_list_answers_with_the_row_alone(client: Client, mine: ScopedMemory) -> None:
    memory, _ = mine.write("I live in Lisbon")
    part = {"HX-Request": "true", "HX-Target": f"memory-{memory.id}"}
    form = client.get(f"/data/{memory.id}/edit/", headers=part)
    assert b"<html" not in form.content and b"data-edits" in form.content
    row = client.post(f"/data/{memory.id}/edit/", {"text": "I live in Porto", "version": "1"}, headers=part)
    assert row.status_code == 200 and soup(row).li["id"] == f"memory-{memory.id}" and b"Porto" in row.content


def test_memory_page_tells_where_it_comes_from_and_where_it_was_used(
    client: Client, mine: ScopedMemory, owner: User
) -> None:
    posted = ScopedChats(owner).post("I am vegetarian, you know")
    mine.learn("I am vegetarian", message_id=posted.turn.id)
    [memory] = mine.get_all()
    mine.mark_used(posted.reply.id, [memory])
    mine.update(memory.id, "I am vegan")
    page = soup(client.get(f"/data/{memory.id}/"))
    assert "I am vegetarian, you know" in page.blockquote.get_text()
    links = [link["href"] for link in page.select("article a")]
    assert f"/chat/{posted.turn.conversation_id}/#turn-{posted.turn.id}" in links
    assert f"/chat/{posted.turn.conversation_id}/#turn-{posted.reply.id}" in links
    assert page.del_.get_text() if page.del_ else page.find("del").get_text() == "I am vegetarian"
    assert page.find("ins").get_text() == "I am vegan"


@pytest.mark.slow
def test_old_turn_is_linked_where_the_chat_shows_it(client: Client, mine: ScopedMemory, owner: User) -> None:
    chats = ScopedChats(owner)
    first = chats.post("I am vegetarian")
    mine.learn("I am vegetarian", message_id=first.turn.id)
    for n in range(40):
        chats.post(f"and then {n}", conversation_id=first.turn.conversation_id)
    [memory] = mine.get_all()
    link = soup(client.get(f"/data/{memory.id}/")).find("a", string=re.compile("Go to this point"))["href"]
    assert f'id="turn-{first.turn.id}"' in client.get(link.split("#")[0]).content.decode()


@pytest.mark.slow
def test_earlier_text_is_brought_back_as_a_new_version(client: Client, mine: ScopedMemory) -> None:
    memory, _ = mine.write("I live in Lisbon")
    mine.update(memory.id, "I live in Porto")
    press(client, client.get(f"/data/{memory.id}/"), "Restore")
    assert mine.get(memory.id).memory == "I live in Lisbon"
    assert [version.new_memory for version in mine.history(memory.id)][-2:] == ["I live in Porto", "I live in Lisbon"]
    assert client.post(f"/data/{memory.id}/revert/", {"number": "1", "version": "1"}).status_code == 409
    assert client.post(f"/data/{memory.id}/revert/", {"number": "99"}).status_code == 404
    assert client.post(f"/data/{memory.id}/revert/", {"number": "x"}).status_code == 404


def test_paused_is_listed_and_not_used(client: Client, mine: ScopedMemory, theirs: ScopedMemory) -> None:
    memory, _ = mine.write("I am vegetarian")
    client.post(f"/data/{memory.id}/pause/")
    assert mine.get(memory.id).state == "paused" and mine.search("vegetarian") == []
    client.post(f"/data/{memory.id}/resume/?at=memory")
    assert mine.get(memory.id).state == "active" and mine.search("vegetarian")


def test_end_date_is_the_last_day_of_use(client: Client, mine: ScopedMemory) -> None:
    memory, _ = mine.write("I am in Rome")
    day = timezone.localdate() + dt.timedelta(days=3)
    client.post(f"/data/{memory.id}/expiry/", {"until": day.isoformat()})
    ends = mine.get(memory.id).expires_at
    assert ends and timezone.localdate(ends - dt.timedelta(seconds=1)) == day
    assert soup(client.get(f"/data/{memory.id}/")).select_one("input[type=date]")["value"] == day.isoformat()
    for wrong in ("2001-01-01", "soon"):
        response = client.post(f"/data/{memory.id}/expiry/", {"until": wrong})
        assert response.status_code == 422 and mine.get(memory.id).expires_at == ends
    client.post(f"/data/{memory.id}/expiry/", {"until": ""})
    assert mine.get(memory.id).expires_at is None


# --- Review -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def waiting(mine: ScopedMemory, owner: User) -> str:
    memory, _ = mine.write("Probably works in a hospital")
    Memory.objects.filter(owner=owner).update(state="review", kind="inferred")
    return memory.id


def test_what_waits_is_not_used_until_kept_and_can_be_put_back(
    client: Client, mine: ScopedMemory, waiting: str
) -> None:
    assert mine.search("hospital") == []
    press(client, client.get("/data/review/"), "Keep")
    assert mine.search("hospital")
    press(client, client.get("/data/review/"), "Undo")
    assert mine.get(waiting).state == "review"


def test_what_waits_says_why(client: Client, mine: ScopedMemory, waiting: str, owner: User) -> None:
    assert "Concluded, not said in so many words." in soup(client.get("/data/review/")).get_text()
    Memory.objects.filter(owner=owner).update(text="Probably a diabetic who cannot afford a doctor")
    mine.choose(ask_first=False)
    why = "About health and money, and concluded, not said: that always waits for your yes."
    assert why in soup(client.get("/data/review/")).get_text()
    Memory.objects.filter(owner=owner).update(text="My password is tulip", kind="stated")
    assert "It looks like a secret" in soup(client.get("/data/review/")).get_text()


def test_discarded_is_gone_and_can_be_taken_back(client: Client, mine: ScopedMemory, waiting: str) -> None:
    press(client, client.get("/data/review/"), "Discard")
    assert mine.count() == 0
    assert press(client, client.get("/data/review/"), "Undo")["Location"] == "/data/review/"
    assert mine.get(waiting).state == "review"


def test_edit_and_keep_does_both(client: Client, mine: ScopedMemory, waiting: str) -> None:
    link = soup(client.get("/data/review/")).find("a", string="Edit and keep")["href"]
    assert b"Save and keep" in client.get(link).content
    assert client.post(link, {"text": "I work in a hospital", "version": "1"})["Location"] == "/data/review/"
    assert (mine.get(waiting).memory, mine.get(waiting).state) == ("I work in a hospital", "active")


# --- Many -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def shelf(mine: ScopedMemory) -> list[str]:
    return [mine.write(f"I own book number {n}")[0].id for n in range(30)]


@pytest.mark.slow
def test_ticked_ones_are_paused_and_a_strangers_never(
    client: Client, mine: ScopedMemory, theirs: ScopedMemory, shelf: list[str]
) -> None:
    foreign = theirs.get_all()[0].id
    client.post("/data/many/pause/", {"id": [*shelf[:3], foreign, "nonsense"], "owner": "2"})
    assert [memory.state for memory in mine.get_all()].count("paused") == 3
    assert theirs.get(foreign).state == "active"
    client.post("/data/many/resume/", {"id": shelf})
    assert {memory.state for memory in mine.get_all()} == {"active"}


@pytest.mark.slow
def test_deleting_many_shows_the_consequences_first(client: Client, mine: ScopedMemory, shelf: list[str]) -> None:
    page = client.post("/data/many/forget/", {"id": shelf[:7]})
    words = " ".join(soup(page).main.get_text().split())
    assert mine.count() == 30 and "Delete 7 memories?" in words and "Typed: 7" in words
    assert len(soup(page).select("ul.rows li")) == 5 and "Download these first" in words
    press(client, page, "Delete 7")
    assert mine.count() == 23 and not texts(mine) & {f"I own book number {n}" for n in range(7)}
    press(client, client.get("/data/"), "Undo")
    assert mine.count() == 30


@pytest.mark.slow
def test_all_matching_means_the_filter_and_not_the_page(client: Client, mine: ScopedMemory, shelf: list[str]) -> None:
    mine.add("I am kept", infer=False, source="program")
    link = soup(client.get("/data/?source=typed")).find("a", string=re.compile("Select all 30 matching"))["href"]
    page = client.get(f"/data/{link}")
    preview = press(client, page, "Delete…")
    assert "Delete 30 memories?" in soup(preview).h1.get_text()
    press(client, preview, "Delete 30")
    assert texts(mine) == {"I am kept"}


@pytest.mark.slow
def test_what_changed_since_the_preview_is_previewed_anew(client: Client, mine: ScopedMemory, shelf: list[str]) -> None:
    preview = client.post("/data/many/forget/?source=typed", {"all": "1"})
    mine.write("I came later")
    again = press(client, preview, "Delete 30")
    assert again.status_code == 409 and mine.count() == 31 and "has changed since" in again.content.decode()
    press(client, again, "Delete 31")
    assert mine.count() == 0


def test_strangers_ids_among_many_are_not_told_from_unknown_ones(
    client: Client, mine: ScopedMemory, theirs: ScopedMemory
) -> None:
    foreign = theirs.get_all()[0].id
    for act in ("pause", "resume", "forget", "delete"):
        client.post(f"/data/many/{act}/", {"id": [foreign], "mark": "x"})
    client.post("/data/topic/delete/", {"id": [foreign]})
    assert theirs.count() == 2 and theirs.get(foreign).state == "active"


@pytest.mark.slow
def test_nothing_ticked_is_said(client: Client, shelf: list[str]) -> None:
    for act in ("pause", "resume", "forget", "delete"):
        client.post(f"/data/many/{act}/", {})
        assert "othing" in toast(client)


def test_topic_deletes_exactly_what_it_showed_and_stayed_ticked(
    client: Client, mine: ScopedMemory, theirs: ScopedMemory
) -> None:
    for text in ("My old job was at a bank", "I used to work at a bank in Porto", "I love hiking"):
        mine.write(text)
    page = client.get("/data/topic/?topic=my+old+job+at+the+bank")
    shown = [html.unescape(words.get_text().strip()) for words in soup(page).select(".ticks .words")]
    assert set(shown) == {"My old job was at a bank", "I used to work at a bank in Porto"}
    ids = [box["value"] for box in soup(page).select(".ticks input")]
    client.post("/data/topic/delete/", {"id": ids[:1]})
    assert texts(mine) == {"I love hiking", shown[1]} and theirs.count() == 2


def test_undo_of_many_takes_back_nothing_of_a_stranger(
    client: Client, theirs: ScopedMemory, mine: ScopedMemory
) -> None:
    _, until = theirs.hold_many(theirs.selection([memory.id for memory in theirs.get_all()]).ids)
    for moment in (
        until.isoformat(),
        "",
        "nonsense",
        "2026-01-01T00:00:00",
        "9999-99-99T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
    ):
        assert client.post("/data/undo/", {"moment": moment}).status_code == 302
    assert theirs.count() == 0
    assert theirs.restore_held(until) == 2


# --- The log ----------------------------------------------------------------------------------------------------------
def test_each_act_is_a_line_without_content(client: Client, mine: ScopedMemory, owner: User) -> None:
    memory, _ = mine.write("I am a secret agent")
    for act in ("pause", "resume", "delete", "undo"):
        client.post(f"/data/{memory.id}/{act}/", headers={"User-Agent": "Mozilla/5.0 (X11; Linux) Firefox/130.0"})
    client.post(f"/data/{memory.id}/edit/", {"text": "I was a secret agent"})
    client.post(f"/data/{memory.id}/expiry/", {"until": "2040-01-01"})
    verbs = list(Activity.objects.filter(owner=owner).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["saved", "paused", "resumed", "deleted", "restored", "edited", "dated"]
    page = client.get("/data/activity/").content.decode()
    assert "secret" not in page and "Firefox on Linux" in page and "127.0.0.0/24" in page


@pytest.mark.slow
def test_log_is_filtered_and_taken_along(client: Client, mine: ScopedMemory, theirs: ScopedMemory) -> None:
    for n in range(60):
        mine.write(f"I own book number {n}")
    page = soup(client.get("/data/activity/?verb=saved"))
    assert "1-50 of 60" in page.select_one(".pager").get_text() and len(page.select("tbody tr")) == 50
    assert "No line of the log fits" in client.get("/data/activity/?actor=admin").content.decode()
    response = client.post("/data/activity/export/?verb=saved")
    lines = read(response).decode().splitlines()
    assert len(lines) == 61 and lines[1].split(",")[1] == "Saved"
    assert Activity.objects.filter(verb="exported").count() == 1


def test_signing_in_is_a_line(owner: User, mine: ScopedMemory) -> None:
    from tests.conftest import PASSWORD

    Client().post("/account/login/", {"login": owner.email, "password": PASSWORD})
    assert [line.verb for line in mine.activity().items] == ["signed in"]


def test_what_left_the_site_is_shown_to_its_owner_alone(
    client: Client, mine: ScopedMemory, owner: User, stranger: User
) -> None:
    from memories.models import Disclosure

    memory, _ = mine.write("I am vegetarian")
    gone = "00000000-0000-4000-8000-000000000000"
    for user, host in ((owner, "api.example.com"), (stranger, "secret.example.com")):
        Disclosure.objects.create(
            owner=user, at=timezone.now(), provider=host, model="small-1", purpose="reply", memory_ids=[memory.id, gone]
        )
    page = " ".join(soup(client.get("/data/sent/")).main.get_text().split())
    assert "api.example.com" in page and "I am vegetarian" in page and "2 memories went along" in page
    assert "1 deleted since" in page and "secret.example.com" not in page


def read(response: Any) -> bytes:
    """The whole of a download."""
    from asgiref.sync import async_to_sync

    async def joined() -> bytes:
        return b"".join([piece async for piece in response.streaming_content])

    return async_to_sync(joined)()


def test_secret_waits_for_a_yes_although_it_was_stated(mine: ScopedMemory) -> None:
    mine.learn("My wifi password is tulip-99", message_id=_turn(mine))
    mine.learn("I am vegetarian", message_id=_turn(mine))
    assert {memory.memory: memory.state for memory in mine.get_all()} == {
        "My wifi password is tulip-99": "review",
        "I am vegetarian": "active",
    }


def test_changed_switch_is_a_line_and_an_unchanged_one_is_not(client: Client, mine: ScopedMemory) -> None:
    for _ in range(2):
        client.post("/data/switches/", {"learn": "on"})
    assert [line.verb for line in mine.activity().items] == ["switched"]


def _turn(memory: ScopedMemory) -> str:
    from accounts.models import User

    owner = User.objects.get(pk=memory._owner.pk)
    return ScopedChats(owner).post("something").turn.id
