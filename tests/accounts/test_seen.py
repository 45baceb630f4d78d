"""When a session was last seen: written once a minute, at once for another device, and never into another's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.seen import MINUTE

pytestmark = pytest.mark.django_db
Signed = Callable[..., Client]
PAGE = "/account/sessions/"


def row(client: Client) -> UserSession:
    return UserSession.objects.get(session_key=client.session.session_key)


def long_ago(client: Client) -> dt.datetime:
    was = row(client).last_seen_at - 2 * MINUTE
    UserSession.objects.filter(pk=row(client).pk).update(last_seen_at=was)
    return was


def test_a_page_writes_nothing_within_a_minute(owner: User, stranger: User, client_as: Signed) -> None:
    client, other = client_as(owner), client_as(stranger)
    # Longer than what is kept of it.
    long = {"user-agent": "Firefox " * 100}
    client.get(PAGE, headers=long)
    other.get(PAGE)
    with CaptureQueriesContext(connection) as asked:
        client.get(PAGE, headers=long)
    assert not [query["sql"] for query in asked if not query["sql"].startswith(("SELECT", "DECLARE"))]
    others, was = row(other).last_seen_at, long_ago(client)
    client.get(PAGE)
    assert row(client).last_seen_at > was + MINUTE and row(other).last_seen_at == others


def test_another_device_is_written_down_at_once(owner: User, stranger: User, client_as: Signed) -> None:
    client, other = client_as(owner), client_as(stranger)
    client.get(PAGE, headers={"user-agent": "Firefox"})
    other.get(PAGE, headers={"user-agent": "Firefox"})
    client.get(PAGE, headers={"user-agent": "curl"}, REMOTE_ADDR="192.0.2.7")
    assert (row(client).user_agent, row(client).ip) == ("curl", "192.0.2.7")
    assert row(other).user_agent == "Firefox"


def test_a_session_that_is_not_on_the_list_comes_back_onto_it(owner: User, client_as: Signed) -> None:
    client = client_as(owner)
    client.get(PAGE)
    UserSession.objects.all().delete()
    client.get(PAGE)
    assert row(client).user_id == owner.pk
