"""Making an account."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client

from accounts.models import Session, User
from tests.conftest import PASSWORD

FORM = {"email": "new@example.com", "password1": PASSWORD}


@pytest.mark.django_db
def test_on_ones_own_machine_an_account_works_at_once(client: Client) -> None:
    response = client.post("/account/signup/", FORM)
    assert (response.status_code, response.headers["Location"]) == (302, "/chat/")
    assert User.objects.get(email="new@example.com").pk == int(client.session["_auth_user_id"])


@pytest.mark.django_db
def test_elsewhere_the_address_is_confirmed_by_code(client: Client, served: Any) -> None:
    response = client.post("/account/signup/", FORM)
    assert response.headers["Location"] == "/account/confirm-email/"
    assert "_auth_user_id" not in client.session
    code = re.search(r"^([0-9A-Z-]{6,12})$", str(mail.outbox[0].body), re.M)
    assert code, mail.outbox[0].body
    response = client.post("/account/confirm-email/", {"code": code[1]})
    assert (response.status_code, response.headers["Location"]) == (302, "/chat/")
    assert "_auth_user_id" in client.session


@pytest.mark.django_db
def test_a_wrong_code_opens_nothing(client: Client, served: Any) -> None:
    client.post("/account/signup/", FORM)
    client.post("/account/confirm-email/", {"code": "000000"})
    assert "_auth_user_id" not in client.session


def test_nobody_learns_that_an_address_has_an_account(owner: User, served: Any) -> None:
    """Two strangers sign up, one with the owner's address: they see the same; only the owner's mailbox differs."""
    answers = []
    for email in (owner.email, "nobody@example.com"):
        client = Client()
        response = client.post("/account/signup/", {"email": email, "password1": PASSWORD})
        page = client.get(response.headers["Location"]).content.decode()
        answers.append((response.status_code, response.headers["Location"], _without(page, email)))
    assert answers[0] == answers[1]
    to_owner, to_nobody = mail.outbox
    assert to_owner.subject != to_nobody.subject
    assert User.objects.filter(email=owner.email).count() == 1


class CountedHasher(MD5PasswordHasher):
    """What takes long where people are served."""

    count = 0

    def encode(self, password: str, salt: str) -> str:
        CountedHasher.count += 1
        return str(super().encode(password, salt))


def test_nor_does_the_time_tell_it(owner: User, served: Any) -> None:
    served.PASSWORD_HASHERS = [f"{__name__}.CountedHasher"]
    hashed = []
    for email in (owner.email, "nobody@example.com"):
        CountedHasher.count = 0
        Client().post("/account/signup/", {"email": email, "password1": PASSWORD})
        hashed.append(CountedHasher.count)
    assert hashed == [1, 1]


def test_with_an_account_goes_its_address_from_who_tried_to_sign_up_with_it(owner: User, served: Any) -> None:
    for email in (owner.email, "nobody@example.com"):
        Client().post("/account/signup/", {"email": email, "password1": PASSWORD})
    owner.delete()
    [left] = Session.objects.all()
    assert "nobody@example.com" in str(left.get_decoded())


def _without(page: str, email: str) -> str:
    """The page without the address that was typed and the tokens that differ at every answer."""
    page = page.replace(email, "…")
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', r"\1…", page)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short-1", "too short"),
        ("1029384756", "entirely numeric"),
        ("password123", "too common"),
        ("new@example.com", "too similar"),
    ],
)
def test_a_weak_password_is_refused_in_one_sentence(client: Client, password: str, why: str) -> None:
    response = client.post("/account/signup/", {**FORM, "password1": password})
    errors = response.context["form"].errors["password1"]
    assert len(errors) == 1 and why in errors[0]
    assert not User.objects.exists()


@pytest.mark.django_db
def test_errors_are_tied_to_their_fields(client: Client) -> None:
    page = client.post("/account/signup/", {"email": "no address", "password1": ""}).content.decode()
    assert 'aria-describedby="id_email_error"' in page and 'id="id_email_error"' in page
    assert page.count('aria-invalid="true"') == 2


@pytest.mark.django_db
def test_sign_up_can_be_closed(client: Client, settings: Any) -> None:
    settings.SIGNUP_OPEN = False
    assert "No new accounts" in client.get("/account/signup/").content.decode()
    client.post("/account/signup/", FORM)
    assert not User.objects.exists()
