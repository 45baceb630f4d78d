"""The admin opens and closes the door; it is no way into somebody's account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User


@pytest.fixture
def desk(admin: User, client_as: Callable[[User], Client]) -> Client:
    return client_as(admin)


def test_the_list_shows_people_by_address(desk: Client, owner: User, stranger: User) -> None:
    page = desk.get("/admin/accounts/user/").content.decode()
    assert owner.email in page and stranger.email in page
    assert str(owner.namespace) not in page


def test_the_page_of_a_person_shows_no_secret(desk: Client, owner: User) -> None:
    page = desk.get(f"/admin/accounts/user/{owner.pk}/change/").content.decode()
    assert owner.email in page
    for secret in (str(owner.namespace), owner.password, "password"):
        assert secret not in page


def test_days_are_written_as_on_the_site(desk: Client, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(date_joined=dt.datetime(2026, 11, 26, 15, 4, tzinfo=dt.UTC))
    for path in ("", f"{owner.pk}/change/"):
        assert "26 November 2026, 15:04" in desk.get(f"/admin/accounts/user/{path}").content.decode()


def test_an_admin_adds_an_account_without_a_password(desk: Client) -> None:
    desk.post("/admin/accounts/user/add/", {"email": "New@Example.com"})
    assert not User.objects.get(email="new@example.com").has_usable_password()


def test_no_two_accounts_differ_by_case(desk: Client, owner: User) -> None:
    response = desk.post("/admin/accounts/user/add/", {"email": owner.email.upper()})
    assert "already" in response.content.decode()


def test_the_form_neither_suspends_nor_moves_an_account(desk: Client, owner: User) -> None:
    """Suspending takes a reason, which the person reads: tests/memories/test_administration.py."""
    desk.post(f"/admin/accounts/user/{owner.pk}/change/", {"is_staff": "", "email": "taken@over.example"})
    owner.refresh_from_db()
    assert owner.is_active
    assert owner.email == "owner@example.com", "an address is a way into the account"


@pytest.mark.parametrize(
    "path",
    ["accounts/user/{}/password/", "account/emailaddress/", "usersessions/usersession/"],
)
def test_the_ways_into_an_account_are_not_there(desk: Client, owner: User, path: str) -> None:
    assert desk.get(f"/admin/{path.format(owner.pk)}").status_code in (302, 403, 404)
    assert desk.post(f"/admin/{path.format(owner.pk)}", {"post": "yes"}).status_code in (302, 403, 404)
    assert User.objects.filter(pk=owner.pk).exists()


def test_staff_cannot_give_themselves_rights(
    make_user: Callable[..., User], client_as: Callable[[User], Client]
) -> None:
    helper = make_user("helper", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    client_as(helper).post(f"/admin/accounts/user/{helper.pk}/change/", {"is_active": "on", "is_superuser": "on"})
    helper.refresh_from_db()
    assert helper.is_active and not helper.is_superuser


def test_the_list_answers_no_question_about_secrets(desk: Client, owner: User, stranger: User) -> None:
    """By an address of one's own making: who is listed would tell whether a guess was right."""
    for asked in (
        {"password__startswith": owner.password[:20]},
        {"namespace": str(owner.namespace)},
        {"authenticator__isnull": "True"},
    ):
        answer = desk.get("/admin/accounts/user/", asked, follow=True)
        assert (owner.email in answer.content.decode()) is (stranger.email in answer.content.decode()), asked
    offered = desk.get("/admin/accounts/user/", {"is_staff__exact": "0"}).content.decode()
    assert owner.email in offered and "admin@example.com" not in offered.partition('id="result_list"')[2]


def test_others_are_kept_out(owner: User, client: Client, client_as: Callable[[User], Client]) -> None:
    assert client.get("/admin/").headers["Location"].startswith("/admin/login/")
    assert client.get("/admin/login/?next=/admin/").headers["Location"].startswith("/account/login/")
    inside = client_as(owner)
    assert inside.get("/admin/accounts/user/").status_code == 302
    assert inside.get("/admin/login/").status_code == 403
