"""A fresh proof before what matters, for every kind of account; the interrupted act is carried out once."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from asgiref.sync import async_to_sync
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Session, User
from memories.scoped import ScopedMemory
from tests.accounts.test_factors import code
from tests.conftest import PASSWORD, SEED

Signed = Callable[..., Client]
GO_ON = "/account/go-on/"
EXPORT = {"format": "json"}


@pytest.fixture
def unproved(owner: User, client_as: Signed) -> Client:
    return client_as(owner, proved=False)


def file_of(client: Client) -> str:
    """Follows the page that says so to the file; "" where there is none."""
    page = client.get(GO_ON)
    if page.status_code != 200:
        return ""
    answer = client.get(f"{GO_ON}?file=1")
    return async_to_sync(collected)(answer) if answer.streaming else ""


async def collected(answer: Any) -> str:
    return b"".join([piece async for piece in answer.streaming_content]).decode()


def asked_by(answer: Any) -> str:
    return str(answer.headers["Location"]).partition("?")[0]


GUARDED = ["memories:export", "memories:activity_export", "memories:wipe_memories", "memories:wipe_conversations"]


@pytest.mark.parametrize("name", GUARDED)
def test_without_a_proof_one_is_asked(unproved: Client, name: str) -> None:
    answer = unproved.post(reverse(name), EXPORT)
    assert answer.headers["Location"] == "/account/reauthenticate/?next=%2Faccount%2Fgo-on%2F"


def test_with_a_password_the_export_goes_on_once(unproved: Client, owner: User) -> None:
    ScopedMemory(owner).add("I collect stamps", infer=False)
    unproved.post("/data/export/", EXPORT)
    answer = unproved.post("/account/reauthenticate/", {"password": PASSWORD, "next": GO_ON})
    assert answer.headers["Location"] == GO_ON
    assert "I collect stamps" in file_of(unproved)
    assert file_of(unproved) == "", "a second visit finds nothing waiting"


def test_with_a_wrong_password_nothing_goes_on(unproved: Client) -> None:
    unproved.post("/data/export/", EXPORT)
    assert unproved.post("/account/reauthenticate/", {"password": "wrong-wrong", "next": GO_ON}).status_code == 200
    assert file_of(unproved) == ""


def sent_from(page: bytes) -> str:
    """The address that a page's own form posts to; "" is wherever the page stands."""
    found = re.search(r'<main.*?<form method="post"(?: action="([^"]*)")?', page.decode(), re.DOTALL)
    assert found
    return found[1] or ""


def test_a_form_shown_after_the_proof_is_sent_to_its_own_place(unproved: Client, owner: User, stranger: User) -> None:
    ScopedMemory(stranger).add("I collect stamps", infer=False)
    unproved.get("/data/wipe/account/")
    unproved.post("/account/reauthenticate/", {"password": PASSWORD, "next": GO_ON})
    there = sent_from(unproved.get(GO_ON).content)
    refused = unproved.post(there, {"word": "no"})
    assert refused.status_code == 422 and sent_from(refused.content) == there
    assert unproved.post(there, {"word": "erase my account"}).status_code == 302
    assert not User.objects.filter(pk=owner.pk).exists() and ScopedMemory(stranger).count() == 1


def test_so_is_an_administrators_act(admin: User, owner: User, client_as: Signed) -> None:
    client = client_as(admin, proved=False)
    there = reverse("admin:person_act", args=[owner.pk, "suspend"])
    client.post(there, {"reason": "no"})
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": GO_ON})
    assert sent_from(client.get(GO_ON).content) == there


def test_with_an_authenticator_app(make_user: Callable[..., User], client_as: Signed) -> None:
    person = make_user("app")
    person.set_unusable_password()
    person.save()
    TOTP.activate(person, SEED)
    client = client_as(person, proved=False)
    assert asked_by(client.post("/data/export/", EXPORT)) == "/account/2fa/reauthenticate/"
    client.post("/account/2fa/reauthenticate/", {"code": code(), "next": GO_ON})
    assert file_of(client)


@pytest.fixture
def bare(make_user: Callable[..., User]) -> User:
    """Has neither password nor second factor, as after signing in with a provider."""
    person = make_user("bare")
    person.set_unusable_password()
    person.save()
    return person


def code_in_mail() -> str:
    found = re.search(r"code is (\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_with_nothing_to_ask_for_a_code_comes_by_mail(bare: User, client_as: Signed) -> None:
    client = client_as(bare, proved=False)
    assert asked_by(client.post("/data/export/", EXPORT)) == "/account/prove/"
    client.post("/account/prove/", {"next": GO_ON})
    assert mail.outbox[-1].to == [bare.email]
    assert client.post("/account/prove/", {"next": GO_ON, "code": "BBBB-BBBB"}).status_code == 422
    right = code_in_mail()
    assert client.post("/account/prove/", {"next": GO_ON, "code": right.lower()}).headers["Location"] == GO_ON
    assert file_of(client)


def test_a_code_ends_after_five_wrong_tries(bare: User, client_as: Signed) -> None:
    client = client_as(bare, proved=False)
    client.post("/account/prove/")
    for _ in range(5):
        client.post("/account/prove/", {"code": "BBBB-BBBB"})
    assert client.post("/account/prove/", {"code": code_in_mail()}).status_code == 422


def test_a_code_is_good_in_the_browser_that_asked(bare: User, client_as: Signed) -> None:
    mine, other = client_as(bare, proved=False), client_as(bare, proved=False)
    mine.post("/account/prove/")
    assert other.post("/account/prove/", {"code": code_in_mail()}).status_code == 422


def test_codes_are_sent_so_often_and_no_more(bare: User, client_as: Signed) -> None:
    client = client_as(bare, proved=False)
    statuses = [client.post("/account/prove/").status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    assert len(mail.outbox) == 5


@pytest.mark.parametrize("name", ["account_email", "mfa_activate_totp", "mfa_add_webauthn", "account_set_password"])
def test_an_account_with_nothing_changes_no_credential_unasked(bare: User, client_as: Signed, name: str) -> None:
    """allauth alone lets such an account pass."""
    assert (
        asked_by(client_as(bare, proved=False).post(reverse(name), {"email": "other@example.com"})) == "/account/prove/"
    )
    assert client_as(bare).post(reverse(name), {"email": "other@example.com"}).status_code in (200, 302)


def test_a_new_password_waits_in_no_session(bare: User, client_as: Signed) -> None:
    """It would stand in the database in clear; the form comes again instead."""
    client, words = (
        client_as(bare, proved=False),
        {"password1": "amber-kettle-9-north", "password2": "amber-kettle-9-north"},
    )
    client.post(reverse("account_set_password"), words)
    assert words["password1"] not in str(dict(client.session.items()))
    client.post("/account/prove/")
    client.post("/account/prove/", {"code": code_in_mail(), "next": GO_ON})
    assert 'name="password1"' in client.get(GO_ON).content.decode()
    bare.refresh_from_db()
    assert not bare.has_usable_password()
    client.post(reverse("account_set_password"), words)
    bare.refresh_from_db()
    assert bare.check_password(words["password1"])


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_a_proof_leads_nowhere_else(bare: User, client_as: Signed, there: str) -> None:
    client = client_as(bare, proved=False)
    client.post("/account/prove/")
    assert client.post("/account/prove/", {"code": code_in_mail(), "next": there}).headers["Location"] == "/"


# --- What waits -------------------------------------------------------------------------------------------------------
def aged(client: Client, seconds: int) -> None:
    """As if the proof had been given so long ago."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() - seconds, "reauthenticated": True}
    ]
    session.save()


def test_a_proof_lasts_five_minutes(owner: User, client_as: Signed) -> None:
    client = client_as(owner)
    aged(client, 299)
    assert client.post("/data/export/", EXPORT).status_code == 200
    aged(client, 301)
    assert client.post("/data/export/", EXPORT).status_code == 302


def test_signing_in_is_no_proof(owner: User, client: Client) -> None:
    client.post("/account/login/", {"login": owner.email, "password": PASSWORD})
    assert client.post("/data/export/", EXPORT).status_code == 302


def test_what_waits_belongs_to_one_person(unproved: Client, stranger: User, client_as: Signed) -> None:
    """Even if a session could change hands, the act stays with whom it was asked by."""
    unproved.post("/data/export/", EXPORT)
    theirs = client_as(stranger)
    session = theirs.session
    session["stepup_waiting"] = dict(unproved.session["stepup_waiting"])
    session.save()
    assert file_of(theirs) == ""


def test_what_waits_grows_old(owner: User, unproved: Client) -> None:
    unproved.post("/data/export/", EXPORT)
    session = unproved.session
    session["stepup_waiting"] = {**session["stepup_waiting"], "until": time.time() - 1}
    session.save()
    unproved.post("/account/reauthenticate/", {"password": PASSWORD, "next": GO_ON})
    assert file_of(unproved) == ""


def test_what_waited_in_vain_goes_with_the_next_page(unproved: Client) -> None:
    unproved.post("/data/export/?q=hormuzetin", EXPORT)
    assert unproved.get("/data/").status_code == 200 and "hormuzetin" in str(unproved.session["stepup_waiting"])
    session = unproved.session
    session["stepup_waiting"] = {**session["stepup_waiting"], "until": time.time() - 1}
    session.save()
    assert unproved.get("/data/").status_code == 200 and "stepup_waiting" not in unproved.session


def test_a_wipe_leaves_no_searched_words_in_any_session(
    unproved: Client, owner: User, stranger: User, client_as: Signed
) -> None:
    ScopedMemory(owner).add("I collect stamps", infer=False)
    here, theirs = client_as(owner), client_as(stranger, proved=False)
    aged(here, 301)
    for client in (unproved, here, theirs):
        client.post("/data/export/?q=zq-canary", {**EXPORT, "all": "1"})
    aged(here, 0)
    here.post("/data/wipe/memories/", {"word": "wipe"})
    mine, other = ([str(row.get_decoded()) for row in Session.objects.filter(account=who)] for who in (owner, stranger))
    assert len(mine) == 2 and "zq-canary" not in str(mine), "both are signed in still"
    assert "zq-canary" in str(other), "another's act waits on"


def test_a_forged_request_never_waits(owner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    assert client.post("/data/export/", EXPORT).status_code == 403
    assert "stepup_waiting" not in client.session


def test_signed_out_there_is_nothing_to_prove(client: Client, db: None) -> None:
    for path in ("/account/prove/", GO_ON):
        assert client.get(path).headers["Location"].startswith("/account/login/")
