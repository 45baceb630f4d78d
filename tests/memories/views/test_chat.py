"""The chat over HTTP, without scripts: the table of what is said, remembered and answered; who reaches what."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.urls import reverse

from accounts.models import User
from memories.chats import ScopedChats
from memories.models import Conversation, Memory, Message
from memories.scoped import ScopedMemory
from tests.counting import counted


@pytest.fixture
def other(stranger: User, client_as: Callable[[User], Client]) -> Client:
    return client_as(stranger)


def say(client: Client, text: str, url: str = "/chat/", **data: str) -> str:
    """Posts as a page without scripts does; the address of the conversation."""
    response = client.post(url, {"message": text, **data})
    assert response.status_code == 302, response.content[:500]
    return str(response["Location"])


def soup_of(client: Client, url: str) -> BeautifulSoup:
    response = client.get(url)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def last_reply(client: Client, url: str) -> str:
    text = soup_of(client, url).select(".turn:not(.me) .text")[-1]
    return " ".join(text.get_text(" ").split())


def remembered(user: User) -> set[str]:
    return {memory.memory for memory in ScopedMemory(user).get_all()}


# --- The table --------------------------------------------------------------------------------------------------------
PEANUTS = "My daughter Mia is allergic to peanuts"
SEAT = "I always want a window seat on flights"
SAID: list[tuple[str, set[str], list[str]]] = [
    ("I am vegetarian. Please remember that.", {"I am vegetarian"}, ["I am vegetarian"]),
    ("I always want a window seat on flights.", {SEAT}, [SEAT]),
    ("hi there, thanks!", set(), []),
    ("ok cool", set(), []),
    (f"{PEANUTS}, and we live in Lisbon.", {PEANUTS, "We live in Lisbon"}, [PEANUTS, "We live in Lisbon"]),
    ("What should I cook tonight?", set(), ["I am vegetarian", PEANUTS, "You told me today"]),
    ("Which seat do I like?", set(), [SEAT, "You told me today"]),
    ("What is the capital of France?", set(), ["only know what you have told me"]),
    ("what do you know about me?", set(), ["I am vegetarian", SEAT, PEANUTS, "We live in Lisbon"]),
    ("I'm thinking of buying a bike?", set(), []),
    ("Can I eat this?", set(), []),
    ('He said "I hate fish"', set(), []),
]


def test_what_is_said_is_remembered_and_answered(client: Client, other: Client, owner: User, stranger: User) -> None:
    ScopedMemory(stranger).add("My canary is called Zorbanax", infer=False)
    known: set[str] = set()
    url = "/chat/"
    for text, new, answered in SAID:
        url = say(client, text, url)
        known |= new
        assert remembered(owner) == known, text
        reply = last_reply(client, url)
        assert reply and all(part in reply for part in answered), (text, reply)
        assert "Zorbanax" not in reply
    assert len(remembered(owner)) == 4
    say(client, "I am vegetarian", url)
    assert len(remembered(owner)) == 4, "the same fact twice is stored once"
    assert remembered(stranger) == {"My canary is called Zorbanax"}
    assert "vegetarian" not in last_reply(other, say(other, "What should I cook tonight?"))


def test_what_is_known_is_linked_and_quoted_word_for_word(client: Client, owner: User) -> None:
    ScopedMemory(owner).add("I collect *odd* [stamps](x)", infer=False)
    page = soup_of(client, say(client, "what do you know about me?"))
    reply = page.select(".turn:not(.me) .text")[-1]
    assert "I collect *odd* [stamps](x)" in reply.get_text()
    assert reply.select_one(f'a[href="{reverse("memories:data")}"]')


@pytest.mark.slow
def test_forgetting_asks_first_and_acts_after_a_yes(client: Client, owner: User) -> None:
    ScopedMemory(owner).add("I am vegetarian")
    url = say(client, "Forget that I'm vegetarian")
    assert "I am vegetarian" in last_reply(client, url) and remembered(owner) == {"I am vegetarian"}
    page = soup_of(client, url)
    assert [button["value"] for button in page.select(".answers button")] == ["Yes", "No"]
    say(client, "Forget everything", url)
    assert not soup_of(client, url).select(".answers button"), "a press would change nothing: it is done on its page"
    say(client, "Forget that I'm vegetarian", url)
    say(client, "yes", url)
    assert remembered(owner) == set() and "Forgotten" in last_reply(client, url)
    assert not soup_of(client, url).select(".answers button")


# --- The page ---------------------------------------------------------------------------------------------------------
def test_a_new_chat_says_once_that_no_model_is_connected(client: Client) -> None:
    page = soup_of(client, "/chat/")
    assert page.get_text().count("No language model is connected") == 1
    assert page.select_one(f'.note a[href="{reverse("memories:connect")}"]')
    assert client.get(reverse("memories:connect")).status_code == 200


def test_with_a_model_it_does_not(client: Client, settings: Any) -> None:
    settings.LLM_BASE_URL, settings.LLM_MODEL = "http://127.0.0.1:9/v1", "small"
    assert "No language model" not in soup_of(client, "/chat/").get_text()


@pytest.mark.slow
def test_the_turn_and_the_reply_are_shown(client: Client) -> None:
    page = soup_of(client, say(client, "I live in <b>Lisbon</b> & love it"))
    mine, reply = page.select(".turn")
    assert mine.select_one(".text") and "<b>Lisbon</b> & love it" in mine.get_text()
    assert not page.select(".turn b") and "done" in reply["class"]
    assert page.title and page.title.get_text().startswith("I live in")


def test_text_that_cannot_be_sent_stays_in_the_box(client: Client) -> None:
    response = client.post("/chat/", {"message": "x" * 8001})
    page = BeautifulSoup(response.content, "html.parser")
    box, problem = page.select_one("#message"), page.select_one("#problem")
    assert response.status_code == 422 and box and len(box.get_text()) == 8001
    assert problem and "8,000" in problem.get_text() and not problem.has_attr("hidden")
    assert not Conversation.objects.exists()


def test_the_choice_beside_send_comes_back_with_the_text(client: Client) -> None:
    response = client.post("/chat/", {"message": "x" * 30_000, "memory": "temporary"})
    page = BeautifulSoup(response.content, "html.parser")
    box, chosen = page.select_one("#message"), page.select("[name=memory][checked]")
    assert box and len(box.get_text()) == 30_000 and [str(one["value"]) for one in chosen] == ["temporary"]


@pytest.mark.parametrize("text", ["", "   ", "\x00", "a\x00"])
def test_nothing_is_stored_of_a_text_that_cannot_be_kept(text: str, client: Client) -> None:
    assert client.post("/chat/", {"message": text}).status_code == 422
    assert not Message.objects.exists()


def test_pressing_send_twice_is_one_turn(client: Client) -> None:
    form = soup_of(client, "/chat/").select_one("#compose [name=nonce]")
    assert form
    first = say(client, "hello", nonce=str(form["value"]))
    assert say(client, "hello", nonce=str(form["value"])) == first
    assert Message.objects.count() == 2


def test_a_script_gets_the_two_turns(client: Client) -> None:
    response = client.post("/chat/", {"message": "hello"}, headers={"X-Chat": "script"})
    page = BeautifulSoup(response.content, "html.parser")
    sent = page.select_one("#sent")
    assert response.status_code == 200 and sent and len(page.select(".turn")) == 2
    assert sent["data-url"] == reverse("memories:conversation", args=[sent["data-chat"]])


# --- Memory modes -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("mode", ["off", "temporary"])
def test_a_chat_without_memory_saves_and_uses_none(mode: str, client: Client, owner: User) -> None:
    ScopedMemory(owner).add("I am vegetarian")
    url = say(client, "I live in Lisbon. What should I cook?", memory=mode)
    assert remembered(owner) == {"I am vegetarian"} and "vegetarian" not in last_reply(client, url)


def test_memory_is_switched_within_a_chat(client: Client, owner: User) -> None:
    url = say(client, "hello")
    key = url.split("/")[2]
    client.post(reverse("memories:chat_memory", args=[key]), {"mode": "off"})
    say(client, "I live in Lisbon", url)
    assert remembered(owner) == set()
    client.post(reverse("memories:chat_memory", args=[key]), {"mode": "on"})
    say(client, "I live in Lisbon", url)
    assert remembered(owner) == {"I live in Lisbon"}


@pytest.mark.parametrize("mode", ["temporary", "nonsense", ""])
def test_another_mode_changes_nothing(mode: str, client: Client) -> None:
    url = say(client, "hello")
    client.post(reverse("memories:chat_memory", args=[url.split("/")[2]]), {"mode": mode})
    assert Conversation.objects.get().memory_mode == "on"


@pytest.mark.slow
def test_a_temporary_chat_goes_on_until_it_is_left(client: Client) -> None:
    url = say(client, "a secret", memory="temporary")
    page = soup_of(client, say(client, "another", url))
    assert "erased when you open another chat" in page.get_text() and len(page.select(".turn")) == 4
    assert not page.select("#chat-list a")
    client.get("/data/")
    assert Conversation.objects.exists()
    client.get("/chat/")
    assert not Conversation.objects.exists() and client.get(url).status_code == 404


def test_another_browser_does_not_end_it(client: Client, owner: User, client_as: Callable[[User], Client]) -> None:
    say(client, "a secret", memory="temporary")
    client_as(owner).get("/chat/")
    assert Conversation.objects.exists()


def test_a_temporary_chat_is_ended_with_a_button(client: Client) -> None:
    url = say(client, "a secret", memory="temporary")
    assert client.post(url + "leave/").status_code == 302
    assert not Conversation.objects.exists()


def test_a_temporary_chat_ends_with_signing_out(client: Client) -> None:
    say(client, "a secret", memory="temporary")
    client.post(reverse("account_logout"))
    assert not Conversation.objects.exists()


@pytest.mark.slow
def test_a_second_temporary_chat_ends_the_first(client: Client) -> None:
    first = say(client, "a secret", memory="temporary")
    second = say(client, "another", memory="temporary")
    assert client.get(second).status_code == 200 and client.get(first).status_code == 404


def test_a_kept_chat_is_not_ended_so(client: Client) -> None:
    url = say(client, "hello")
    client.post(url + "leave/")
    assert Conversation.objects.exists()


# --- Turns and memories -----------------------------------------------------------------------------------------------
def ids(url: str, user: User) -> tuple[str, str, str]:
    key = url.split("/")[2]
    turn, reply = ScopedChats(user).messages(key)[-2:]
    return key, turn.id, reply.id


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


# --- Conversations ----------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_chats_are_listed_renamed_searched(client: Client) -> None:
    url = say(client, "Tell me about lighthouses")
    say(client, "Something else")
    rename = url + "rename/"
    assert client.get(rename).status_code == 200
    client.post(rename, {"title": "Lamps by the sea"})
    assert client.post(rename, {"title": " "}).status_code == 422
    assert "Lamps by the sea" in soup_of(client, "/chat/").get_text()
    found = client.post(reverse("memories:conversations"), {"words": "lighthouses"})
    titles = [link.text for link in BeautifulSoup(found.content, "html.parser").select(".rows p > a")]
    assert titles == ["Lamps by the sea"]
    assert (
        "No chat has these words" in client.post(reverse("memories:conversations"), {"words": "xyz"}).content.decode()
    )
    assert client.get(reverse("memories:conversations"), {"page": "99"}).status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize(("choice", "left"), [("keep", 2), ("delete", 0), ("choose", 1)])
def test_deleting_a_chat_asks_about_its_memories(choice: str, left: int, client: Client, owner: User) -> None:
    url = say(client, "I live in Lisbon", say(client, "I am vegetarian"))
    page = soup_of(client, url + "delete/")
    boxes = [str(box["value"]) for box in page.select("[name=chosen]")]
    assert len(boxes) == 2 and "2 memories came from this chat" in page.get_text()
    assert client.post(url + "delete/", {"memories": "?"}).status_code == 422
    client.post(url + "delete/", {"memories": choice, "chosen": boxes[:1]})
    assert ScopedMemory(owner).count() == left and client.get(url).status_code == 404


def test_no_memory_of_another_chat_is_deleted_with_one(client: Client, owner: User) -> None:
    memory = ScopedMemory(owner).add("I am vegetarian")[0].id
    url = say(client, "hello")
    assert client.post(url + "delete/", {"memories": "choose", "chosen": [memory]}).status_code == 422
    assert ScopedMemory(owner).count() == 1


# --- Who reaches what -------------------------------------------------------------------------------------------------
ROOM = ["conversation", "rename", "delete_conversation", "chat_memory", "leave", "stop"]
TURN = ["turn", "stream", "again", "edit_turn", "learn", "offer"]
MEMORY = ["chat_forget", "chat_keep", "chat_undo", "chat_correct", "leave_out"]
POST_ONLY = {"chat_memory", "leave", "stop", "again", "edit_turn", "learn", "offer", *MEMORY}
GET_ONLY = {"turn", "stream"}


def address(name: str, key: str, message: str, memory: str) -> str:
    depth = 1 if name in ROOM else 2 if name in TURN else 3
    return reverse(f"memories:{name}", args=[key, message, memory][:depth])


def answer_to(client: Client, name: str, url: str) -> Any:
    data = {
        "message": "x",
        "title": "x",
        "mode": "off",
        "memories": "delete",
        "text": "x",
        "version": "1",
        "answer": "both",
    }
    return client.get(url) if name in GET_ONLY else client.post(url, data)


def masked(response: Any) -> bytes:
    """The page without what is random in every page, even for the same request twice."""
    return re.sub(rb"[A-Za-z0-9]{64}|[0-9a-f]{12}", b"", response.content)


def test_every_route_is_in_the_matrix() -> None:
    from memories.views.chat_urls import chat_urlpatterns

    assert {str(pattern.name) for pattern in chat_urlpatterns} == {
        "chat",
        "conversations",
        "connect",
        *ROOM,
        *TURN,
        *MEMORY,
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", [*ROOM, *TURN, *MEMORY])
def test_a_stranger_is_told_what_is_told_of_nothing(
    name: str, client: Client, other: Client, owner: User, stranger: User
) -> None:
    key, turn, reply = ids(say(client, "I am vegetarian"), owner)
    message = reply if name in ("stream", "again") else turn
    memory = ScopedMemory(owner).get_all()[0].id
    before = (list(Message.objects.values()), remembered(owner), ScopedChats(owner).get(key))
    theirs = answer_to(other, name, address(name, key, message, memory))
    unknown = answer_to(other, name, address(name, *(str(uuid.uuid4()) for _ in range(3))))
    assert theirs.status_code == unknown.status_code == 404
    assert masked(theirs) == masked(unknown) and b"vegetarian" not in theirs.content
    assert (list(Message.objects.values()), remembered(owner), ScopedChats(owner).get(key)) == before


@pytest.mark.slow
@pytest.mark.parametrize("name", MEMORY)
def test_a_strangers_memory_is_not_reached_through_ones_own_turn(
    name: str, client: Client, other: Client, owner: User, stranger: User
) -> None:
    ScopedMemory(owner).add("I am vegetarian")
    memory = ScopedMemory(owner).get_all()[0].id
    key, turn, _ = ids(say(other, "hello"), stranger)
    response = answer_to(other, name, address(name, key, turn, memory))
    assert response.status_code == 404 and remembered(owner) == {"I am vegetarian"}


@pytest.mark.parametrize("name", ["chat", "conversations", "connect", *ROOM, *TURN, *MEMORY])
def test_who_is_signed_out_is_asked_to_sign_in(name: str, db: None) -> None:
    any_id = str(uuid.uuid4())
    url = (
        reverse(f"memories:{name}")
        if name in ("chat", "conversations", "connect")
        else address(name, any_id, any_id, any_id)
    )
    for response in (Client().get(url), Client().post(url)):
        assert response.status_code == 302 and response["Location"].startswith(reverse("account_login"))


@pytest.mark.slow
@pytest.mark.parametrize("name", [*ROOM, *TURN, *MEMORY])
def test_the_wrong_method_changes_nothing(name: str, client: Client, owner: User) -> None:
    key, turn, _ = ids(say(client, "I am vegetarian"), owner)
    url = address(name, key, turn, ScopedMemory(owner).get_all()[0].id)
    if name in POST_ONLY:
        assert client.get(url).status_code == 405
    if name in GET_ONLY:
        assert client.post(url).status_code == 405
    assert client.put(url).status_code == client.delete(url).status_code == 405
    assert remembered(owner) == {"I am vegetarian"}


@pytest.mark.parametrize("bad", ["1", "x", "00000000", "../admin", "0" * 32, "%00"])
def test_a_malformed_id_is_no_address(bad: str, client: Client) -> None:
    assert client.get(f"/chat/{bad}/").status_code == 404


def test_a_form_of_another_site_does_nothing(owner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    assert client.post("/chat/", {"message": "I am vegetarian"}).status_code == 403
    assert not Message.objects.exists()


# --- Words stay inside ------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_no_word_of_a_chat_is_logged_or_in_an_address(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        url = say(client, "My canary is called Zorbanax")
        for text in ("What is my canary called?", "what do you know about me?", "forget my canary", "yes"):
            assert "anary" not in say(client, text, url)
        client.post(reverse("memories:conversations"), {"words": "Zorbanax"})
        client.post(url + "delete/", {"memories": "keep"})
    assert "Zorbanax" not in caplog.text and "anary" not in caplog.text


@pytest.mark.slow
def test_the_page_costs_the_same_with_more_chats_and_turns(client: Client, owner: User) -> None:
    url, counts = say(client, "I am vegetarian"), []
    for number in range(12):
        url = say(client, f"My locker number {number} is red", url)
        ScopedChats(owner).post(f"other {number}")
        if number in (3, 11):
            client.get(url)
            with counted() as queries:
                client.get(url)
            counts.append(len(queries))
    assert counts[0] == counts[1] <= 16
