"""The landing page, the frame around every page, and what is said when a request fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from accounts.models import User
from memsite import urls
from memsite.views import server_error


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def test_a_visitor_is_told_what_this_is(client: Client, db: None) -> None:
    page = soup(client.get("/"))
    assert page.h1 and "remembers you" in page.h1.text
    assert {"/account/login/", "/account/signup/", "/privacy/"} <= {str(link["href"]) for link in page.find_all("a")}


def test_a_visitor_leaves_no_trace(client: Client, db: None) -> None:
    assert not client.get("/").cookies


def test_signed_in_the_start_is_the_chat(owner: User, client_as: Callable[[User], Client]) -> None:
    assert client_as(owner).get("/").headers["Location"] == "/chat/"


def test_another_method_is_refused(client: Client, db: None) -> None:
    assert client.post("/").status_code == 405


def test_the_menu_works_without_scripts(owner: User, client_as: Callable[[User], Client]) -> None:
    page = soup(client_as(owner).get("/account/email/"))
    form = page.select_one("details.menu form")
    assert form and (form["method"], form["action"]) == ("post", "/account/logout/")
    assert page.select_one('details.menu a[href="/account/sessions/"]')
    assert page.select_one('details.menu a[href="/data/wipe/#account"]'), "who wants to leave looks there"
    assert page.select_one('[aria-current="page"]')


def test_only_staff_see_the_way_to_the_admin(owner: User, admin: User, client_as: Callable[[User], Client]) -> None:
    links = [len(soup(client_as(user).get("/account/email/")).select('a[href="/admin/"]')) for user in (owner, admin)]
    assert links == [0, 1]


@pytest.mark.parametrize("path", ["/", "/account/login/", "/nowhere/"])
def test_nothing_inline_and_nothing_from_elsewhere(client: Client, db: None, path: str) -> None:
    page = soup(client.get(path))
    assert not page.select("[style], style, [onclick], [onsubmit]")
    scripts = page.select("script:not([type='application/json'])")
    assert all(str(script.get("src", "")).startswith("/static/") for script in scripts)
    assert all(str(link["href"]).startswith("/") for link in page.select("link"))


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the words of owner@example.com")


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def suspicious(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


def far_too_long(request: HttpRequest) -> HttpResponse:
    raise RequestDataTooBig


urlpatterns = [
    *urls.urlpatterns,
    *(path("500/", broken), path("403/", forbidden), path("400/", suspicious), path("413/", far_too_long)),
]
handler400, handler500 = urls.handler400, urls.handler500


@pytest.mark.parametrize("status", [400, 403, 404, 413, 500])
def test_an_error_says_what_happened_and_what_to_do(status: int, owner: User, client_as: Callable[..., Client]) -> None:
    with override_settings(ROOT_URLCONF=__name__):
        response = client_as(owner, raise_request_exception=False).get(f"/{status}/")
    page = soup(response)
    assert response.status_code == status
    assert page.h1 and page.h1.text.strip()
    assert page.select("main p") and page.select("main a.btn")
    assert response.headers["X-Request-ID"] in page.text, "a reference to name when writing about it"
    assert "owner@example.com" not in page.main.text  # type: ignore[union-attr]


def test_the_500_page_needs_no_database(django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        assert server_error(HttpRequest()).status_code == 500
