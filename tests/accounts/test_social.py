"""Sign-in with an account elsewhere, against a real OpenID Connect server on loopback."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from accounts.models import Session, User
from accounts.urls import social_routes
from memsite import social
from tests.accounts.test_factors import code
from tests.conftest import PASSWORD, SEED
from tests.openid_server import OpenIDServer, offered

pytestmark = pytest.mark.django_db
WITH = "/account/with/openid/"
ELSEWHERE = "/account/elsewhere/"
VARIABLES = [f"MEMSITE_{which}_{what}" for which in ("GOOGLE", "GITHUB", "OPENID") for what in ("ID", "SECRET", "URL")]


@pytest.fixture
def server(served: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenIDServer]:
    with offered(served, monkeypatch) as running:
        yield running


def travel(client: Client, path: str = WITH) -> Any:
    """There and back, as a browser does: our page that leads there, the service's answer, our page after it."""
    return back(client, client.post(path))


def back(client: Client, page: Any) -> Any:
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page.content.decode())
    assert found, page.content.decode()
    answer = requests.get(unescape(found[1]), allow_redirects=False, timeout=5)
    place = urlsplit(answer.headers["Location"])
    assert place.path == f"{WITH}back/"
    return client.get(f"{place.path}?{place.query}")


def who(client: Client) -> str:
    """Who is signed in; "" for nobody."""
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key).email if key else ""


# --- By setting -------------------------------------------------------------------------------------------------------
def test_without_a_setting_there_is_none(client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    assert social.configured(local=False) == {} and social_routes({}) == []
    assert "with Google" in client.get("/account/login/").content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {}
    for path in ("/account/login/", "/account/signup/"):
        assert "account/with/" not in client.get(path).content.decode()


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"MEMSITE_GOOGLE_ID": "a"}, "MEMSITE_GOOGLE_SECRET"),
        ({"MEMSITE_GITHUB_SECRET": "a"}, "MEMSITE_GITHUB_ID"),
        ({"MEMSITE_OPENID_ID": "a", "MEMSITE_OPENID_SECRET": "b"}, "MEMSITE_OPENID_URL"),
        (
            {"MEMSITE_OPENID_ID": "a", "MEMSITE_OPENID_SECRET": "b", "MEMSITE_OPENID_URL": "http://id.example"},
            "MEMSITE_OPENID_URL",
        ),
    ],
)
def test_half_a_service_stops_the_start(monkeypatch: pytest.MonkeyPatch, variables: Any, named: str) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=named):
        social.configured(local=False)


# --- Coming in --------------------------------------------------------------------------------------------------------
def test_a_confirmed_address_makes_an_account_and_brings_its_owner_back(server: OpenIDServer) -> None:
    server.persona |= {"email": "Ana@Example.org", "name": "Ana Canary", "picture": "https://pictures.example/canary"}
    first, again = Client(), Client()
    assert travel(first).status_code == 302 and who(first) == "ana@example.org"
    ana = User.objects.get()
    assert not ana.has_usable_password() and EmailAddress.objects.get().verified
    assert travel(again).status_code == 302 and who(again) == "ana@example.org"
    account = SocialAccount.objects.get()
    assert (account.user, account.provider, account.uid, account.extra_data) == (ana, "openid", "77", {})
    assert not SocialToken.objects.exists(), "what the service hands out is not kept"
    held = json.dumps([session.get_decoded() for session in Session.objects.all()])
    assert "Canary" not in held and "canary" not in held and "refresh" not in held


def test_the_way_there_asks_for_an_address_alone_and_leaves_by_a_page(server: OpenIDServer, client: Client) -> None:
    answer = client.post(f"{WITH}?scope=everything&auth_params=prompt%3Dnone")
    assert answer.status_code == 200, "a redirect would break the policy, which lets forms go nowhere else"
    assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
    back(client, answer)
    asked = next(asked for path, asked in server.asked if path == "/authorize")
    assert set(asked["scope"].split()) == {"openid", "email"} and "prompt" not in asked
    assert asked["code_challenge_method"] == "S256"


@pytest.mark.parametrize("verified", [False, None, "false", "no"])
def test_an_address_that_was_not_confirmed_makes_none(server: OpenIDServer, client: Client, verified: Any) -> None:
    server.persona["email_verified"] = verified
    answer = travel(client)
    assert answer.status_code == 403 and "no account was made" in answer.content.decode()
    assert not User.objects.exists() and not SocialAccount.objects.exists() and not who(client)


def test_an_address_opens_no_account_that_is_there(server: OpenIDServer, client: Client, owner: User) -> None:
    """However sure the service is: only its owner connects it, from inside."""
    server.persona["email"] = owner.email
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
    answer = travel(client)
    assert answer.status_code == 409 and "does not open it" in answer.content.decode()
    assert not who(client) and not SocialAccount.objects.exists() and owner.has_usable_password()


def test_a_closed_door_stays_closed(server: OpenIDServer, client: Client, settings: Any) -> None:
    settings.SIGNUP_OPEN = False
    travel(client)
    assert not User.objects.exists()


def test_saying_no_there_is_told_here(server: OpenIDServer, client: Client) -> None:
    server.denies = True
    answer = travel(client)
    assert answer.headers["Location"] == f"{ELSEWHERE}stopped/"
    assert "nothing was done" in client.get(f"{ELSEWHERE}stopped/").content.decode()
    assert not who(client)


def test_an_answer_that_nobody_asked_for_is_refused(server: OpenIDServer, client: Client) -> None:
    """A link with somebody else's code signs nobody in."""
    page = client.post(WITH).content.decode()
    there = requests.get(unescape(page.split("0;url=")[1].split('"')[0]), allow_redirects=False, timeout=5)
    place = urlsplit(there.headers["Location"])
    victim = Client()
    answer = victim.get(f"{place.path}?{place.query}")
    assert answer.status_code == 401 and "nothing was changed" in answer.content.decode() and not who(victim)


def test_a_service_that_is_away_is_told(server: OpenIDServer, client: Client, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:9"
    answer = client.post(WITH)
    assert answer.status_code == 503 and "Nothing was changed" in answer.content.decode()


def test_waiting_for_the_second_step_no_key_of_the_service_is_kept(server: OpenIDServer) -> None:
    travel(Client())
    TOTP.activate(User.objects.get(), SEED)
    Session.objects.all().delete()
    client = Client()
    assert travel(client).headers["Location"] == "/account/2fa/authenticate/" and not who(client)
    [held] = Session.objects.all()
    assert "'uid': '77'" in str(held.get_decoded())
    assert "'access'" not in str(held.get_decoded()) and "'refresh'" not in str(held.get_decoded())
    client.post("/account/2fa/authenticate/", {"code": code()})
    assert who(client) == User.objects.get().email


def test_a_suspended_account_stays_out(server: OpenIDServer) -> None:
    travel(Client())
    User.objects.update(is_active=False)
    client = Client()
    assert travel(client).headers["Location"] == "/account/inactive/" and not who(client)


# --- From inside ------------------------------------------------------------------------------------------------------
def test_connecting_takes_a_fresh_proof_and_goes_on_after_it(
    server: OpenIDServer, owner: User, client_as: Callable[..., Client]
) -> None:
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
    client = client_as(owner, proved=False)
    asked = client.post(f"{WITH}?process=connect")
    assert asked.status_code == 302 and asked.headers["Location"].startswith("/account/reauthenticate/")
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/account/go-on/"})
    assert back(client, client.get("/account/go-on/")).headers["Location"] == ELSEWHERE
    assert [account.user for account in SocialAccount.objects.all()] == [owner]
    assert mail.outbox[-1].to == [owner.email] and "Acme was connected" in str(mail.outbox[-1].body)
    # A new password alone would leave it in.
    assert 'disconnect it under "Accounts elsewhere"' in str(mail.outbox[-1].body)
    fresh = Client()
    travel(fresh)
    assert who(fresh) == owner.email, "what was connected brings its owner in, whatever its address"


def test_disconnecting_takes_ones_own_alone(
    server: OpenIDServer, owner: User, stranger: User, client_as: Callable[..., Client]
) -> None:
    mine, theirs = (
        SocialAccount.objects.create(user=user, provider="openid", uid=user.email) for user in (owner, stranger)
    )
    for user in (owner, stranger):
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    assert client_as(owner, proved=False).post(ELSEWHERE, {"account": mine.pk}).status_code == 302
    client = client_as(owner)
    client.post(ELSEWHERE, {"account": theirs.pk})
    assert SocialAccount.objects.count() == 2
    client.post(ELSEWHERE, {"account": mine.pk})
    assert [account.user for account in SocialAccount.objects.all()] == [stranger]
    assert mail.outbox[-1].to == [owner.email] and "was disconnected" in str(mail.outbox[-1].body)


def test_the_only_way_in_is_not_taken_away(server: OpenIDServer, client_as: Callable[..., Client]) -> None:
    travel(Client())
    client = client_as(User.objects.get())
    page = client.post(ELSEWHERE, {"account": SocialAccount.objects.get().pk}).content.decode()
    assert "Set a password first" in page and SocialAccount.objects.count() == 1


@pytest.mark.slow
def test_what_somebody_else_connected_stays_theirs(
    server: OpenIDServer, owner: User, client_as: Callable[..., Client]
) -> None:
    travel(Client())
    client = client_as(owner)
    travel(client, f"{WITH}?process=connect")
    assert "nothing was changed" in client.get(ELSEWHERE).content.decode()
    assert SocialAccount.objects.get().user.email == "ana@example.org"
