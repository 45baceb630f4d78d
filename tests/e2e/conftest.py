"""A real browser on a real server: uvicorn on loopback in this process, Chromium without a window.

`site` is the address; `page` a fresh person's page; `pages()` more of them. A test fails when a page breaks the
Content-Security-Policy, throws, or logs an error, unless it said so before: `page.watch.allow("pattern")`.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from accounts.models import User
from tests.conftest import PASSWORD, SEED
from tests.e2e.watching import Watch

CHROMIUMS = ("chromium-headless-shell", "chromium", "google-chrome")
"""The first has no windows to draw, and takes a third less of the processor."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands in this folder is a browser test."""
    for item in items:
        if "tests/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def _server() -> Iterator[str]:
    """The site as it runs in earnest, with its own threads and its own connections to the test database."""
    from memsite.asgi import application

    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application, log_config=None, lifespan="off", timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def site(_server: str, transactional_db: None) -> str:
    """The address. Rows are committed, so that the server sees them, and swept away afterwards."""
    return _server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium a module. Not for longer: while it is there, the process counts as running an event loop, which
    would be in the way of tests of our own async code."""
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if not chromium:
        pytest.skip("no Chromium: apt-get install chromium-headless-shell, or name one in CHROMIUM")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the loop is playwright's; the ORM is used beside it, not in it
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def pages(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """`pages(**options)`: a page in a context of its own, as if on another computer, watched until the test ends."""
    opened: list[Page] = []

    def open_one(**options: Any) -> Page:
        options = {"base_url": site, "viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **options}
        context = browser.new_context(**options)
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.watch = Watch(page)  # type: ignore[attr-defined]
        opened.append(page)
        return page

    yield open_one
    problems = [f"{problem}" for page in opened for problem in page.watch.problems]  # type: ignore[attr-defined]
    for page in opened:
        page.context.close()
    assert not problems, "\n".join(problems)


@pytest.fixture
def page(pages: Callable[..., Page]) -> Page:
    return pages()


def code_of(seed: str) -> str:
    """What an authenticator app with this seed shows now."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(seed, int(time.time()) // 30))


@pytest.fixture
def sign_in() -> Callable[..., None]:
    """`sign_in(page, user)`: through the form, as a person does."""

    def through_the_form(page: Page, user: Any, password: str = PASSWORD) -> None:
        page.goto("/account/login/")
        page.get_by_label("Email").fill(user.email)
        page.get_by_label("Password").fill(password)
        page.locator("main").get_by_role("button", name=re.compile("^sign in$", re.I)).click()
        page.wait_for_url(re.compile("/(chat|account/2fa/authenticate)/"))
        if "/2fa/" in page.url:
            page.get_by_label("Code").fill(code_of(SEED))
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(re.compile("/chat/"))

    return through_the_form


@pytest.fixture
def come_in(site: str, client_as: Callable[[User], Client]) -> Callable[[Page, User], None]:
    """`come_in(page, user)`: by a session made on the spot, its proof fresh. Signing in has tests of its own."""

    def with_a_cookie(page: Page, user: User) -> None:
        key = client_as(user).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])

    return with_a_cookie
