"""Keys for programs: made behind a fresh proof, shown once, kept as a hash, one's own alone to see and revoke."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import keys
from accounts.models import Key, User
from memories.scoped import ScopedMemory
from tests.conftest import PASSWORD

Signed = Callable[..., Client]
PAGE = "/account/keys/"
FORM = {"name": "Notebook", "scope": "read", "days": "90"}


def token_in(page: Any) -> str:
    found = BeautifulSoup(page.content, "html.parser").select_one(".token code")
    return found.get_text() if found else ""


def verbs(user: User) -> list[str]:
    return [line.verb for line in ScopedMemory(user).activity().items]


def test_a_key_is_shown_once_and_kept_as_a_hash(owner: User, client_as: Signed) -> None:
    client = client_as(owner)
    made = client.post(PAGE, FORM)
    token = token_in(made)
    assert token.startswith("msk_") and len(token) == 47 and "no-store" in made.headers["Cache-Control"]
    row = Key.objects.get(account=owner)
    assert token[4:-4] not in str(vars(row)) and not row.may_write
    assert abs(row.ends_at - timezone.now() - dt.timedelta(days=90)) < dt.timedelta(minutes=1)  # type: ignore[operator]
    shown = client.get(PAGE).content.decode()
    assert "Notebook" in shown and token not in shown and f"msk_…{token[-4:]}" in shown
    found = keys.holder(token)
    assert found is not None and found.account == owner


def test_making_one_asks_for_a_fresh_proof_and_then_goes_on_once(owner: User, client_as: Signed) -> None:
    client = client_as(owner, proved=False)
    assert client.post(PAGE, FORM).headers["Location"] == "/account/reauthenticate/?next=%2Faccount%2Fgo-on%2F"
    assert not Key.objects.exists()
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/account/go-on/"})
    assert token_in(client.get("/account/go-on/"))
    assert not token_in(client.get("/account/go-on/")) and Key.objects.count() == 1


def test_the_person_is_told_by_mail_and_in_the_log(owner: User, client_as: Signed) -> None:
    client = client_as(owner)
    token = token_in(client.post(PAGE, FORM))
    [notice] = mail.outbox
    assert notice.to == [owner.email] and "A key for programs was made" in str(notice.subject)
    assert "“Notebook”" in str(notice.body) and token not in str(notice.body)
    client.post(f"{PAGE}{Key.objects.get().pk}/revoke/")
    assert verbs(owner) == ["key revoked", "key made"]
    assert keys.holder(token) is None


def test_a_key_nobody_can_be_told_of_is_not_made(owner: User, client_as: Signed, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        1,
    )
    answer = client_as(owner).post(PAGE, FORM)
    assert answer.status_code == 503 and "none was made" in answer.content.decode() and not token_in(answer)
    assert not Key.objects.exists()


@pytest.mark.parametrize("change", [{"name": " "}, {"scope": "all"}, {"days": "-1"}, {"name": "x" * 41}])
def test_what_makes_no_sense_makes_no_key(owner: User, client_as: Signed, change: dict[str, str]) -> None:
    assert client_as(owner).post(PAGE, FORM | change).status_code == 422
    assert not Key.objects.exists()


@pytest.mark.slow
def test_a_name_counts_once_a_person_and_there_is_a_most(owner: User, stranger: User, client_as: Signed) -> None:
    client = client_as(owner)
    for number in range(keys.MOST):
        assert client.post(PAGE, FORM | {"name": f"Program {number}"}).status_code == 200
    assert "a key of this name" in client.post(PAGE, FORM | {"name": "Program 3"}).content.decode()
    assert "as many as there can be" in client.post(PAGE, FORM).content.decode()
    assert client_as(stranger).post(PAGE, FORM | {"name": "Program 3"}).status_code == 200
    assert [len(keys.keys_of(user)) for user in (owner, stranger)] == [keys.MOST, 1]


def test_a_strangers_key_is_not_there(owner: User, stranger: User, client_as: Signed) -> None:
    made = keys.make(owner, "Notebook", may_write=True, days=None)
    client = client_as(stranger)
    assert "Notebook" not in client.get(PAGE).content.decode()
    for key_id in (made.key.pk, uuid.uuid4()):
        assert client.post(f"{PAGE}{key_id}/revoke/").status_code == 404
    assert keys.holder(made.token) == made.key
    assert verbs(stranger) == []


def test_a_key_is_good_while_it_lasts_and_its_account_is_open(owner: User) -> None:
    made = keys.make(owner, "Notebook", may_write=True, days=1)
    near = (made.token[:-1], f"{made.token}x", f" {made.token}", made.token.upper(), "msk_" + "a" * 43)
    for wrong in ("", "msk_", *near):
        assert keys.holder(wrong) is None
    Key.objects.update(ends_at=timezone.now() - dt.timedelta(seconds=1))
    assert keys.holder(made.token) is None and keys.keys_of(owner)[0].ended
    Key.objects.update(ends_at=None)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert keys.holder(made.token) is None
    User.objects.filter(pk=owner.pk).update(is_active=True)
    assert keys.holder(made.token) == made.key


def test_the_first_use_of_a_day_is_told_once(owner: User) -> None:
    made = keys.make(owner, "Notebook", may_write=True, days=None)
    assert not keys.used_today(made.key)
    # The row that others still hold may be old: the statement itself decides.
    assert [keys.first_use_today(made.key) for _ in range(3)] == [True, False, False]
    assert keys.used_today(Key.objects.get())
    Key.objects.update(used_at=timezone.now() - dt.timedelta(days=1))
    assert not keys.used_today(Key.objects.get()) and keys.first_use_today(Key.objects.get())


def test_a_wipe_leaves_keys_and_the_end_of_the_account_takes_them(owner: User, stranger: User) -> None:
    mine = keys.make(owner, "Notebook", may_write=True, days=None)
    theirs = keys.make(stranger, "Notebook", may_write=True, days=None)
    ScopedMemory(owner).wipe("conversations")
    assert keys.holder(mine.token)
    owner.delete()
    assert keys.holder(mine.token) is None and keys.holder(theirs.token)
