"""Second factors: what is kept of them, who is asked for one, and what is told by e-mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from bs4 import BeautifulSoup
from cryptography.fernet import InvalidToken
from django.core import mail
from django.test import Client

from accounts.factors import FactorAdapter
from accounts.models import User
from tests.conftest import PASSWORD, SEED

Signed = Callable[..., Client]


def code(seed: str = SEED) -> str:
    return format_hotp_value(hotp_value(seed, list(yield_hotp_counters_from_time())[1]))


def set_up(client: Client) -> str:
    """Turns the authenticator app on, as a person does; its seed."""
    page = BeautifulSoup(client.get("/account/2fa/totp/activate/").content, "html.parser")
    seed = str(page.select_one("#authenticator_secret")["value"])  # type: ignore[index]
    assert client.post("/account/2fa/totp/activate/", {"code": code(seed)}).status_code == 302
    return seed


def test_seeds_are_encrypted_and_codes_work(owner: User, client_as: Signed) -> None:
    seed = set_up(client_as(owner))
    kept = Authenticator.objects.filter(user=owner)
    assert {row.type for row in kept} == {"totp", "recovery_codes"}
    assert seed not in str([row.data for row in kept])
    assert FactorAdapter().decrypt(kept.get(type="totp").data["secret"]) == seed


def test_another_secret_opens_nothing_until_it_is_named_as_a_former_one(settings: Any) -> None:
    box = FactorAdapter()
    locked = box.encrypt("seed")
    before, settings.SECRET_KEY = settings.SECRET_KEY, "x" * 60
    with pytest.raises(InvalidToken):
        box.decrypt(locked)
    settings.SECRET_KEY_FALLBACKS = [before]
    assert box.decrypt(locked) == "seed"


def test_the_password_alone_no_longer_signs_in(owner: User, client: Client) -> None:
    TOTP.activate(owner, SEED)
    asked = client.post("/account/login/", {"login": owner.email, "password": PASSWORD})
    assert asked.headers["Location"] == "/account/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert "_auth_user_id" not in client.session
    client.post("/account/2fa/authenticate/", {"code": code()})
    assert client.session["_auth_user_id"] == str(owner.pk)


def test_a_code_counts_once(owner: User) -> None:
    TOTP.activate(owner, SEED)
    # One for both: half a minute may end between the two.
    now = code()
    for signs_in in (True, False):
        client = Client()
        client.post("/account/login/", {"login": owner.email, "password": PASSWORD})
        client.post("/account/2fa/authenticate/", {"code": now})
        assert ("_auth_user_id" in client.session) is signs_in


SENSELESS = [
    "[" * 5000 + "]" * 5000,
    '{"id": 5}',
    '{"id":"a","rawId":"a","type":"public-key","response":{}}',
    '"\\ud800"',
    "1" * 5000,
]


@pytest.mark.parametrize("words", SENSELESS)
@pytest.mark.parametrize("path", ["/account/2fa/webauthn/login/", "/account/2fa/webauthn/add/"])
def test_senseless_words_about_a_passkey_are_no_fault_of_ours(
    owner: User, client: Client, client_as: Signed, path: str, words: str
) -> None:
    answer = (client if "login" in path else client_as(owner)).post(path, {"credential": words})
    assert answer.status_code in (200, 302, 400)
    assert not Authenticator.objects.exists()


def test_recovery_codes_are_shown_once_and_work_once(owner: User, client_as: Signed) -> None:
    client = client_as(owner)
    set_up(client)
    page = BeautifulSoup(client.get("/account/2fa/recovery-codes/").content, "html.parser")
    codes = [item.get_text() for item in page.select(".codes code")]
    assert len(codes) == 10
    assert not BeautifulSoup(client.get("/account/2fa/recovery-codes/").content, "html.parser").select(".codes code")
    for signs_in in (True, False):
        other = Client()
        other.post("/account/login/", {"login": owner.email, "password": PASSWORD})
        other.post("/account/2fa/authenticate/", {"code": codes[0]})
        assert ("_auth_user_id" in other.session) is signs_in


@pytest.mark.django_db(transaction=True)
def test_every_change_of_a_factor_is_told_by_mail(owner: User, client_as: Signed) -> None:
    client = client_as(owner)
    set_up(client)
    client.post("/account/2fa/recovery-codes/generate/")
    client.post("/account/2fa/totp/deactivate/")
    told = [str(message.subject) for message in mail.outbox]
    assert {recipient for message in mail.outbox for recipient in message.to} == {owner.email}
    assert told == [
        "An authenticator app was set up for your account",
        "New recovery codes were made for your account",
        "The authenticator app of your account was turned off",
    ]
    assert all("from the network address 127.0.0.1" in str(message.body) for message in mail.outbox)
    assert 'turn the app off under "Second step"' in str(mail.outbox[0].body)


def test_an_address_nobody_confirmed_gets_no_factor_where_others_are_served(
    owner: User, client_as: Signed, served: Any
) -> None:
    """Else one could sign up with another's address and keep them out for good."""
    served.MFA_ALLOW_UNVERIFIED_EMAIL = False
    EmailAddress.objects.create(user=owner, email=owner.email, verified=False, primary=True)
    assert client_as(owner).get("/account/2fa/totp/activate/").headers["Location"] == "/account/2fa/"


# --- Administrators ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/admin/", "/admin/accounts/user/", "/admin/accounts/user/add/", "/admin/jsi18n/"])
def test_staff_without_a_second_factor_reach_its_set_up_alone(
    make_user: Callable[..., User], client_as: Signed, path: str
) -> None:
    staff = make_user(is_staff=True, is_superuser=True)
    client = client_as(staff)
    for answer in (client.get(path), client.post(path)):
        assert (answer.status_code, answer.headers["Location"]) == (302, "/account/2fa/")
    assert "Administrators need a second step" in client.get("/account/2fa/").content.decode()
    set_up(client)
    assert client.get("/admin/").status_code == 200


def test_recovery_codes_alone_open_no_administration(make_user: Callable[..., User], client_as: Signed) -> None:
    staff = make_user(is_staff=True)
    Authenticator.objects.create(user=staff, type="recovery_codes", data={})
    assert client_as(staff).get("/admin/").headers["Location"] == "/account/2fa/"


# --- One session ------------------------------------------------------------------------------------------------------
def test_one_device_is_signed_out_and_only_ones_own(owner: User, stranger: User) -> None:
    here, there, other = Client(), Client(), Client()
    for client, person in ((here, owner), (there, owner), (other, stranger)):
        client.post("/account/login/", {"login": person.email, "password": PASSWORD})
        client.get("/account/sessions/")
    theirs = UserSession.objects.get(user=stranger)
    assert here.post(f"/account/sessions/{theirs.pk}/end/").status_code == 404
    assert "_auth_user_id" in other.session
    page = here.get("/account/sessions/").content.decode()
    ends = re.findall(r"/account/sessions/\d+/end/", page)
    assert len(ends) == 1
    here.post(ends[0])
    assert "_auth_user_id" not in there.session
    assert "_auth_user_id" in here.session
