"""The whole journey in a browser: signed up, remembered, seen, deleted, wiped; another sees only their own meanwhile.

`pages` fails the test on any breach of the Content-Security-Policy and on anything a page throws or logs.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from accounts.models import User
from memories.scoped import ScopedMemory
from tests.conftest import PASSWORD
from tests.e2e.test_chat import say

SAID = (
    "I am vegetarian. Please remember that.",
    "I always want a window seat on flights.",
    "My daughter Mia is allergic to peanuts, and we live in Lisbon.",
)
HERS = {
    "I am vegetarian",
    "I always want a window seat on flights",
    "My daughter Mia is allergic to peanuts",
    "We live in Lisbon",
}


def sign_up(page: Page, email: str) -> None:
    page.goto("/")
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    page.wait_for_url("**/chat/")


def listed(page: Page) -> set[str]:
    """What stands under Your data."""
    page.goto("/data/")
    return set(page.locator("#memory-list .words").all_inner_texts())


def test_remembered_seen_deleted_wiped(pages: Callable[..., Page]) -> None:
    alice, bob = pages(), pages()
    sign_up(alice, "alice@example.org")
    sign_up(bob, "bob@example.org")
    for text in SAID:
        say(alice, text)
        expect(alice.locator(".saved").last).to_contain_text("Saved: ")
    say(bob, "I hate window seats.")

    say(alice, "What should I cook tonight?")
    reply = alice.locator(".turn").last
    expect(reply).to_contain_text("I am vegetarian")
    expect(reply).to_contain_text("allergic to peanuts")
    say(bob, "What should I cook tonight?")
    expect(bob.locator(".turn").last).to_contain_text("only know what you have told me")

    assert listed(alice) == HERS and listed(bob) == {"I hate window seats"}
    alice.locator("#memory-list li", has_text="window seat").get_by_role("button", name="Delete").click()
    expect(alice.locator("#memory-list .words")).to_have_count(3)
    assert listed(alice) == HERS - {"I always want a window seat on flights"}
    assert listed(bob) == {"I hate window seats"}

    alice.goto("/data/wipe/memories/")
    alice.get_by_label(re.compile("Type “wipe”")).fill("wipe")
    alice.get_by_role("button", name="Wipe all memories").click()
    alice.get_by_label("Password").fill(PASSWORD)  # wiping asks for a fresh proof, then goes on by itself
    alice.keyboard.press("Enter")
    alice.wait_for_url(re.compile("/data/receipts/"))
    expect(alice.locator("main")).to_contain_text("Memories")
    assert listed(alice) == set() and listed(bob) == {"I hate window seats"}
    alice.goto("/chat/")
    say(alice, "What do you know about me?")
    expect(alice.locator(".turn").last).to_contain_text("I remember nothing about you yet")
    left = {user.email: ScopedMemory(user).count() for user in User.objects.all()}
    assert left == {"alice@example.org": 0, "bob@example.org": 1}
