"""Script in every text that a person, a model, a file or an administrator can fill: shown on pages, run on none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as site_settings
from django.db import models
from django.test import Client
from playwright.sync_api import Page, Request, expect

from accounts.models import Key, User
from memories.administration import carry_out
from memories.models import ImportPart, Message
from tests.isolation.matrix import ROWS, row_of, url
from tests.isolation.people import Person, person
from tests.isolation.rows import whose
from tests.llm_server import LLMServer, connected

ATTACK = (
    "\"'><img src=x onerror=window.ran=1><script>window.ran=1</script><svg onload=window.ran=1>"
    "[here](javascript:window.ran=1) ![there](https://elsewhere.example/picture) </textarea></title>{{ 7*7 }}"
)
TEXTS = {"text", "title", "reason", "error"}
"""Columns of words, in whichever table."""
FOUND = "window.ran"


@pytest.fixture
def model(settings: Any) -> Iterator[LLMServer]:
    with connected(settings) as running:
        yield running


@pytest.fixture
def them(site: str) -> Person:
    """One of each thing, every word of it the attack; in the address, as far as an address can hold it."""
    made = person("zanzibar")
    carry_out("quota", made.user, "Because it was asked for.", 50)
    for table in apps.get_app_config("memories").get_models():
        columns = [field for field in table._meta.concrete_fields if field.name in TEXTS]
        for field in columns:
            size = field.max_length if isinstance(field, models.CharField) else None
            table._base_manager.filter(**whose(table, made.user)).update(**{field.name: ATTACK[:size]})
    Message.objects.filter(pk=made.ids["message"]).update(error="", learned={"refused": [ATTACK]})
    Key.objects.filter(account=made.user).update(name=ATTACK[:60])
    part = ImportPart.objects.get(owner=made.user)
    part.entries = [{**fields, "text": ATTACK} for fields in part.entries]
    part.save()
    User.objects.filter(pk=made.user.pk).update(email="<img/src=x/onerror=window.ran=1>@example.com")
    made.user.refresh_from_db()
    return made


def signed_in(page: Page, site: str, client: Client) -> list[str]:
    """The browser of this client; returns where its requests go to, from now on, beyond this site."""
    key = client.cookies[site_settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": site_settings.SESSION_COOKIE_NAME, "value": key, "url": site}])
    away: list[str] = []

    def sent(request: Request) -> None:
        if not request.url.startswith((f"{site}/", "data:")):
            away.append(request.url)

    page.on("request", sent)
    page.watch.allow("status of 404")  # type: ignore[attr-defined]
    return away


def harmless(page: Page, where: str) -> None:
    assert page.evaluate(FOUND) is None, where
    bad = "[onerror], [onload], img[src='x'], a[href^='javascript'], img[src*='elsewhere'], main svg[onload]"
    assert page.locator(bad).count() == 0, where


@pytest.mark.slow
def test_nothing_that_was_said_runs(
    page: Page, site: str, them: Person, client_as: Callable[[User], Client], admin: User, model: LLMServer
) -> None:
    away = signed_in(page, site, client_as(them.user))
    names = [name for name in sorted(ROWS) if row_of(name).who == "person" and "GET" in row_of(name).methods]
    paths = [url(name, them.ids) for name in names if not row_of(name).streams and not re.search("json|go_on", name)]
    shown = 0
    for path in [*paths, f"/data/?q={ATTACK}", f"/data/topic/?topic={ATTACK}"]:
        page.goto(path.replace("#", "%23"))
        harmless(page, path)
        shown += "onerror=window.ran" in page.locator("body").inner_text()
    assert shown > 8, "or the attack was on no page, and nothing was shown"

    # What a model writes, as it is streamed and afterwards; what a person types; what a file holds and is called.
    model.say(ATTACK)
    model.say('{"memory": []}')
    page.goto("/chat/")
    page.locator("textarea[name=message]").fill(ATTACK)
    page.locator("textarea[name=message]").press("Enter")
    expect(page.locator(".turn:not(.me) .text").last).to_contain_text("onerror=window.ran")
    harmless(page, "a reply")
    page.goto("/data/import/")
    file = {"name": f"{ATTACK[:40]}.json", "mimeType": "application/json", "buffer": json.dumps([ATTACK]).encode()}
    page.set_input_files("input[type=file]", file)  # type: ignore[arg-type]
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    harmless(page, "an import")
    assert away == []

    # The administration, where the person's address is shown, and searched for.
    office = page.context.browser.new_context(base_url=site).new_page()  # type: ignore[union-attr]
    office.watch = page.watch  # type: ignore[attr-defined]
    away = signed_in(office, site, client_as(admin))
    for path in ("", "accounts/user/", f"accounts/user/?q={ATTACK}", f"accounts/user/{them.user.pk}/change/"):
        office.goto(f"/admin/{path}")
        harmless(office, path)
    assert "onerror=window.ran" in office.content() and away == []
    office.context.close()
