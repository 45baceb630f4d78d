"""The administration acts, is told of, and reads nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib import admin as django_admin
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import keys
from accounts.models import Session, User
from memories.chats import ScopedChats
from memories.models import Activity, Message, OwnerState, Receipt
from memories.record_types import ActivityFilter
from memories.scoped import ScopedMemory
from tests.isolation.matrix import routes

Signed = Callable[..., Client]
CANARY = "zq-canary-lighthouse-42"
REASON = "They asked for it by letter"


@pytest.fixture
def desk(admin: User, client_as: Signed) -> Client:
    return client_as(admin)


@pytest.fixture
def full(owner: User) -> User:
    """Someone whose every text holds the canary."""
    memory = ScopedMemory(owner)
    kept = memory.add(f"My boat is called {CANARY}", infer=False)[0]
    memory.update(kept.id, f"My boat was called {CANARY}")
    posted = ScopedChats(owner).post(f"Tell me of {CANARY}")
    ScopedChats(owner).rename(posted.conversation.id, f"About {CANARY}")
    Message.objects.filter(pk=posted.reply.id).update(text=CANARY, reasoning=CANARY, status="failed", model="tiny")
    return owner


def act(desk: Client, person: User, name: str, **more: str) -> int:
    return desk.post(f"/admin/accounts/user/{person.pk}/act/{name}/", {"reason": REASON, **more}).status_code


@pytest.mark.slow
def test_no_page_of_the_administration_shows_a_word(desk: Client, full: User) -> None:
    pk = full.pk
    pages = [
        "/admin/",
        "/admin/accounts/user/",
        f"/admin/accounts/user/?q={CANARY[:-3]}",
        "/admin/accounts/user/?q=owner",
        f"/admin/accounts/user/{pk}/change/",
        f"/admin/accounts/user/{pk}/history/",
        "/admin/accounts/user/dashboard/",
        "/admin/autocomplete/?app_label=accounts&model_name=user&field_name=groups&term=zq",
        "/admin/memories/memory/",
        "/admin/memories/message/",
        "/admin/mfa/authenticator/",
        *[f"/admin/accounts/user/{pk}/act/{name}/" for name in ("suspend", "wipe", "export", "quota", "nothing")],
    ]
    for path in pages:
        body = desk.get(path).content.decode()
        assert CANARY not in body, path


def test_the_list_counts_for_each_person(desk: Client, full: User, stranger: User) -> None:
    """Also where row policies hide rows from whoever names no owner."""
    for words in ("I stay", "I stay on"):
        ScopedMemory(stranger).add(words, infer=False)
    page = BeautifulSoup(desk.get("/admin/accounts/user/").content, "html.parser")
    told = {}
    for row in page.select("#result_list tbody tr"):
        cells = {cell["class"][0]: cell.text for cell in row.select("th, td.field-memories, td.field-conversations")}
        told[cells["field-email"]] = (cells["field-memories"], cells["field-conversations"])
    assert (told[full.email], told[stranger.email]) == (("1", "1"), ("2", "0"))


def test_nothing_that_holds_text_is_registered() -> None:
    names = {model._meta.label for model in django_admin.site._registry}
    assert names == {"accounts.User", "auth.Group"}


def test_an_act_needs_a_reason(desk: Client, full: User) -> None:
    assert act(desk, full, "wipe", reason="") == 422
    assert ScopedMemory(full).count() == 1
    assert mail.outbox == []


def test_suspending_ends_sessions_and_keeps_everything(desk: Client, full: User, client_as: Signed) -> None:
    theirs, key = client_as(full), keys.make(full, "Notebook", may_write=False, days=None)
    assert act(desk, full, "suspend") == 302
    assert asked(key) == 401
    full.refresh_from_db()
    assert not full.is_active
    assert not Session.objects.filter(account_id=full.pk).exists()
    assert theirs.get("/chat/").status_code == 302
    assert act(desk, full, "admit") == 302
    full.refresh_from_db()
    assert ScopedMemory(full).count() == 1 and asked(key) == 200


def asked(key: keys.Made) -> int:
    return Client().get("/api/v1/me", headers={"Authorization": f"Bearer {key.token}"}).status_code


def test_sessions_are_ended(desk: Client, full: User, stranger: User, client_as: Signed) -> None:
    theirs, other = client_as(full), client_as(stranger)
    made = [keys.make(person, "Notebook", may_write=False, days=None) for person in (full, stranger)]
    assert [asked(key) for key in made] == [200, 200]
    act(desk, full, "sign-out")
    assert theirs.get("/chat/").status_code == 302
    assert other.get("/chat/").status_code == 200
    assert [asked(key) for key in made] == [401, 200]
    line = Activity.objects.get(owner=full, verb="keys revoked")
    assert (line.actor, line.reason, line.count) == ("admin", REASON, 1)
    assert "keys for programs" in str(mail.outbox[-1].body) and not Activity.objects.filter(owner=stranger).exclude(
        verb="key used"
    )


def test_a_quota_is_set_and_taken_back(desk: Client, full: User) -> None:
    act(desk, full, "quota", number="5")
    assert ScopedMemory(full).preferences.quota == 5
    act(desk, full, "quota", number="")
    assert OwnerState.objects.get(owner=full).quota is None


def test_wiping_makes_a_receipt_that_says_who_asked(desk: Client, full: User, stranger: User) -> None:
    ScopedMemory(stranger).add("I stay", infer=False)
    act(desk, full, "wipe")
    assert ScopedMemory(full).count() == 0
    assert ScopedChats(full).page().items == ()
    assert Receipt.objects.get(owner=full).asked_by == "admin"
    assert ScopedMemory(stranger).count() == 1


def test_an_export_goes_to_the_accounts_own_address_alone(desk: Client, full: User) -> None:
    answer = desk.post(f"/admin/accounts/user/{full.pk}/act/export/", {"reason": REASON, "email": "me@evil.example"})
    assert CANARY not in answer.content.decode()
    data = next(message for message in mail.outbox if message.attachments)
    assert {address for message in mail.outbox for address in message.to} == {full.email}
    assert CANARY in str(json.loads(str(data.attachments[0][1])))


@pytest.mark.parametrize("name", ["suspend", "sign-out", "quota", "wipe", "export"])
def test_each_act_is_told_and_stands_in_the_log(desk: Client, full: User, name: str) -> None:
    act(desk, full, name)
    told = mail.outbox[-1]
    assert told.to == [full.email]
    assert REASON in str(told.body)
    line = Activity.objects.filter(owner=full, actor="admin").latest("at")
    assert (line.via, line.reason, line.address, line.device) == ("admin", REASON, "", "")
    full.refresh_from_db()
    if full.is_active:
        page = ScopedMemory(full).activity(ActivityFilter(actor="admin"))
        assert page.items[0].reason == REASON


def test_an_act_that_cannot_be_told_is_done_and_said_so(desk: Client, full: User, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_PORT = 9
    assert act(desk, full, "suspend") == 302
    page = desk.get(f"/admin/accounts/user/{full.pk}/change/").content.decode()
    assert f"the e-mail to {full.email} could not be sent" in page
    assert User.objects.get(pk=full.pk).is_active is False
    assert act(desk, full, "admit") == 302
    assert act(desk, full, "export") == 422, "an export that was not sent was not made"
    assert not Activity.objects.filter(owner=full, verb="exported").exists()


def test_staff_without_the_right_do_nothing(make_user: Callable[..., User], client_as: Signed, full: User) -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    clerk = make_user("clerk", is_staff=True)
    TOTP.activate(clerk, "JBSWY3DPEHPK3PXP")
    client = client_as(clerk)
    assert act(client, full, "wipe") == 403
    assert client.get("/admin/accounts/user/dashboard/").status_code == 403
    assert ScopedMemory(full).count() == 1


def test_the_dashboard_counts(desk: Client, full: User) -> None:
    page = desk.get("/admin/accounts/user/dashboard/").content.decode()
    for title in ("New people", "Memories saved", "Learning", "Replies that failed", "How long the model takes"):
        assert title in page
    assert page.count('<svg class="chart') == 5
    assert "style=" not in page.partition('class="plots"')[2]


# --- Every address of the administration ------------------------------------------------------------------------------
OPEN = ("admin:login", "admin:logout", "admin:password_change")
"""Signing in and out; the last leads to the account page instead."""
VALUES = {"name": "wipe", "app_label": "accounts", "url": "nowhere", "content_type_id": "1"}


def addresses(pk: int) -> list[str]:
    """From the URL resolver, so that a new one is tried too."""
    found = {"/admin/nowhere/"}
    for name, pattern in routes():
        if name.startswith("admin:") and name not in OPEN and pattern.name:
            arguments = pattern.pattern.regex.groupindex
            found.add(reverse(name, kwargs={key: VALUES.get(key, str(pk)) for key in arguments}))
    return sorted(found)


@pytest.mark.slow
def test_no_address_shows_a_word(desk: Client, full: User, settings: Any) -> None:
    """Those that break the glass included, where nobody opened it."""
    settings.BREAK_GLASS = 30
    there = addresses(full.pk)
    assert len(there) > 20
    for path in there:
        assert CANARY not in desk.get(path).content.decode(), path
        assert CANARY not in desk.get(path, {"q": CANARY[:-3], "term": CANARY[:-3]}).content.decode(), path


@pytest.mark.slow
def test_without_a_second_factor_no_address_opens(
    make_user: Callable[..., User], client_as: Signed, full: User
) -> None:
    client = client_as(make_user("bare", is_staff=True, is_superuser=True))
    for path in addresses(full.pk):
        for answer in (client.get(path), client.post(path, {"reason": REASON, "post": "yes"})):
            assert answer.headers.get("Location") == "/account/2fa/", path
    assert ScopedMemory(full).count() == 1 and mail.outbox == []


@pytest.mark.slow
def test_who_is_no_administrator_gets_nowhere(client_as: Signed, full: User, stranger: User) -> None:
    for client in (client_as(stranger), Client()):
        for path in addresses(full.pk):
            for answer in (client.get(path), client.post(path, {"reason": REASON, "post": "yes"})):
                assert answer.status_code in (302, 403, 404), path
                assert full.email not in answer.content.decode(), path
    assert ScopedMemory(full).count() == 1 and mail.outbox == []
