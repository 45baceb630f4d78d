"""With secret words in memories, messages and addresses: no log line, no admin page and no address holds one."""

from __future__ import annotations

import json
import logging.config
import re
from collections.abc import Iterator
from io import BytesIO, StringIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings as site
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from memsite import logging as site_logging
from tests.isolation.matrix import ROWS, routes, row_of, url
from tests.isolation.people import person
from tests.llm_server import LLMServer, connected

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SECRET = "zanzibar"
"""In every text; people.person() puts it into the address as well."""
TYPED = {"q", "topic"}
"""Parts of an address that a person fills in."""
LINKS = ("href", "action", "src", "hx-get", "hx-post", "hx-push-url", "formaction", "data-url")


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Everything that the site writes to its log, at the most talkative level it can be set to."""
    written = StringIO()
    config = site_logging.configured("DEBUG", words=False)
    config["handlers"]["console"]["stream"] = written
    logging.config.dictConfig(config)
    yield written
    logging.config.dictConfig(site.LOGGING)


@pytest.fixture
def model(settings: Any) -> Iterator[LLMServer]:
    with connected(settings) as running:
        yield running


def journey(client: Client) -> list[Any]:
    """A day on the site, each step with the secret word in what is sent; what was answered."""
    user = person(SECRET)
    said = f"I keep {SECRET} kestrels"
    answers = [
        client.post(reverse("account_signup"), {"email": f"{SECRET}2@example.com", "password1": "short"}),
        client.post(reverse("account_login"), {"login": user.user.email, "password": f"{SECRET}-wrong"}),
        client.post(reverse("account_reset_password"), {"email": user.user.email}),
        client.post(reverse("account_login"), {"login": user.user.email, "password": "quiet-harbour-lantern-7"}),
    ]
    client.force_login(user.user)
    answers += [
        client.post(reverse("memories:chat"), {"message": said, "nonce": SECRET}),
        client.post(reverse("memories:chat"), {"message": f"\x00{said}"}),
        client.post(reverse("memories:conversations"), {"words": SECRET}),
        client.post(reverse("memories:add"), {"text": said}),
        client.post(reverse("memories:add"), {"text": f"{said} " * 2000}),
        client.post(reverse("memories:import"), {"file": named(f"{SECRET}.json", json.dumps([said, {SECRET: 1}]))}),
        client.get(reverse("memories:data"), {"q": said}),
        client.get(reverse("memories:topic"), {"topic": said}),
        client.get(f"/{SECRET}/?{SECRET}={SECRET}"),
        client.get(reverse("memories:chat") + f"{SECRET}/"),
    ]
    for name in sorted(ROWS):
        row = row_of(name)
        if row.who == "person" and "GET" in row.methods and not row.streams:
            answers.append(client.get(url(name, user.ids)))
    return answers


def named(name: str, content: str) -> BytesIO:
    file = BytesIO(content.encode())
    file.name = name
    return file


# --- The log ----------------------------------------------------------------------------------------------------------
def test_no_line_of_the_log_holds_what_was_said(client: Client, log: StringIO) -> None:
    journey(client)
    lines = log.getvalue()
    assert lines.count("\n") > 40, "or nothing was logged, and the test shows nothing"
    assert [line for line in lines.splitlines() if SECRET in line.lower() or "example.com" in line] == []


@pytest.mark.parametrize("answer", [f'{{"memory": ["{SECRET}"]}}', f"no json {SECRET}", f'{{"{SECRET}": ['])
def test_a_model_that_misbehaves_is_not_quoted(client: Client, log: StringIO, model: LLMServer, answer: str) -> None:
    client.force_login(User.objects.create_user(f"{SECRET}@example.com"))
    for number, status in enumerate((200, 500, 429)):
        model.say(f"Hello {SECRET}", status=status)
        model.say(answer)
        client.post(reverse("memories:chat"), {"message": f"I keep {SECRET} owls {number}"})
    assert SECRET in model.prompts()
    assert SECRET not in log.getvalue().lower()


@pytest.mark.parametrize("table", ["memories_memory", "memories_message", "memories_ownerstate"])
def test_a_failure_inside_is_logged_without_what_was_at_hand(log: StringIO, table: str) -> None:
    """An error whose message quotes the row, as drivers' do, below a page that was sent the secret."""
    user = person(SECRET)
    client = Client(raise_request_exception=False)
    client.force_login(user.user)

    def broken(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if f'"{table}"' in sql:
            raise RuntimeError(f"DETAIL: row ({SECRET}, {params})")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(broken):
        page = client.post(reverse("memories:chat") + f"?q={SECRET}", {"message": SECRET})
        also = client.post(reverse("memories:add"), {"text": SECRET})
    assert 500 in (page.status_code, also.status_code)
    assert "RuntimeError" in log.getvalue()
    assert SECRET not in log.getvalue().lower() and SECRET.encode() not in page.content + also.content


def test_the_log_would_show_a_secret_that_was_logged(log: StringIO) -> None:
    logging.getLogger("memories.anything").debug("kept %s", SECRET)
    assert SECRET in log.getvalue()


# --- Addresses --------------------------------------------------------------------------------------------------------
def test_no_address_the_site_makes_holds_what_was_said(client: Client) -> None:
    """Neither a link, nor where a form goes, nor a redirect. (What one searches for stands in the address of that one
    search, and in the links beside it: docs/security.md.)"""
    found = []
    for response in journey(client):
        if response.wsgi_request.GET.keys() & TYPED:
            continue
        found.append(response.headers.get("Location", ""))
        if not response.streaming and "html" in response.headers.get("Content-Type", ""):
            page = BeautifulSoup(response.content, "html.parser")
            found += [tag[name] for tag in page.find_all(True) for name in LINKS if tag.has_attr(name)]
    assert len(set(found)) > 40
    assert [address for address in found if SECRET in address] == []


@pytest.mark.parametrize("part", sorted(TYPED))
def test_words_in_the_address_of_a_search_go_nowhere(client: Client, part: str) -> None:
    """No link, form, picture or script of that page leads to another site, and no request from it tells the address."""
    client.force_login(person(SECRET).user)
    page = client.get(reverse("memories:topic" if part == "topic" else "memories:data"), {part: f"{SECRET} stamps"})
    tags = BeautifulSoup(page.content, "html.parser").find_all(True)
    found = [str(tag[name]) for tag in tags for name in (*LINKS, "data", "poster", "content") if tag.has_attr(name)]
    assert len(found) > 20
    assert [address for address in found if "//" in address] == []
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "connect-src 'self'" in page.headers["Content-Security-Policy"]
    # Nor does any answer send the browser on with it.
    assert page.status_code == 200 and not {"Location", "Refresh", "Link"} & set(page.headers)


# --- The admin --------------------------------------------------------------------------------------------------------
def admin_pages(client: Client) -> dict[str, bytes]:
    """Every page that is reached from the admin's first one by links."""
    waiting, seen = [reverse("admin:index")], {}
    while waiting:
        path = waiting.pop()
        if path in seen or "/logout/" in path:
            continue
        response = client.get(path)
        seen[path] = response.content if not response.streaming else b""
        links = re.findall(rb'href="([^"#]+)"', seen[path])
        for link in (match.decode().replace("&amp;", "&") for match in links):
            where = link if link.startswith("/") else path.partition("?")[0] + link if link.startswith("?") else ""
            # The orders of a list are many and show the same.
            if where.startswith(reverse("admin:index")) and "o=" not in where and len(seen) + len(waiting) < 120:
                waiting.append(where)
    return seen


@pytest.mark.slow
def test_no_admin_page_holds_what_was_said(client: Client, admin: User) -> None:
    them = person(SECRET)
    # The address is what an admin knows people by.
    User.objects.filter(pk=them.user.pk).update(email="someone@example.com")
    client.force_login(admin)
    pages = admin_pages(client)
    assert len(pages) > 8
    told = b"\n".join(pages.values())
    assert SECRET.encode() not in told
    # Nor can the admin be asked who said it.
    lists = [path for path in pages if path.endswith("/user/")]
    assert lists and all(client.get(path, {"q": SECRET}).context["cl"].result_count == 0 for path in lists)
    assert str(them.user.namespace).encode() not in told and them.ids["memory"].encode() not in told


def test_an_ordinary_user_gets_no_page_of_the_admin(client: Client) -> None:
    them = person(SECRET)
    client.force_login(them.user)
    tried = 0
    for name, pattern in routes():
        if name.startswith("admin:"):
            words = dict.fromkeys(pattern.pattern.regex.groupindex, "1")
            words |= {"app_label": "auth"} if "app_label" in words else {}
            path = reverse(name, kwargs=words) if pattern.name else f"{reverse('admin:index')}nothing/"
            for method in ("GET", "HEAD", "POST", "PUT", "DELETE"):
                response = client.generic(method, path)
                tried += 1
                assert response.status_code in (302, 403, 404, 405), (method, path)
                assert response.headers.get("Location", reverse("account_login")).startswith(("/account/", "/admin/"))
    assert tried > 50
