"""Log lines: routes and ids, never a person's address or words."""

from __future__ import annotations

import asyncio
import gc
import logging
import re
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from django.views.debug import get_exception_reporter_filter

from accounts.keys import make
from accounts.models import User
from memories.scoped import ScopedMemory
from memsite import logging as site_logging
from memsite import urls
from memsite.requests import mark_of


def broken(request: HttpRequest, word: str) -> HttpResponse:
    try:
        raise KeyError("canary-cause")
    except KeyError as cause:
        raise ValueError(f"canary-message {request.GET} {request.POST}") from cause


urlpatterns = [*urls.urlpatterns, path("broken/<word>/", broken)]
handler500 = urls.handler500


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """What the site's handler writes, at the most talkative level."""
    written = StringIO()
    config = site_logging.configured("DEBUG", words=False)["handlers"]["console"]
    handler = logging.StreamHandler(written)
    handler.setFormatter(site_logging.NoContentFormatter())
    handler.addFilter(site_logging.NoPaths())
    assert (config["filters"], config["formatter"]) == (["no_paths"], "plain")
    names = ("django", "memsite", "accounts", "memories", "asyncio")
    for name in names:
        logging.getLogger(name).addHandler(handler)
    yield written
    for name in names:
        logging.getLogger(name).removeHandler(handler)


def test_a_page_not_found_is_logged_without_its_path(client: Client, db: None, lines: StringIO) -> None:
    client.get("/canary-path/?q=canary-query")
    assert "404" in lines.getvalue()
    assert "canary" not in lines.getvalue()


def test_a_failure_is_logged_by_place_and_kind_alone(
    owner: User, client_as: Callable[..., Client], lines: StringIO
) -> None:
    with override_settings(ROOT_URLCONF=__name__):
        client = client_as(owner, raise_request_exception=False)
        response = client.post("/broken/canary-word/?q=canary-query", {"message": "canary-body"})
    text = lines.getvalue()
    assert response.headers["X-Request-ID"] in text
    assert "builtins.ValueError" in text and "builtins.KeyError" in text
    assert "/broken/<word>/" in text and "test_logging.py" in text
    assert "canary" not in text and owner.email not in text


def test_a_refused_host_is_not_repeated(client: Client, db: None, lines: StringIO) -> None:
    client.get("/", headers={"host": "canary.example"})
    assert "refused: DisallowedHost" in lines.getvalue()
    assert "canary" not in lines.getvalue()


def test_a_forged_form_is_logged_without_its_origin(
    owner: User, client_as: Callable[..., Client], lines: StringIO
) -> None:
    client_as(owner, enforce_csrf_checks=True).post("/account/logout/", headers={"origin": "https://canary.example"})
    assert "refused: csrf" in lines.getvalue()
    assert "canary" not in lines.getvalue()


def test_the_lines_of_one_person_bear_one_mark_that_names_nobody(
    owner: User, stranger: User, client: Client, client_as: Callable[..., Client], lines: StringIO
) -> None:
    for who in (owner, stranger):
        client_as(who).get("/data/", {"q": "canary"})
        client_as(who).post("/data/add/", {"text": "canary"})
    client.get("/account/login/")
    client_as(owner).post("/account/logout/")
    found = re.findall(r"\[[0-9a-f]{12}\] (\w+) (\S+) status=\d+ ms=\d+ person=(\S+)", lines.getvalue())
    assert [route for _, route, _ in found] == [*["/data/", "/data/add/"] * 2, "/account/login/", "/account/logout/"]
    marks = [mark for _, _, mark in found]
    assert marks == [*[mark_of(owner)] * 2, *[mark_of(stranger)] * 2, "-", mark_of(owner)]
    assert mark_of(owner) != mark_of(stranger) and len(mark_of(owner)) == 12
    text = lines.getvalue()
    for secret in (str(owner.namespace), owner.namespace.hex, owner.email, "canary", f"person={owner.pk} "):
        assert secret not in text


def test_a_program_bears_the_mark_of_the_person_whose_key_it_brings(
    owner: User, stranger: User, client_as: Callable[..., Client], lines: StringIO
) -> None:
    """Not that of the cookie beside it; and the key opens the memory of its own person alone."""
    for user, text in ((owner, "I keep kestrels"), (stranger, "I keep herons")):
        ScopedMemory(user).add(text, infer=False)
    bearer = {"Authorization": f"Bearer {make(owner, 'both', may_write=True, days=1).token}"}
    client = client_as(stranger)
    told = client.get("/api/v1/memories", headers=bearer).content
    page = client.get("/data/", headers=bearer).content
    assert b"kestrels" in told and b"herons" not in told
    assert b"herons" in page and b"kestrels" not in page
    marks = re.findall(r"person=(\S+)", lines.getvalue())
    assert marks == [mark_of(owner), mark_of(stranger)]
    assert bearer["Authorization"].split()[1] not in lines.getvalue()


def test_the_mark_cannot_be_made_without_the_sites_secret(owner: User, settings: Any) -> None:
    before = mark_of(owner)
    settings.SECRET_KEY = "another" * 8
    assert mark_of(owner) != before


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("sent to ada.l+x@example.com now", "sent to [e-mail] now"),
        ("GET /data/?q=peanuts HTTP/1.1", "GET /data/ HTTP/1.1"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_addresses_and_queries_that_slip_through_are_taken_out(said: str, written: str) -> None:
    record = logging.LogRecord("memsite", logging.INFO, __file__, 1, said, None, None)
    assert site_logging.NoContentFormatter().format(record).endswith(written)


def test_a_developer_may_read_the_message() -> None:
    formatter = site_logging.NoContentFormatter(words=True)
    try:
        raise ValueError("what went wrong")
    except ValueError as error:
        assert "what went wrong" in formatter.formatException((ValueError, error, error.__traceback__))


def test_exception_reports_hold_no_variables_forms_or_headers(rf: RequestFactory) -> None:
    request = rf.post("/", {"message": "canary"}, headers={"x-canary": "canary"})
    request.COOKIES["sessionid"] = "canary"
    reports: Any = get_exception_reporter_filter(request)
    for content in (
        reports.get_post_parameters(request),
        reports.get_traceback_frame_variables(request, None),
        reports.get_safe_request_meta(request),
        reports.get_safe_cookies(request),
    ):
        assert not list(content)


@pytest.mark.parametrize("name", ["uvicorn.access", "django.server"])
def test_lines_that_carry_whole_paths_are_silent(name: str) -> None:
    assert not logging.getLogger(name).isEnabledFor(logging.ERROR)


def test_a_task_that_broke_is_logged_without_what_it_broke_on(lines: StringIO) -> None:
    async def breaks() -> None:
        raise ValueError("canary-message")

    async def nobody_waits() -> None:
        task = asyncio.create_task(breaks())
        await asyncio.sleep(0)
        del task
        gc.collect()

    asyncio.run(nobody_waits())
    assert "Task exception was never retrieved" in lines.getvalue() and "builtins.ValueError" in lines.getvalue()
    assert "canary" not in lines.getvalue()
