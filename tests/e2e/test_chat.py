"""The chat in a browser: the journey, keys, modes, provenance, phone and desk, with and without scripts."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from memories.models import Conversation, Message
from memories.scoped import ScopedMemory
from memories.views import chat_replies
from tests.e2e.watching import axe, overflow
from tests.llm_server import LLMServer, connected

PLAN = (
    "# A plan\n\n| day | a rather wide heading for a meal of the day | and another one beside it |\n|---|---|---|\n"
    "| Mon | paella | with a side of something long |\n\n- one\n- two\n\n```python\n"
    "print('a line of code that is much too long for a phone, and goes on and on and on')\n```\n"
)


@pytest.fixture
def server(settings: Any) -> Iterator[LLMServer]:
    with connected(settings, timeout=10) as running:
        yield running


@pytest.fixture
def room(page: Page, owner: User, come_in: Callable[..., None]) -> Page:
    """The owner's page, at a new chat."""
    come_in(page, owner)
    page.goto("/chat/")
    return page


def say(page: Page, text: str) -> None:
    """Types and sends, and waits until the reply has ended."""
    before = page.locator(".turn").count()
    page.get_by_label("Message", exact=True).fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(before + 2)
    expect(page.locator("[data-stream]")).to_have_count(0)


def test_alice_is_remembered_and_bob_sees_nothing(
    pages: Callable[..., Page], owner: User, stranger: User, sign_in: Callable[..., None]
) -> None:
    alice, bob = pages(), pages()
    sign_in(alice, owner)
    sign_in(bob, stranger)
    say(alice, "I am vegetarian. Please remember that.")
    expect(alice.locator(".saved")).to_contain_text("Saved: I am vegetarian")
    assert re.search(r"/chat/[0-9a-f-]{36}/$", alice.url)
    say(alice, "What should I cook tonight?")
    expect(alice.locator(".turn").last).to_contain_text("I am vegetarian")
    alice.get_by_text("Used 1 memory").click()
    expect(alice.locator(".used")).to_contain_text("said in")
    say(bob, "What should I cook tonight?")
    expect(bob.locator(".turn").last).to_contain_text("only know what you have told me")
    bob.watch.allow("404")  # type: ignore[attr-defined]
    answer = bob.goto(alice.url)
    assert answer and answer.status == 404 and "vegetarian" not in bob.content()


def test_a_save_is_undone_and_put_back_in_place(room: Page, owner: User) -> None:
    say(room, "I am vegetarian")
    room.get_by_role("button", name="Undo: I am vegetarian").click()
    expect(room.get_by_text("Forgotten.")).to_be_visible()
    assert ScopedMemory(owner).count() == 0
    room.get_by_role("button", name="Put it back").click()
    expect(room.locator(".saved")).to_contain_text("Saved: I am vegetarian")
    assert ScopedMemory(owner).count() == 1


def test_a_memory_is_corrected_in_place(room: Page, owner: User) -> None:
    say(room, "I am vegetarian")
    room.locator(".correct > summary").click()
    room.get_by_label("What I should remember").fill("I am vegan")
    room.get_by_role("button", name="Save").click()
    expect(room.locator(".saved")).to_contain_text("Saved: I am vegan")


def test_what_cannot_be_kept_comes_back_with_its_words(room: Page, owner: User) -> None:
    room.watch.allow("422")  # type: ignore[attr-defined]
    say(room, "I am vegetarian")
    room.locator(".correct > summary").click()
    room.get_by_label("What I should remember").fill("z" * 8001)
    room.get_by_role("button", name="Save").click()
    expect(room.locator(".saved [role=alert]")).to_contain_text("this has 8,001")
    expect(room.get_by_label("What I should remember")).to_have_value("z" * 8001)
    room.get_by_role("link", name="Edit this message and ask again").click()
    room.get_by_label("Your message").fill("y" * 8001)
    room.get_by_role("button", name="Ask again").click()
    expect(room.locator(".turn [role=alert]")).to_contain_text("this has 8,001")
    expect(room.get_by_label("Your message")).to_be_in_viewport()
    expect(room.get_by_label("Your message")).to_have_value("y" * 8001)
    room.get_by_label("Your message").fill("I am vegan")
    room.get_by_role("button", name="Ask again").click()
    expect(room.locator(".turn.me .text")).to_have_text("I am vegan")


def test_what_is_left_out_is_seen_where_it_was_pressed(room: Page, owner: User) -> None:
    ScopedMemory(owner).add("I am vegetarian", infer=False)
    say(room, "What should I cook tonight?")
    room.get_by_text("Used 1 memory").click()
    room.get_by_role("button", name="Don't use here").press("Enter")
    expect(room.locator(".used")).to_be_visible()
    expect(room.locator(".used")).to_contain_text("not used here any more")
    expect(room.get_by_role("button", name="Use here again")).to_be_focused()


def test_nothing_is_offered_back_when_its_time_is_over(room: Page) -> None:
    room.clock.install()
    say(room, "I am vegetarian")
    room.get_by_role("button", name="Undo: I am vegetarian").click()
    expect(room.get_by_role("button", name="Put it back")).to_be_focused()
    room.clock.fast_forward(10_000)
    expect(room.get_by_role("button", name="Put it back")).to_have_count(0)
    expect(room.locator(".saved")).to_have_text(re.compile(r"^\s*Forgotten\.\s*$"))
    expect(room.get_by_label("Message", exact=True)).to_be_focused()


def test_an_edit_starts_in_its_field_and_escape_leaves_it(room: Page) -> None:
    say(room, "I am vegetarian")
    room.get_by_role("link", name="Edit this message and ask again").click()
    expect(room.get_by_label("Your message")).to_be_focused()
    room.keyboard.press("Escape")
    expect(room.get_by_label("Your message")).to_have_count(0)
    expect(room.locator(".turn.me .text")).to_have_text("I am vegetarian")


def test_forgetting_is_a_press_away(room: Page, owner: User) -> None:
    say(room, "I am vegetarian")
    say(room, "Forget that I'm vegetarian")
    room.get_by_role("button", name="Yes, forget it").click()
    expect(room.locator(".turn").last).to_contain_text("Forgotten")
    assert ScopedMemory(owner).count() == 0
    expect(room.locator(".answers")).to_have_count(0)


# --- The composer -----------------------------------------------------------------------------------------------------
def test_keys(room: Page) -> None:
    box = room.get_by_label("Message", exact=True)
    expect(box).to_be_focused()
    box.press_sequentially("one")
    room.keyboard.press("Shift+Enter")
    box.press_sequentially("two")
    low = box.bounding_box()
    room.keyboard.press("Shift+Enter")
    room.keyboard.press("Shift+Enter")
    tall = box.bounding_box()
    assert low and tall and tall["height"] > low["height"]
    assert box.input_value() == "one\ntwo\n\n" and room.locator(".turn").count() == 0
    room.keyboard.press("Enter")
    expect(room.locator(".turn.me .text")).to_have_text(re.compile("one\\s*two"))
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    room.keyboard.press("Control+k")
    room.wait_for_url("**/chat/all/")
    expect(room.get_by_label("Search titles and messages")).to_be_focused()


def test_a_draft_outlives_a_reload_and_stays_in_its_chat(room: Page) -> None:
    room.get_by_label("Message", exact=True).fill("half a thought")
    room.reload()
    expect(room.get_by_label("Message", exact=True)).to_have_value("half a thought")
    say(room, "whole")
    room.reload()
    expect(room.get_by_label("Message", exact=True)).to_have_value("")
    room.goto("/chat/")
    expect(room.get_by_label("Message", exact=True)).to_have_value("")


def test_a_draft_is_gone_after_signing_out(room: Page) -> None:
    room.get_by_label("Message", exact=True).fill("a secret")
    room.goto("/data/")
    room.locator("details.menu > summary").last.click()
    room.get_by_role("button", name="Sign out").click()
    room.wait_for_url(re.compile("/$"))
    assert room.evaluate("sessionStorage.length") == 0


def test_a_draft_is_not_shown_to_who_signs_in_next(room: Page, stranger: User, come_in: Callable[..., None]) -> None:
    """The session ended without a word to the tab: it was over, or ended from another device."""
    room.get_by_label("Message", exact=True).fill("a secret")
    come_in(room, stranger)
    room.goto("/chat/")
    expect(room.get_by_label("Message", exact=True)).to_have_value("")
    assert "a secret" not in room.evaluate("JSON.stringify(sessionStorage)")


def test_nothing_is_sent_twice(room: Page) -> None:
    room.get_by_label("Message", exact=True).fill("once")
    room.evaluate("for (let i = 0; i < 5; i++) document.getElementById('compose').requestSubmit()")
    expect(room.locator(".turn")).to_have_count(2)
    assert Message.objects.filter(role="user").count() == 1


def test_a_lost_connection_keeps_the_message(room: Page) -> None:
    room.watch.allow("ERR_INTERNET_DISCONNECTED")  # type: ignore[attr-defined]
    room.context.set_offline(True)
    room.get_by_label("Message", exact=True).fill("still here")
    room.keyboard.press("Enter")
    expect(room.locator("#problem")).to_contain_text("cannot be reached")
    expect(room.get_by_label("Message", exact=True)).to_have_value("still here")
    room.context.set_offline(False)
    room.keyboard.press("Enter")
    expect(room.locator(".turn")).to_have_count(2)
    expect(room.locator("#problem")).to_be_hidden()


def test_the_limit_is_shown_near_it(room: Page) -> None:
    room.watch.allow("422")  # type: ignore[attr-defined]
    room.get_by_label("Message", exact=True).fill("x" * 7500)
    expect(room.locator("#count")).to_have_text("7,500 of 8,000")
    room.get_by_label("Message", exact=True).fill("x" * 8001)
    expect(room.locator("#count")).to_have_class(re.compile("over"))
    room.keyboard.press("Enter")
    expect(room.locator("#problem")).to_contain_text("8,000")
    assert not Conversation.objects.exists()


# --- Streaming --------------------------------------------------------------------------------------------------------
def test_a_reply_grows_survives_a_reload_and_is_stopped_with_escape(room: Page, server: LLMServer) -> None:
    never = threading.Event()
    server.say("<think>hm</think>", "First ", "words", hold_after=2, hold=never)
    room.get_by_label("Message", exact=True).fill("Go")
    room.keyboard.press("Enter")
    reply = room.locator(".turn").last
    expect(reply.locator(".text")).to_contain_text("First words")
    expect(room.get_by_role("button", name="Stop")).to_be_visible()
    room.reload()
    expect(reply.locator(".text")).to_contain_text("First words")
    expect(reply.get_by_text("Thoughts")).to_be_visible()
    room.keyboard.press("Escape")
    expect(reply).to_contain_text("Stopped.")
    expect(reply.locator(".text")).to_contain_text("First words")
    expect(room.get_by_role("button", name="Stop")).to_be_hidden()
    never.set()


def test_a_reply_is_followed_once(room: Page) -> None:
    streams: list[str] = []
    room.on("request", lambda request: streams.append(request.url) if request.url.endswith("/stream/") else None)
    say(room, "I am vegetarian")
    say(room, "What do you know about me?")
    assert len(streams) == 2


def test_a_fault_is_a_sentence_and_a_retry(room: Page, server: LLMServer) -> None:
    server.say(status=429, headers={"Retry-After": "9"})
    say(room, "Go")
    expect(room.locator(".turn").last).to_contain_text("try again in 9 seconds")
    server.say("Here I am.")
    room.locator(".turn").last.get_by_role("button", name="Retry").click()
    expect(room.locator(".turn").last).to_contain_text("Here I am.")
    expect(room.locator(".turn")).to_have_count(2)


def test_what_was_learned_is_shown_when_it_is_known(room: Page, server: LLMServer) -> None:
    server.say("Lovely.")
    server.say('{"memory": [{"id": "0", "text": "User loves trains", "attributed_to": "user"}]}')
    say(room, "I love trains")
    expect(room.locator(".saved")).to_contain_text("Saved: User loves trains")
    expect(room.locator(".model")).to_have_text("small at 127.0.0.1")


def test_a_screen_reader_hears_the_reply_once(room: Page) -> None:
    say(room, "I am vegetarian")
    expect(room.locator("#announce")).to_contain_text("Assistant: I'll remember that: I am vegetarian")
    assert room.locator("#announce").get_attribute("aria-live") == "polite"


def test_code_and_messages_are_copied(room: Page, server: LLMServer) -> None:
    room.context.grant_permissions(["clipboard-read", "clipboard-write"])
    server.say(PLAN)
    say(room, "Plan")
    room.locator(".copy-code").click()
    assert room.evaluate("navigator.clipboard.readText()").startswith("print('a line")
    room.locator(".turn").last.locator(".copy").click()
    expect(room.locator(".turn").last.locator(".copy")).to_have_text("Copied")
    copied = room.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("A plan") and "Copy" not in copied


# --- Modes ------------------------------------------------------------------------------------------------------------
def test_a_temporary_chat_has_its_banner_and_is_never_sticky(room: Page, owner: User) -> None:
    room.get_by_label("Temporary").check(force=True)
    say(room, "I live in Lisbon")
    # The same sentence stands in the composer while the choice is made; what counts is the banner.
    expect(room.locator(".temporary-note")).to_contain_text("It is erased when you open another chat")
    expect(room.locator(".hint-temporary")).to_be_hidden()
    assert ScopedMemory(owner).count() == 0
    room.get_by_role("link", name="New chat").first.click()
    room.wait_for_url("**/chat/")
    expect(room.get_by_label("On", exact=True)).to_be_checked()
    assert not Conversation.objects.exists()


def test_memory_is_switched_off_for_a_chat(room: Page, owner: User) -> None:
    say(room, "hello")
    room.get_by_role("button", name="Off", exact=True).click()
    expect(room.get_by_role("button", name="Off", exact=True)).to_have_attribute("aria-pressed", "true")
    say(room, "I live in Lisbon")
    assert ScopedMemory(owner).count() == 0


# --- Everyone ---------------------------------------------------------------------------------------------------------
SCREENS = [
    pytest.param({"width": 1280, "height": 900}, "light", id="desk-light"),
    pytest.param({"width": 390, "height": 844}, "dark", id="phone-dark"),
]


@pytest.mark.parametrize(("viewport", "scheme"), SCREENS)
def test_every_page_is_accessible_and_within_its_window(
    pages: Callable[..., Page],
    owner: User,
    come_in: Callable[..., None],
    server: LLMServer,
    viewport: Any,
    scheme: str,
) -> None:
    page = pages(viewport=viewport, color_scheme=scheme)
    come_in(page, owner)
    page.goto("/chat/")
    found = axe(page) + ["new: too wide"] * bool(overflow(page))
    ScopedMemory(owner).add("I am vegetarian", infer=False)
    server.say("<think>Let me see.</think>" + PLAN)
    server.say('{"memory": [{"id": "0", "text": "User loves trains", "attributed_to": "user"}]}')
    say(page, "I am vegetarian and I love " + "trains" * 30)
    expect(page.locator(".saved")).to_be_visible()
    server.say(status=500)
    say(page, "Am I vegetarian?")
    for summary in page.locator(".turns summary").all():
        summary.click()
    found += axe(page) + ["chat: too wide"] * bool(overflow(page))
    url = page.url
    for path in ("/chat/all/", "/chat/connect/", f"{url}rename/", f"{url}delete/"):
        page.goto(path)
        found += axe(page) + [f"{path}: too wide"] * bool(overflow(page))
    assert found == []


def test_everything_is_reached_with_the_keyboard(room: Page) -> None:
    say(room, "I am vegetarian")
    room.reload()
    reached: set[str] = set()
    for _ in range(40):
        room.keyboard.press("Tab")
        reached.add(room.evaluate("(document.activeElement.innerText || document.activeElement.id).split('\\n')[0]"))
    assert {"New chat", "Undo", "Edit", "Copy", "Try again", "message", "Send", "On", "Off"} <= reached


def test_without_scripts(pages: Callable[..., Page], owner: User, come_in: Callable[..., None]) -> None:
    page = pages(java_script_enabled=False)
    page.watch.allow("422")  # type: ignore[attr-defined]
    come_in(page, owner)
    page.goto("/chat/")
    page.get_by_label("Message", exact=True).fill("I am vegetarian")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".saved")).to_contain_text("Saved: I am vegetarian")
    page.get_by_role("button", name="Undo: I am vegetarian").click()
    page.get_by_role("button", name="Put it back").click()
    page.get_by_role("link", name="Edit this message and ask again").click()
    page.get_by_label("Your message").fill("x" * 8001)
    page.get_by_role("button", name="Ask again").click()
    expect(page.get_by_label("Your message")).to_have_value("x" * 8001)
    page.get_by_label("Your message").fill("What do you know about me?")
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator(".turn").last).to_contain_text("I am vegetarian")
    page.get_by_text("Used 1 memory").click()
    page.get_by_role("button", name="Don't use here").click()
    expect(page.locator(".used")).to_contain_text("not used here any more")
    page.get_by_role("link", name="All chats and search").click()
    page.get_by_label("Search titles and messages").fill("vegetarian")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Delete").first.click()
    page.get_by_role("button", name="Delete chat").click()
    expect(page.get_by_text("was deleted")).to_be_visible()
    assert ScopedMemory(owner).count() == 1 and not Conversation.objects.exists()


def test_a_slow_reply_is_stopped_without_scripts(
    pages: Callable[..., Page],
    owner: User,
    come_in: Callable[..., None],
    server: LLMServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(chat_replies, "WITHOUT", 0.2)
    never = threading.Event()
    server.say("First ", "words", hold_after=0, hold=never)
    page = pages(java_script_enabled=False)
    come_in(page, owner)
    page.goto("/chat/")
    page.get_by_label("Message", exact=True).fill("A story, please")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".turn").last).to_contain_text("Stopped.")
    never.set()
