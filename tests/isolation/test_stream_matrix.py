"""The route that streams, as the others in test_people_matrix.py: its owner, a stranger, somebody signed out, wrong
methods, and ids that are malformed, unknown or another's. And the rows that are known by numbers of allauth's."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.test import AsyncClient, Client
from django.urls import reverse

from tests.isolation.matrix import METHODS, READING_WRITES, ROWS, row_of, url
from tests.isolation.people import Person, forget, person
from tests.isolation.rows import all_rows, changed
from tests.isolation.test_people_matrix import MALFORMED, body, misspelled, same, signed_in, told

pytestmark = pytest.mark.slow

STREAMS = [name for name in ROWS if row_of(name).streams]


# Streams read in threads of their own, which see what was committed.
@pytest.fixture
def both(transactional_db: None) -> Iterator[tuple[Person, Person]]:
    made = person("zanzibar"), person("quokka")
    yield made
    forget(*(one.user for one in made))


def ask(who: Person | None, path: str, method: str = "GET") -> Any:
    """Asked for on an event loop, as a server does, and read to its end."""
    client = AsyncClient()
    if who:
        client.force_login(who.user)

    async def asked() -> Any:
        response = await client.generic(method, path)
        if getattr(response, "streaming", False):
            response.taken = b"".join([piece async for piece in response.streaming_content])
        return response

    return async_to_sync(asked)()


@pytest.mark.parametrize("name", STREAMS)
def test_the_owner_reads_it_and_changes_nothing(both: tuple[Person, Person], name: str) -> None:
    ana, ben = both
    # Signing in is noted on the account.
    but = {*READING_WRITES, "accounts.User"}
    before = all_rows(but=but)
    response = ask(ana, url(name, ana.ids))
    assert response.status_code == 200 and response.headers["Content-Type"].startswith("text/event-stream")
    assert response.headers["Cache-Control"] == "no-store"
    assert ana.canary.encode() in response.taken and b"event: end" in response.taken
    assert ben.canary.encode() not in response.taken
    assert changed(before, all_rows(but=but)) == []


@pytest.mark.parametrize("name", STREAMS)
def test_nobody_else_gets_more_than_of_an_unknown_one(both: tuple[Person, Person], name: str) -> None:
    ana, ben = both
    asked = row_of(name).ids.values()
    nobodys = {what: str(uuid.uuid4()) for what in asked}
    unknown = told(ask(ben, url(name, nobodys)), nobodys)
    assert unknown[0] == 404
    for foreign in ([*asked], *([what] for what in asked)):
        mixed = {**ben.ids, **{what: ana.ids[what] for what in foreign}}
        same(told(ask(ben, url(name, mixed)), mixed), unknown)
    for what in asked:
        for how in MALFORMED:
            path = url(name, ana.ids).replace(ana.ids[what], misspelled(ana.ids[what], how))
            assert ask(ana, path).status_code == 404, path


@pytest.mark.parametrize("name", STREAMS)
def test_signed_out_or_by_another_method_nothing_is_told(both: tuple[Person, Person], name: str) -> None:
    ana, _ = both
    out = ask(None, url(name, ana.ids))
    assert out.status_code == 302 and out.headers["Location"].startswith(reverse(settings.LOGIN_URL))
    for method in set(METHODS) - set(row_of(name).methods):
        assert ask(ana, url(name, ana.ids), method).status_code == 405, method


# --- What is known by a number ----------------------------------------------------------------------------------------
@pytest.fixture
def ana(db: None) -> Person:
    return person("zanzibar")


@pytest.fixture
def ben(db: None) -> Person:
    return person("quokka")


def session_of(client: Client) -> UserSession:
    client.get(reverse("memories:data"))
    found: UserSession = UserSession.objects.get(session_key=client.session.session_key)
    return found


def numbered(ana: Person, at_home: Client) -> dict[str, int]:
    passkey = Authenticator.objects.create(user=ana.user, type="webauthn", data={"name": "Ana's key"})
    session = session_of(at_home).pk
    return {"end_session": session, "mfa_remove_webauthn": passkey.pk, "mfa_edit_webauthn": passkey.pk}


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.args.get("pk")])
def test_anothers_session_or_passkey_is_an_unknown_one(ana: Person, ben: Person, name: str) -> None:
    at_home, away = signed_in(ana), signed_in(ben)
    Authenticator.objects.create(user=ben.user, type="webauthn", data={"name": "Ben's key"})
    theirs = numbered(ana, at_home)[name]
    away.get(reverse("memories:data"))
    before = all_rows(but=READING_WRITES)
    for method in row_of(name).methods:
        foreign = away.generic(method, reverse(name, args=[theirs]))
        unknown = away.generic(method, reverse(name, args=[theirs + 1000]))
        same(told(foreign, {}), told(unknown, {}), method)
        assert unknown.status_code in (404, 405) and b"Ana" not in body(foreign)
    assert changed(before, all_rows(but=READING_WRITES)) == []
    request = HttpRequest()
    request.session = at_home.session
    assert get_user(request) == ana.user
