"""Every route, tried by its owner, a stranger, somebody signed out, with the wrong method, and with ids that are
malformed, unknown or another person's."""

from __future__ import annotations

import itertools
import json
import re
import time
import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse

from tests.isolation.matrix import METHODS, READING_WRITES, ROWS, Row, arguments, routes, row_of, url
from tests.isolation.people import Person
from tests.isolation.rows import all_rows, changed, rows_of
from tests.isolation.sql_watch import watched

pytestmark = pytest.mark.django_db

NAMES = sorted({name for name, _ in routes()})
PLAIN = [name for name in NAMES if row_of(name).who != "staff" and not row_of(name).streams] if ROWS else []
PERSONAL = [name for name in PLAIN if row_of(name).who == "person"]
PROGRAMS = [name for name in PLAIN if row_of(name).who == "program"]
WITH_IDS = [name for name in PLAIN if row_of(name).ids]
POSTS = [name for name in PERSONAL if "POST" in row_of(name).methods and not row_of(name).session]
READS = [name for name in PLAIN if "GET" in row_of(name).methods]

# What differs from one answer to the next: the form's token, the composer's key, a moment with its fractions, and the
# reference of the request.
TOKEN = re.compile(
    rb'\b[A-Za-z0-9]{64}\b|(?<=name="nonce" value=")[^"]+|\d{4}-\d\d-\d\dT[\d:.]+(?:\+00:00|Z)?'
    rb"|(?<=<code>)[0-9a-f]{12}(?=</code>)"
)
MALFORMED = ["x", "..", "UPPER", "BARE", "LONG", "%00"]


# --- The table is whole -----------------------------------------------------------------------------------------------
def test_every_route_has_a_row_and_every_row_a_route() -> None:
    named = {name for name in NAMES if not name.startswith("admin:")}
    assert named == set(ROWS), "say in tests/isolation/matrix.py who may use the new route, and how"


def test_every_argument_of_a_path_is_told() -> None:
    for name, pattern in routes():
        if not name.startswith("admin:"):
            row = row_of(name)
            assert set(pattern.pattern.converters) | set(pattern.pattern.regex.groupindex) <= {*row.ids, *row.args}, (
                name
            )


# --- Helpers ----------------------------------------------------------------------------------------------------------
def form(row: Row, ids: Mapping[str, str]) -> dict[str, Any]:
    return dict(row.send(ids) if callable(row.send) else row.send)


def signed_in(who: Person) -> Client:
    """As a person, by cookie, and as a program of theirs, by key: each route takes the one and not the other. With a
    fresh proof: wiping and exporting are to be reached, not asked about."""
    client = Client(headers={"Authorization": f"Bearer {who.token}"})
    client.force_login(who.user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(who.user.pk)
    session.save()
    return client


def body(response: Any) -> bytes:
    if not getattr(response, "streaming", False):
        content: bytes = response.content
        return content

    async def collected() -> bytes:
        return b"".join([piece async for piece in response.streaming_content])

    return async_to_sync(collected)() if response.is_async else b"".join(response.streaming_content)


def told(response: HttpResponse, hide: Mapping[str, str]) -> tuple[Any, ...]:
    """Everything in an answer that could tell one case from another: tokens of the moment and the ids that were sent
    are taken out, the rest is compared byte for byte."""
    content, place = TOKEN.sub(b"(token)", body(response)), response.headers.get("Location", "")
    for key in hide.values():
        content, place = content.replace(key.encode(), b"(id)"), place.replace(key, "(id)")
    passing = {"X-Request-ID", "Set-Cookie", "Content-Security-Policy", "Content-Length", "Location", "Date"}
    headers = sorted((name, value) for name, value in response.headers.items() if name not in passing)
    return response.status_code, place, headers, content


def same(foreign: tuple[Any, ...], unknown: tuple[Any, ...], *where: str) -> None:
    """Equal byte for byte; otherwise the lines that tell the two apart are named."""
    assert foreign[:3] == unknown[:3], where
    lines = zip(foreign[3].splitlines(), unknown[3].splitlines(), strict=False)
    assert [pair for pair in lines if pair[0] != pair[1]] == [], where
    assert foreign[3] == unknown[3], where


def send(client: Client, method: str, name: str, ids: Mapping[str, str]) -> Any:
    data = form(row_of(name), ids) if method == "POST" else None
    if row_of(name).who == "program" and method in ("POST", "PATCH"):
        sent = json.dumps(form(row_of(name), ids))
        return client.generic(method, url(name, ids), sent, content_type="application/json")
    if method in ("GET", "HEAD", "POST"):
        return client.generic(method, url(name, ids)) if data is None else client.post(url(name, ids), data)
    return client.generic(method, url(name, ids))


# --- Signed out -------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_signed_out_leads_to_the_sign_in_page(ana: Person, subtests: pytest.Subtests) -> None:
    client, before = Client(), all_rows(but=READING_WRITES)
    for name, method in [(one, method) for one in PERSONAL for method in row_of(one).methods]:
        with subtests.test(name, method=method):
            client.cookies.clear()
            response = send(client, method, name, ana.ids)
            assert response.status_code == 302
            assert response.headers["Location"].startswith(reverse(settings.LOGIN_URL))
            assert ana.canary.encode() not in body(response)
    assert changed(before, all_rows(but=READING_WRITES)) == []


@pytest.mark.parametrize("name", PROGRAMS)
def test_without_a_key_a_program_gets_nothing_whatever_its_cookies(ana: Person, name: str) -> None:
    cookies = signed_in(ana)
    cookies.defaults.pop("HTTP_AUTHORIZATION")
    before = all_rows(but=READING_WRITES)
    for client in (Client(), cookies, Client(headers={"Authorization": "Bearer msk_nobodys"})):
        for method in row_of(name).methods:
            response = send(client, method, name, ana.ids)
            assert response.status_code == 401 and response.headers["WWW-Authenticate"].startswith("Bearer"), method
            assert ana.canary.encode() not in body(response) and not response.cookies
    assert all_rows(but=READING_WRITES) == before


@pytest.mark.parametrize("name", PERSONAL[:3])
def test_a_key_opens_no_page(ana: Person, name: str) -> None:
    response = Client(headers={"Authorization": f"Bearer {ana.token}"}).get(url(name, ana.ids))
    assert response.status_code == 302 and response.headers["Location"].startswith(reverse(settings.LOGIN_URL))


# --- Wrong methods ----------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_wrong_method_is_refused_and_changes_nothing(ana: Person, subtests: pytest.Subtests) -> None:
    clients = {"person": signed_in(ana)}
    before = all_rows(but=READING_WRITES)
    for name, method in [(one, method) for one in PLAIN for method in set(METHODS) - set(row_of(one).methods)]:
        with subtests.test(name, method=method):
            response = clients.get(row_of(name).who, Client()).generic(method, url(name, ana.ids))
            # allauth decides before it looks at the method whether the page is open at all.
            assert response.status_code in ((200, 302, 400, 403, 405) if row_of(name).session else (405,))
    assert clients["person"].get(reverse("memories:data")).status_code == 200, "still signed in"
    assert changed(before, all_rows(but=READING_WRITES)) == []


# --- Ids --------------------------------------------------------------------------------------------------------------
def misspelled(key: str, how: str) -> str:
    return {"UPPER": key.upper(), "BARE": key.replace("-", ""), "LONG": f"{key}0"}.get(how, how)


@pytest.mark.slow
def test_a_malformed_id_is_not_found(ana: Person, subtests: pytest.Subtests) -> None:
    client, before = signed_in(ana), rows_of(ana.user)
    for name, how in itertools.product(WITH_IDS, MALFORMED):
        for what in arguments(name).values():
            path = url(name, ana.ids).replace(ana.ids[what], misspelled(ana.ids[what], how))
            for method in row_of(name).methods:
                with subtests.test(name, method=method, path=path):
                    assert client.generic(method, path).status_code == 404
    assert rows_of(ana.user) == before


@pytest.mark.parametrize("name", WITH_IDS)
def test_a_strangers_id_gets_the_very_answer_of_an_unknown_one(ana: Person, ben: Person, name: str) -> None:
    client, before = signed_in(ben), rows_of(ana.user)
    for method in row_of(name).methods:
        nobodys = {what: str(uuid.uuid4()) for what in ana.ids}
        with watched(ben.user.pk):
            unknown = told(send(client, method, name, nobodys), nobodys)
            foreign = told(send(client, method, name, ana.ids), ana.ids)
        assert unknown[0] == 404, method
        same(foreign, unknown)
        assert ana.canary.encode() not in foreign[-1]
    assert rows_of(ana.user) == before


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in WITH_IDS if len(arguments(name)) > 1])
def test_one_foreign_id_among_ones_own_is_an_unknown_one(ana: Person, ben: Person, name: str) -> None:
    client, before = signed_in(ben), rows_of(ana.user)
    for argument, what in arguments(name).items():
        for method in row_of(name).methods:
            key = str(uuid.uuid4())
            unknown = told(send(client, method, name, {**ben.ids, what: key}), {what: key})
            foreign = told(send(client, method, name, {**ben.ids, what: ana.ids[what]}), {what: ana.ids[what]})
            same(foreign, unknown, argument, method)
            assert ana.canary.encode() not in foreign[-1]
    assert rows_of(ana.user) == before


@pytest.mark.parametrize("name", [name for name in POSTS if callable(row_of(name).send)])
def test_a_foreign_id_in_a_form_is_an_unknown_one(ana: Person, ben: Person, name: str) -> None:
    """Lists of ids that were ticked: those of others are left out like those that are not there."""
    client, before = signed_in(ben), rows_of(ana.user)
    nobodys = {what: str(uuid.uuid4()) for what in ana.ids}
    unknown = told(client.post(url(name, ben.ids), form(row_of(name), nobodys)), nobodys)
    foreign = told(client.post(url(name, ben.ids), form(row_of(name), ana.ids)), ana.ids)
    same(foreign, unknown)
    assert ana.canary.encode() not in foreign[-1]
    assert rows_of(ana.user) == before


# --- The owner --------------------------------------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.parametrize("writes", sorted({tuple(row_of(name).writes) for name in READS}), ids=len)
def test_reading_changes_no_row(ana: Person, ben: Person, subtests: pytest.Subtests, writes: tuple[str, ...]) -> None:
    """All rows are held once against the whole sweep of the routes that may write in the same few tables."""
    client = signed_in(ana)
    client.get(reverse("memories:data"))
    before = all_rows(but={*READING_WRITES, *writes})
    routes_of_these = [name for name in READS if tuple(row_of(name).writes) == writes]
    for name, method in itertools.product(routes_of_these, ("GET", "HEAD")):
        if method in row_of(name).methods:
            with subtests.test(name, method=method):
                response = send(client, method, name, ana.ids)
                # 404 of an account page: this person has no second factor to look at.
                usual = (200, 302, 404) if row_of(name).session else (200, 302)
                assert response.status_code in {*usual, *row_of(name).statuses}
                assert ben.canary.encode() not in body(response)
    assert client.get(reverse("memories:data")).status_code == 200, "still signed in"
    assert changed(before, all_rows(but={*READING_WRITES, *writes})) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in PERSONAL + PROGRAMS if not row_of(name).session])
def test_the_owner_is_served_and_every_statement_is_the_owners(ana: Person, ben: Person, name: str) -> None:
    client, before = signed_in(ana), rows_of(ben.user)
    for method in row_of(name).methods:
        with watched(ana.user.pk):
            response = send(client, method, name, ana.ids)
            content = body(response)
        assert response.status_code in row_of(name).statuses, (method, response.status_code)
        asked = response.headers.get("Location", "")
        assert not re.search(r"/(login|reauthenticate|prove)/", asked), "or nothing of this route was reached"
        assert ben.canary.encode() not in content
        assert "no-store" in response.headers["Cache-Control"]
        if response.status_code == 200 and name in PERSONAL:
            assert "Cookie" in response.headers.get("Vary", "")
    assert rows_of(ben.user) == before


@pytest.mark.slow
def test_the_pages_show_ones_own(ana: Person) -> None:
    """Or the tests above would look for words on pages that show none."""
    client = signed_in(ana)
    showing = [
        n for n in READS if row_of(n).who == "person" and ana.canary.encode() in body(send(client, "GET", n, ana.ids))
    ]
    assert {"memories:data", "memories:conversation", "memories:memory", "memories:edit", "account_email"} <= set(
        showing
    )


# --- Mass assignment --------------------------------------------------------------------------------------------------
def planted(victim: Person) -> dict[str, Any]:
    """Every word by which a form could be made to name somebody else."""
    keys: dict[str, Any] = dict.fromkeys(("owner", "owner_id", "user", "user_id", "pk", "actor"), victim.user.pk)
    keys |= dict.fromkeys(("namespace", "tenant", "user_namespace"), str(victim.user.namespace))
    keys |= {"memory_id": victim.ids["memory"], "conversation_id": victim.ids["chat"], "email": victim.user.email}
    keys |= {
        "is_staff": "1",
        "is_superuser": "1",
        "quota": "1",
        "epoch": "9",
        "created_at": "1970-01-01",
        "source": "x",
    }
    return keys


@pytest.mark.slow
@pytest.mark.parametrize("name", POSTS)
def test_a_form_cannot_name_another_owner(ana: Person, ben: Person, name: str) -> None:
    """As Ben, on Ben's own things, with Ana in every field that is not the form's."""
    client, victim = signed_in(ben), rows_of(ana.user)
    data = form(row_of(name), ben.ids)
    extra = {word: value for word, value in {**planted(ana), "id": ana.ids["memory"]}.items() if word not in data}
    path = url(name, ben.ids)
    with watched(ben.user.pk):
        response = client.post(f"{path}{'&' if '?' in path else '?'}owner={ana.user.pk}&user_id=*", {**data, **extra})
    body(response)
    assert response.status_code < 500
    assert rows_of(ana.user) == victim
    account = rows_of(ben.user)["accounts.User"]
    if name == "memories:wipe_account":
        assert account == []
        return
    ben.user.refresh_from_db()
    assert len(account) == 1 and not ben.user.is_staff and not ben.user.is_superuser
    assert str(ben.user.namespace) != str(ana.user.namespace)


def test_the_path_of_every_row_leads_to_it(ana: Person) -> None:
    for name in PLAIN:
        found = resolve(url(name, ana.ids).partition("?")[0])
        assert f"{found.namespace}:{found.url_name}".lstrip(":") == name
