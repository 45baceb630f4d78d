"""Coming in and going out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.conftest import PASSWORD


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/account/login/", {"login": email, "password": password, **more})


def test_the_right_password_leads_to_the_chat(client: Client, owner: User) -> None:
    assert sign_in(client, owner.email).headers["Location"] == "/chat/"
    assert client.session["_auth_user_id"] == str(owner.pk)


def test_letters_of_an_address_may_be_large(client: Client, owner: User) -> None:
    assert sign_in(client, owner.email.upper()).status_code == 302


def test_a_wrong_password_and_an_unknown_address_look_alike(owner: User) -> None:
    known = sign_in(Client(), owner.email, "wrong-wrong-wrong")
    unknown = sign_in(Client(), "nobody@example.com", "wrong-wrong-wrong")
    assert known.context["form"].errors == unknown.context["form"].errors != {}


def test_a_suspended_account_stays_out(client: Client, owner: User) -> None:
    owner.is_active = False
    owner.save()
    sign_in(client, owner.email)
    assert "_auth_user_id" not in client.session


def test_suspending_ends_the_session_at_hand(owner: User, client_as: Callable[[User], Client]) -> None:
    client = client_as(owner)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert client.get("/account/email/").status_code == 302


def test_after_signing_in_one_gets_where_one_wanted_to(client: Client, owner: User) -> None:
    assert client.get("/data/").headers["Location"] == "/account/login/?next=/data/"
    assert sign_in(client, owner.email, next="/data/").headers["Location"] == "/data/"


def test_nobody_is_sent_to_another_site(client: Client, owner: User) -> None:
    assert sign_in(client, owner.email, next="https://evil.example/").headers["Location"] == "/chat/"


def test_a_session_key_from_before_is_worth_nothing_after(client: Client, owner: User) -> None:
    client.get("/account/login/")
    session = client.session
    session["planted"] = True
    session.save()
    sign_in(client, owner.email)
    assert client.session.session_key != session.session_key


def test_signing_out_takes_a_post(owner: User, client_as: Callable[[User], Client]) -> None:
    client = client_as(owner)
    client.get("/account/logout/")
    assert "_auth_user_id" in client.session
    assert client.post("/account/logout/").headers["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_a_form_from_elsewhere_is_refused(owner: User, client_as: Callable[..., Client]) -> None:
    response = client_as(owner, enforce_csrf_checks=True).post("/account/logout/")
    assert response.status_code == 403
    assert "out of date" in response.content.decode()


def test_guessing_is_slowed_down_with_a_page_in_words(client: Client, owner: User) -> None:
    answers = [sign_in(client, owner.email, f"guess-{n}") for n in range(12)]
    assert any("Too many wrong tries" in page.content.decode() for page in answers)
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_the_password_field_offers_the_way_back(client: Client) -> None:
    page = client.get("/account/login/").content.decode()
    assert "/account/password/reset/" in page
    assert "placeholder" not in page
