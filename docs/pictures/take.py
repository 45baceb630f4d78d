"""Takes the pictures in this folder anew, from a demo that has just been started on an empty data folder.

    MEMSITE_DATA_DIR=$(mktemp -d) MEMSITE_DEMO_PASSWORD=… make demo
    python docs/pictures/take.py --site http://127.0.0.1:8000 --password …

Fills alice's account through the site itself, as she would. Needs Chromium. Look at each picture before it is kept.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
WIDE, NARROW = (1100, 760), (360, 740)

OWN = (
    "I prefer window seats on long flights",
    "I am learning Portuguese",
    "I drink oat milk",
    "I run on Tuesday evenings",
    "I keep the spare key in the blue pot",
    "I like my replies short",
    "I own a red bicycle",
    "I play chess on Sundays",
    "I want to visit Lisbon in spring",
    "I cannot stand coriander",
    "I moved to Bristol in 2019",
    "I read on the train",
    "I take my holidays in September",
    "I have two cats, Olive and Fig",
    "I bake sourdough every other weekend",
)
WHO = ("My brother Tom", "My colleague Ines", "My neighbour Paul", "My mother", "My friend Sofia")
DOES = (
    "likes hiking",
    "plays the cello",
    "works at the harbour",
    "prefers tea to coffee",
    "learned to sail last summer",
)
TITLES = (
    "The Sea",
    "Night Train",
    "Salt",
    "A Year of Rain",
    "Harbour Lights",
    "Old Maps",
    "Green Glass",
    "The Long Field",
)
WRITERS = ("A. Moreno", "K. Osei", "L. Brandt", "S. Iyer", "P. Novak", "N. Sato", "E. Rossi", "F. Haddad", "M. Costa")
SAID = (
    ("I work as a nurse at the city hospital", "I have two cats. Please remember that."),
    ("Hello! I am vegetarian.", "My daughter Mia is allergic to peanuts", "What can Mia eat?"),
)


def filling() -> str:
    """A file of the site's own format: a year of memories, some of them paused, waiting or ending."""
    now = dt.datetime.now(dt.UTC)
    texts = [*OWN, *(f"{who} {does}" for who in WHO for does in DOES)]
    texts += [f"I own the book {title} by {writer}" for title in TITLES for writer in WRITERS]
    memories = []
    for place, text in enumerate(texts):
        state = "review" if place % 19 == 4 else "paused" if place % 31 == 7 else "active"
        entry = {"text": text, "kind": "inferred" if state == "review" else "stated", "state": state}
        entry["created_at"] = (now - dt.timedelta(days=1 + place * place % 353)).isoformat()
        if place % 37 == 2:
            entry["expires_at"] = (now + dt.timedelta(days=20)).isoformat()
        memories.append(entry)
    return json.dumps({"format": "memsite-export", "version": 1, "memories": memories, "conversations": []})


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile("/chat/"))


def fill(page: Page) -> None:
    for chat in SAID:
        page.goto("/chat/")
        for place, words in enumerate(chat):
            page.get_by_label("Message", exact=True).fill(words)
            page.keyboard.press("Enter")
            page.locator(f".turn:nth-child({2 * place + 2}):not(.streaming) .acts").wait_for()
    page.goto("/data/import/")
    file = {"name": "a-year.json", "mimeType": "application/json", "buffer": filling().encode()}
    page.locator("#file").set_input_files([file])
    page.get_by_role("button", name="Show me what it holds").click()
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_text(re.compile(r"\d+ saved")).wait_for()


def newest_chat(page: Page) -> None:
    page.locator(".side li a").first.click()
    sources = page.locator(".sources > summary").last
    sources.click()
    page.locator(".used").last.evaluate("list => list.scrollIntoView({ block: 'center' })")


def drawer(page: Page) -> None:
    page.locator("#memory-rows .words a").first.click()
    page.locator("#drawer[open] h2").first.wait_for()


def three_ticked(page: Page) -> None:
    for place in range(3):
        page.locator("#memory-rows input[type=checkbox]").nth(place).check()
    page.locator("#bulk").get_by_role("button", name="Delete…").click()
    page.get_by_role("heading", name="Delete 3 memories?").wait_for()


PICTURES: dict[str, tuple[str, Callable[[Page], None] | None]] = {
    "chat": ("/chat/", newest_chat),
    "your-data": ("/data/", None),
    "a-memory": ("/data/?source=chat", drawer),
    "before-deleting": ("/data/?q=book", three_ticked),
    "review": ("/data/review/", None),
    "pictures": ("/data/pictures/", None),
    "activity": ("/data/activity/", None),
    "what-we-hold": ("/data/holdings/", None),
    "import": ("/data/import/", None),
}


def take(page: Page, name: str, path: str, act: Callable[[Page], None] | None = None) -> None:
    answer = page.goto(path)
    if answer is None or not answer.ok:
        sys.exit(f"{path} answers {answer and answer.status}: that is no picture to keep")
    if act:
        act(page)
    page.wait_for_timeout(500)
    page.screenshot(path=HERE / f"{name}.jpg", type="jpeg", quality=72)
    print(name)


def opened(browser: Browser, site: str, size: tuple[int, int], scheme: str) -> Page:
    width, height = size
    context = browser.new_context(
        base_url=site, viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    return context.new_page()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", default="http://127.0.0.1:8000")
    parser.add_argument("--password", required=True, help="alice's, as `make demo` printed it")
    asked = parser.parse_args()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        take(opened(browser, asked.site, WIDE, "light"), "landing", "/")
        page = opened(browser, asked.site, WIDE, "light")
        sign_in(page, "alice@example.com", asked.password)
        fill(page)
        for name, (path, act) in PICTURES.items():
            take(page, name, path, act)
        phone = opened(browser, asked.site, NARROW, "dark")
        sign_in(phone, "alice@example.com", asked.password)
        take(phone, "your-data-phone", "/data/")


if __name__ == "__main__":
    main()
