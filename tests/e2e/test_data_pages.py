"""Your data in a real browser: list, edit, undo, many, import, by keys; every page at every size, with axe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from memories.chats import ScopedChats
from memories.models import Memory
from memories.scoped import ScopedMemory
from tests.e2e.watching import axe, overflow

# Each width and each scheme once.
SIZES = [
    {"viewport": {"width": 360, "height": 740}, "color_scheme": "light"},
    {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
]


@pytest.fixture
def full(site: str, owner: User) -> ScopedMemory:
    """Thirty memories: one said in a chat and changed since, one paused, one waiting."""
    memory = ScopedMemory(owner)
    posted = ScopedChats(owner).post("I am vegetarian")
    memory.learn("I am vegetarian", message_id=posted.turn.id)
    memory.update(memory.get_all()[0].id, "I am vegan")
    memory.mark_used(posted.reply.id, memory.get_all())
    for n in range(27):
        memory.write(f"I own book number {n}")
    memory.pause(memory.write("I worked at a bank")[0].id)
    waiting, _ = memory.write("Probably lives near a harbour")
    Memory.objects.filter(pk=waiting.id).update(state="review", kind="inferred")
    return memory


@pytest.fixture
def data(page: Page, full: ScopedMemory, owner: User, come_in: Callable[..., None]) -> Page:
    come_in(page, owner)
    page.goto("/data/")
    return page


def rows(page: Page) -> Any:
    return page.locator("#memory-rows > li")


def test_pause_is_taken_back_by_keyboard(data: Page) -> None:
    row = rows(data).nth(5)
    row.get_by_role("button", name="Pause").press("Enter")
    expect(row.get_by_role("button", name="Resume")).to_be_focused()
    expect(data.locator(".facets")).to_contain_text("Paused 2")
    data.keyboard.press("Enter")
    expect(row.get_by_role("button", name="Pause")).to_be_focused()
    expect(data.locator(".facets")).to_contain_text("Paused 1")


def test_delete_is_taken_back_by_keyboard(data: Page, full: ScopedMemory) -> None:
    rows(data).first.get_by_role("button", name="Delete").press("Enter")
    expect(data.locator("#undo")).to_contain_text("Deleted.")
    expect(data.locator(".order")).to_contain_text("29 memories")
    expect(data.locator("#strip")).to_contain_text("29 memories")
    expect(data.locator("#undo button")).to_be_focused()
    data.keyboard.press("Enter")
    expect(data.locator(".order")).to_contain_text("30 memories")
    expect(data.locator("#strip")).to_contain_text("30 memories")
    expect(rows(data).first.get_by_role("link", name="Edit")).to_be_focused()
    assert full.count() == 30


def test_edit_in_place_by_enter_and_escape(data: Page, full: ScopedMemory) -> None:
    row = rows(data).nth(2)
    row.get_by_role("link", name="Edit").click()
    expect(row.locator("textarea")).to_be_focused()
    data.keyboard.type(", the blue one")
    data.keyboard.press("Enter")
    expect(row.locator(".words")).to_contain_text("the blue one")
    row.get_by_role("link", name="Edit").click()
    expect(row.locator("textarea")).to_be_focused()
    data.keyboard.type("never kept")
    data.keyboard.press("Escape")
    expect(row.locator(".words")).to_contain_text("the blue one")
    assert not any("never kept" in memory.memory for memory in full.get_all())


def test_stale_edit_keeps_what_was_typed(data: Page, full: ScopedMemory) -> None:
    data.watch.allow("409")  # type: ignore[attr-defined]
    row = rows(data).nth(2)
    row.get_by_role("link", name="Edit").click()
    expect(row.locator("textarea")).to_be_focused()
    full.update(row.get_attribute("id").removeprefix("memory-"), "I changed elsewhere")
    row.locator("textarea").fill("I changed here")
    data.keyboard.press("Enter")
    expect(row).to_contain_text("changed elsewhere")
    expect(row.locator("textarea")).to_have_value("I changed here")


def test_many_are_ticked_shown_deleted_and_taken_back(data: Page, full: ScopedMemory) -> None:
    expect(data.locator("#bulk")).to_be_hidden()
    for place in range(3):
        rows(data).nth(place).locator("input[type=checkbox]").check()
    expect(data.locator("#bulk")).to_contain_text("3 selected")
    data.locator("#bulk").get_by_role("button", name="Delete…").click()
    expect(data.get_by_role("heading", name="Delete 3 memories?")).to_be_visible()
    data.get_by_role("button", name="Delete 3 memories").click()
    expect(data.locator("#undo")).to_contain_text("Deleted: 3 memories.")
    data.locator("#undo button").click()
    expect(data.locator("#toasts")).to_contain_text("Taken back: 3 memories.")
    assert full.count() == 30


def test_filters_and_search_live_in_the_address(data: Page) -> None:
    data.get_by_role("link", name="Typed 29").click()
    data.wait_for_url("**source=typed**")
    data.get_by_label("Search your memories").fill("bank")
    data.keyboard.press("Enter")
    data.wait_for_url("**q=bank**")
    expect(data.locator(".order")).to_contain_text("best match first")
    assert "source=typed" in data.url
    data.go_back()
    expect(data.locator(".order")).to_contain_text("29 memories")
    data.reload()
    expect(data.locator(".order")).to_contain_text("29 memories")


def test_drawer_shows_a_memory_and_closes(data: Page) -> None:
    data.goto("/data/?q=vegan")
    rows(data).first.locator(".words a").click()
    expect(data.locator("#drawer")).to_contain_text("Go to this point")
    expect(data.locator("#drawer del")).to_have_text("I am vegetarian")
    data.keyboard.press("Escape")
    expect(data.locator("#drawer")).to_be_hidden()


def test_switch_saves_itself(data: Page, full: ScopedMemory) -> None:
    data.get_by_label("Learn from my chats").uncheck()
    expect(data.locator(".strip strong")).to_contain_text("learns nothing new")
    assert not full.preferences.learn


def test_review_by_keys(data: Page, full: ScopedMemory) -> None:
    data.goto("/data/review/")
    data.keyboard.press("k")
    expect(data.locator("#undo")).to_contain_text("Kept")
    data.locator("#undo button").click()
    expect(data.locator("#review-rows")).to_contain_text("harbour")
    data.keyboard.press("d")
    expect(data.locator("#undo")).to_contain_text("Discarded")


def test_long_import_runs_to_its_end(data: Page, full: ScopedMemory) -> None:
    lines = "\n".join(f"I own record number {n}" for n in range(1_100))
    data.goto("/data/import/")
    data.get_by_label("A file from your device").set_input_files(
        {"name": "list.txt", "mimeType": "text/plain", "buffer": lines.encode()}
    )
    data.get_by_role("button", name="Show me what it holds").click()
    expect(data.locator("#import-job")).to_contain_text("1,100 new")
    data.get_by_role("button", name="Import").click()
    expect(data.locator("#import-job")).to_contain_text("1,100 saved", timeout=30_000)
    assert full.count() == 1_130


def test_export_downloads(data: Page) -> None:
    data.goto("/data/export/")
    with data.expect_download() as download:
        data.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename.endswith(".json")


def test_everything_works_without_scripts(
    pages: Callable[..., Page], full: ScopedMemory, owner: User, come_in: Callable[..., None]
) -> None:
    page = pages(java_script_enabled=False)
    come_in(page, owner)
    page.goto("/data/")
    rows(page).first.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").click()
    assert full.count() == 30
    rows(page).nth(3).get_by_role("link", name="Edit").click()
    page.get_by_label("What is remembered").fill("I own one book less")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("Saved")
    rows(page).nth(3).locator("input[type=checkbox]").check()
    page.locator("#bulk").get_by_role("button", name="Pause").click()
    expect(page.locator("#toasts")).to_contain_text("Paused: 1 memory.")


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size['viewport']['width']}-{size['color_scheme']}")
def test_pages_fit_and_axe_finds_nothing(
    pages: Callable[..., Page], full: ScopedMemory, owner: User, come_in: Callable[..., None], size: dict[str, Any]
) -> None:
    page = pages(**size)
    come_in(page, owner)
    memory = next(memory for memory in full.get_all() if memory.memory == "I am vegan")
    for path in (
        "/data/",
        "/data/?q=book&all=1",
        "/data/?q=nothing+like+it+zzz",
        f"/data/{memory.id}/",
        f"/data/{memory.id}/edit/",
        "/data/topic/?topic=bank",
        "/data/review/",
        "/data/pictures/",
        "/data/activity/",
        "/data/sent/",
        "/data/export/",
        "/data/import/",
        "/data/holdings/",
        "/privacy/",
    ):
        page.goto(path)
        assert (path, overflow(page), axe(page)) == (path, 0, [])
