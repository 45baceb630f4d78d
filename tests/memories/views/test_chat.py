"""The chat over HTTP, without scripts: the table of what is said, remembered and answered; modes, conversations."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from memories.chats import ScopedChats
from memories.models import Conversation, Message
from memories.scoped import ScopedMemory
from tests.counting import counted
from tests.memories.views.talking import SEAT, last_reply, remembered, say, soup_of

# --- The table --------------------------------------------------------------------------------------------------------
PEANUTS = "My daughter Mia is allergic to peanuts"
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


# --- Conversations ----------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_chats_are_listed_renamed_searched(client: Client) -> None:
    url = say(client, "Tell me about lighthouses")
    say(client, "Something else")
    rename = url + "rename/"
    page = client.get(rename)
    assert page.status_code == 200 and b"autofocus" in page.content
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
