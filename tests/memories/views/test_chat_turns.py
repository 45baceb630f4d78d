"""Under a turn, without scripts: what it saved, offers, edits, what is not used here."""

from __future__ import annotations

import uuid

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.urls import reverse

from accounts.models import User
from memories.chats import ScopedChats
from memories.models import Memory, Message
from memories.scoped import ScopedMemory
from tests.memories.views.talking import SEAT, ids, last_reply, remembered, say, soup_of

# --- Turns and memories -----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_save_is_shown_and_can_be_undone_and_put_back(client: Client, owner: User) -> None:
    url = say(client, "I am vegetarian")
    key, turn, _ = ids(url, owner)
    memory = ScopedMemory(owner).get_all()[0].id
    assert "Saved: I am vegetarian" in soup_of(client, url).get_text()
    response = client.post(reverse("memories:chat_forget", args=[key, turn, memory]))
    assert remembered(owner) == set()
    page = soup_of(client, response["Location"])
    assert "Saved:" not in page.get_text() and "put back" in page.get_text()
    undo = page.select_one('form[action$="/undo/"]')
    assert undo
    client.post(str(undo["action"]))
    assert remembered(owner) == {"I am vegetarian"}


def test_a_memory_is_corrected_from_the_turn(client: Client, owner: User) -> None:
    url = say(client, "I am vegetarian")
    key, turn, _ = ids(url, owner)
    memory = ScopedMemory(owner).get_all()[0]
    edit = reverse("memories:chat_correct", args=[key, turn, memory.id])
    assert client.post(edit, {"text": "I am vegan", "version": 1}).status_code == 302
    assert remembered(owner) == {"I am vegan"}
    assert remembered(owner) == {"I am vegan"}


@pytest.mark.slow
def test_what_was_concluded_waits_for_a_yes_in_its_turn(client: Client, owner: User) -> None:
    url = say(client, "I am vegetarian")
    key, turn, _ = ids(url, owner)
    memory = ScopedMemory(owner).get_all()[0].id
    ScopedMemory(owner).ask_again(memory)
    assert "Waiting for your yes: I am vegetarian" in soup_of(client, url).get_text()
    Memory.objects.filter(owner=owner).update(kind="inferred")
    assert "Concluded, not said in so many words." in soup_of(client, url).get_text()
    client.post(reverse("memories:chat_keep", args=[key, turn, memory]))
    assert ScopedMemory(owner).get(memory).state == "active"
    assert "Waiting" not in soup_of(client, url).get_text()


@pytest.mark.slow
def test_dont_use_here(client: Client, owner: User) -> None:
    ScopedMemory(owner).add("I am vegetarian")
    url = say(client, "Am I vegetarian?")
    key, _, reply = ids(url, owner)
    memory = ScopedMemory(owner).get_all()[0].id
    used = soup_of(client, url).select_one(".used li")
    assert used and "I am vegetarian" in used.get_text() and "match" in used.get_text()
    client.post(reverse("memories:leave_out", args=[key, reply, memory]))
    assert "not used here any more" in soup_of(client, url).get_text()
    say(client, "Am I vegetarian?", url)
    assert "vegetarian" not in last_reply(client, url)
    client.post(reverse("memories:leave_out", args=[key, reply, memory]), {"out": "0"})
    say(client, "Am I vegetarian?", url)
    assert "I am vegetarian" in last_reply(client, url)


@pytest.mark.slow
def test_what_was_forgotten_is_remembered_again_on_request(client: Client, owner: User) -> None:
    memory = ScopedMemory(owner)
    memory.delete(memory.add("I am vegetarian")[0].id)
    url = say(client, "I am vegetarian")
    key, turn, _ = ids(url, owner)
    assert "You asked me to forget this: I am vegetarian" in soup_of(client, url).get_text()
    client.post(reverse("memories:offer", args=[key, turn]), {"refused": "0", "answer": "remember"})
    assert remembered(owner) == {"I am vegetarian"}
    assert "You asked me to forget this: I am vegetarian Remember" not in soup_of(client, url).get_text(" ")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "left"), [("replace", {"I moved to Porto"}), ("both", {"I moved to Porto", "I live in Lisbon"})]
)
def test_a_contradiction_is_settled(answer: str, left: set[str], client: Client, owner: User) -> None:
    url = say(client, "I moved to Porto", say(client, "I live in Lisbon"))
    form = next(form for form in soup_of(client, url).select("form.chip-line") if "You also told me" in form.get_text())
    data = {str(field["name"]): str(field["value"]) for field in form.select("input[type=hidden]")}
    client.post(str(form["action"]), {**data, "answer": answer})
    assert remembered(owner) == left
    assert "You also told me" not in soup_of(client, url).get_text()


@pytest.mark.slow
def test_an_offer_that_was_not_made_is_not_carried_out(client: Client, owner: User) -> None:
    memory = ScopedMemory(owner).add("I am vegetarian")[0].id
    key, turn, _ = ids(say(client, "hello"), owner)
    forged = {"newer": str(uuid.uuid4()), "older": memory, "answer": "replace"}
    assert client.post(reverse("memories:offer", args=[key, turn]), forged).status_code == 404
    assert client.post(reverse("memories:offer", args=[key, turn]), {"answer": "eat"}).status_code == 422
    assert remembered(owner) == {"I am vegetarian"}


@pytest.mark.slow
def test_editing_a_message_asks_again(client: Client, owner: User) -> None:
    url = say(client, "Which seat do I like?", say(client, SEAT))
    key, turn, _ = ids(url, owner)
    form = soup_of(client, f"{url}?edit={turn}").select_one("form[data-rerun] textarea")
    assert form and form.get_text().strip() == "Which seat do I like?"
    client.post(reverse("memories:edit_turn", args=[key, turn]), {"message": "What is the capital of France?"})
    page = soup_of(client, url)
    assert len(page.select(".turn")) == 4 and "only know what" in last_reply(client, url)


@pytest.mark.slow
def test_an_edit_that_is_too_long_comes_back_whole_on_its_page(client: Client, owner: User) -> None:
    url = say(client, "hello")
    key, turn, _ = ids(url, owner)
    for n in range(31):
        ScopedChats(owner).post(f"turn {n}", conversation_id=key)
    form = soup_of(client, f"{url}?edit={turn}").select_one(f"#turn-{turn} form[data-rerun]")
    assert form, "an early turn is edited on the page where it stands"
    response = client.post(str(form["action"]), {"message": "y" * 8001})
    page = BeautifulSoup(response.content, "html.parser").select_one(f"#turn-{turn}")
    assert response.status_code == 422 and page and page.textarea and page.select_one("[role=alert]")
    assert len(page.textarea.get_text()) == 8001 and "this has 8,001" in page.get_text()
    assert Message.objects.get(pk=turn).text == "hello" and Message.objects.count() == 64


@pytest.mark.slow
@pytest.mark.parametrize("scripted", [False, True])
def test_a_correction_that_cannot_be_kept_comes_back(scripted: bool, client: Client, owner: User) -> None:
    key, turn, _ = ids(say(client, "I am vegetarian"), owner)
    memory = ScopedMemory(owner).get_all()[0]
    headers = {"HX-Request": "true"} if scripted else {}
    address = reverse("memories:chat_correct", args=[key, turn, memory.id])

    def refused(text: str, version: int) -> Tag:
        response = client.post(address, {"text": text, "version": version}, headers=headers)
        assert response.status_code == 422
        found = BeautifulSoup(response.content, "html.parser").select(f"#turn-{turn} details.correct[open]")
        assert len(found) == 1 and found[0].textarea and found[0].textarea.get_text() == text
        return found[0]

    assert "this has 8,001" in refused("z" * 8001, 1).get_text()
    ScopedMemory(owner).update(memory.id, "I am vegan")
    stale = refused("I am neither", 1)
    assert "now says “I am vegan”" in stale.get_text() and stale.select_one("[name=version][value='2']")
    client.post(address, {"text": "I am neither", "version": 2}, headers=headers)
    assert remembered(owner) == {"I am neither"}


def test_a_name_or_a_search_that_is_too_long_comes_back(client: Client, owner: User) -> None:
    url = say(client, "hello")
    for address, name in ((f"{url}rename/", "title"), ("/chat/all/", "words")):
        response = client.post(address, {name: "w" * 201})
        page = BeautifulSoup(response.content, "html.parser")
        field = page.select_one(f"main [name={name}]")
        assert response.status_code == 422 and field and field["value"] == "w" * 201
        assert "this has 201" in page.get_text()


@pytest.mark.slow
def test_trying_again_writes_the_reply_anew(client: Client, owner: User) -> None:
    url = say(client, "I am vegetarian")
    key, _, reply = ids(url, owner)
    before = last_reply(client, url)
    client.post(reverse("memories:again", args=[key, reply]))
    assert ids(url, owner)[2] != reply and last_reply(client, url) == before
    assert remembered(owner) == {"I am vegetarian"}


def test_a_partial_update_brings_the_turn_alone(client: Client, owner: User) -> None:
    key, turn, _ = ids(say(client, "I am vegetarian"), owner)
    memory = ScopedMemory(owner).get_all()[0].id
    response = client.post(reverse("memories:chat_forget", args=[key, turn, memory]), headers={"HX-Request": "true"})
    page = BeautifulSoup(response.content, "html.parser")
    root = next(child for child in page.children if isinstance(child, Tag))
    assert root["id"] == f"turn-{turn}" and not page.select("html")


@pytest.mark.parametrize("held", ["x", "x:y", f"{uuid.UUID(int=1)}:../../x", ":" * 9])
def test_a_made_up_address_does_no_harm(held: str, client: Client) -> None:
    url = say(client, "hello")
    assert client.get(url, {"held": held, "before": "x", "edit": "y"}).status_code == 200
    assert client.get(url, {"before": "9" * 50}).status_code == 200


@pytest.mark.slow
def test_long_chats_are_paged(client: Client, owner: User) -> None:
    key = ScopedChats(owner).post("turn 0").conversation.id
    for number in range(1, 40):
        ScopedChats(owner).post(f"turn {number}", conversation_id=key)
    page = soup_of(client, f"/chat/{key}/")
    assert len(page.select(".turn")) == 60 and not [turn for turn in page.select(".me .text") if turn.text == "turn 0"]
    earlier = page.select_one(".earlier a")
    assert earlier and len(soup_of(client, str(earlier["href"])).select(".turn")) == 20
