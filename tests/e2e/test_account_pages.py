"""Every page around an account: accessible, within its window, under the policy, light and dark, desk and phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from accounts.models import User
from tests.conftest import PASSWORD
from tests.e2e.watching import axe, overflow

# Each width and each scheme once; a fault that shows in one pairing alone would be one of colours by width.
SCREENS = [
    pytest.param({"width": 1280, "height": 844}, "light", id="desk-light"),
    pytest.param({"width": 390, "height": 844}, "dark", id="phone-dark"),
]
VISITORS = [
    "/",
    "/privacy/",
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
    "/account/password/reset/done/",
]
MEMBERS = [
    "/account/email/",
    "/account/password/change/",
    "/account/sessions/",
    "/account/elsewhere/",
    "/account/keys/",
    "/account/logout/",
]
ADMIN = ["/admin/", "/admin/accounts/user/", "/admin/accounts/user/add/"]


def judge(page: Page, path: str) -> list[str]:
    page.goto(path)
    return [f"{path}: {line}" for line in axe(page)] + ([f"{path}: too wide"] if overflow(page) else [])


@pytest.mark.parametrize(("viewport", "scheme"), SCREENS)
def test_what_a_visitor_sees(pages: Callable[..., Page], viewport: Any, scheme: str) -> None:
    page = pages(viewport=viewport, color_scheme=scheme)
    page.watch.allow("404")  # type: ignore[attr-defined]
    assert [line for path in [*VISITORS, "/nowhere/"] for line in judge(page, path)] == []


@pytest.mark.parametrize(("viewport", "scheme"), SCREENS)
def test_what_a_member_sees(
    pages: Callable[..., Page], owner: User, sign_in: Callable[..., None], viewport: Any, scheme: str
) -> None:
    page = pages(viewport=viewport, color_scheme=scheme)
    sign_in(page, owner)
    assert [line for path in MEMBERS for line in judge(page, path)] == []
    page.locator("details.menu > summary").click()
    assert axe(page) == []


def test_errors_in_a_form_are_read_out(page: Page, site: str) -> None:
    page.goto("/account/signup/")
    page.get_by_label("Email").fill("new@example.com")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Create the account").click()
    field = page.get_by_label("Password")
    assert field.get_attribute("aria-invalid") == "true"
    assert "id_password1_error" in (field.get_attribute("aria-describedby") or "")
    assert axe(page) == []


def test_the_stock_admin_runs_under_the_policy(page: Page, admin: User, sign_in: Callable[..., None]) -> None:
    sign_in(page, admin)
    for path in [*ADMIN, f"/admin/accounts/user/{admin.pk}/change/"]:
        page.goto(path)
        assert page.locator("h1, #site-name").first.is_visible()


def test_the_menu_closes_with_escape_and_by_clicking_elsewhere(
    page: Page, owner: User, sign_in: Callable[..., None]
) -> None:
    sign_in(page, owner)
    page.goto("/account/email/")
    menu = page.locator("details.menu")
    for close in (lambda: page.keyboard.press("Escape"), lambda: page.locator("h1").click()):
        menu.locator("summary").click()
        assert menu.get_attribute("open") is not None
        close()
        assert menu.get_attribute("open") is None


def test_without_scripts_one_signs_up_and_out(pages: Callable[..., Page]) -> None:
    page = pages(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("Email").fill("new@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    page.wait_for_url("**/chat/")
    page.goto("/account/email/")
    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="Sign out").click()
    assert page.get_by_text("You are signed out.").is_visible()
    assert User.objects.filter(email="new@example.com").exists()


def test_the_first_tab_stop_skips_to_the_content(page: Page, site: str) -> None:
    page.goto("/account/login/")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
