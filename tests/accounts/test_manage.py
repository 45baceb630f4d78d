"""Address and devices: each person sees and changes their own."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.devices import name_of
from accounts.models import User
from tests.conftest import PASSWORD


@pytest.fixture
def signed_in(owner: User, client: Client, served: Any) -> Client:
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
    client.post("/account/login/", {"login": owner.email, "password": PASSWORD})
    return client


PAGES = ["/account/email/", "/account/password/change/", "/account/sessions/", "/account/logout/"]


@pytest.mark.parametrize("path", PAGES[:3])
def test_signed_out_one_is_asked_to_sign_in(client: Client, db: None, path: str) -> None:
    assert client.get(path).headers["Location"] == f"/account/login/?next={path}"


@pytest.mark.parametrize("path", PAGES)
def test_pages_name_the_owner_and_nobody_else(signed_in: Client, owner: User, stranger: User, path: str) -> None:
    page = signed_in.get(path).content.decode()
    assert owner.email in page
    assert stranger.email not in page


def change(client: Client, email: str, password: str = PASSWORD) -> str:
    """Asks for another address and gives the fresh proof that this takes; where one is led then."""
    asked = client.post("/account/email/", {"action_add": "", "email": email})
    assert asked.headers["Location"] == "/account/reauthenticate/?next=%2Faccount%2Femail%2F"
    proof = {"password": password, "next": "/account/email/"}
    return client.post("/account/reauthenticate/", proof).headers.get("Location", "")


def test_a_new_address_counts_once_it_is_confirmed(signed_in: Client, owner: User) -> None:
    assert change(signed_in, "fresh@example.com") == "/account/confirm-email/"
    owner.refresh_from_db()
    assert owner.email == "owner@example.com"
    assert mail.outbox[-1].to == ["fresh@example.com"]
    code = re.search(r"^([0-9A-Z-]{6,12})$", str(mail.outbox[-1].body), re.M)
    assert code
    signed_in.post("/account/confirm-email/", {"code": code[1]})
    owner.refresh_from_db()
    assert owner.email == "fresh@example.com"
    # Whoever reads the old mailbox cannot sign in any more: that is no advice for them.
    told = next(str(message.body) for message in mail.outbox if message.to == ["owner@example.com"])
    assert "no longer opens it" in told and "sign in, change" not in told and "memsite on testserver" in told


def test_without_the_fresh_proof_nothing_changes(signed_in: Client, owner: User) -> None:
    assert change(signed_in, "fresh@example.com", "wrong-wrong-wrong") == ""
    assert mail.outbox == []


def test_anothers_address_is_not_given_away(signed_in: Client, stranger: User) -> None:
    """Asking for a stranger's address looks as asking for a free one does; only the stranger's mailbox knows."""
    EmailAddress.objects.create(user=stranger, email=stranger.email, verified=True, primary=True)
    assert change(signed_in, stranger.email) == "/account/confirm-email/"
    assert [message.to for message in mail.outbox] == [[stranger.email]]
    assert EmailAddress.objects.filter(email=stranger.email).count() == 1


def test_the_other_devices_can_be_signed_out(signed_in: Client, owner: User, stranger: User) -> None:
    EmailAddress.objects.create(user=stranger, email=stranger.email, verified=True, primary=True)
    elsewhere, other = Client(), Client()
    elsewhere.post("/account/login/", {"login": owner.email, "password": PASSWORD})
    other.post("/account/login/", {"login": stranger.email, "password": PASSWORD})
    assert signed_in.get("/account/sessions/").content.decode().count("from 127.0.0.1") == 2
    signed_in.post("/account/sessions/")
    assert "_auth_user_id" not in elsewhere.session
    assert "_auth_user_id" in other.session
    assert "_auth_user_id" in signed_in.session


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130.0 Mobile Safari/537.36", "Chrome on Android"),
        ("<script>alert(1)</script>", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_device_is_named_in_words(header: str, name: str) -> None:
    assert name_of(header) == name
