"""Erasing an account, by its owner or an administrator: everything goes, and nothing of anyone else's."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from asgiref.sync import async_to_sync
from django.core import mail
from django.test import Client

from accounts.models import Session, User
from memories import chat, inventory, receipt_mail
from memories.chat_types import Closed
from memories.chats import ScopedChats
from memories.erasure import erase_account
from memories.errors import AccountGone
from memories.models import Memory, Message, Receipt
from memories.offload import inline
from memories.owner import owner_of, owner_of_any
from memories.scoped import ScopedMemory
from tests.memories.erasing import FACT, said, texts

pytestmark = pytest.mark.django_db


# --- The account ------------------------------------------------------------------------------------------------------
def test_its_sessions_end_everywhere_at_once(owner: User, stranger: User, client_as: Callable[..., Client]) -> None:
    phone, desk, other = client_as(owner), client_as(owner), client_as(stranger)
    for client in (phone, desk, other):
        assert client.get("/data/").status_code == 200
    erase_account(owner)
    for client in (phone, desk):
        assert client.get("/data/").status_code == 302
    assert other.get("/data/").status_code == 200
    assert set(Session.objects.exclude(account=None).values_list("account", flat=True)) == {stranger.pk}


def test_a_reply_being_written_stops(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """At its next write: the words that came after the erasure are kept nowhere."""
    monkeypatch.setattr(chat, "EVERY", 0.01)
    posted = ScopedChats(owner).post("Tell me a long story about a whale.")

    async def cut_short() -> list[Any]:
        events = []
        async for event in chat.reply(owner, posted.reply.id, run=inline):
            events.append(event)
            if len(events) == 1:
                await inline(erase_account, owner)
            await asyncio.sleep(0)
        return events

    events = async_to_sync(cut_short)()
    assert events[-1] == Closed("stopped")
    assert not Message.objects.filter(pk=posted.reply.id).exists()


def test_every_door_is_shut(owner: User) -> None:
    memory, chats = ScopedMemory(owner), ScopedChats(owner)
    erase_account(owner)
    for verb in (lambda: memory.add(FACT, infer=False), memory.delete_all, lambda: chats.post("Hello")):
        with pytest.raises(AccountGone):
            verb()
    assert memory.get_all() == []
    with pytest.raises(AccountGone):
        erase_account(owner)


@pytest.mark.slow
@pytest.mark.parametrize(
    "way",
    [erase_account, lambda user: user.delete(), lambda user: User.objects.filter(pk=user.pk).delete()],
    ids=["erase_account", "User.delete", "QuerySet.delete"],
)
@pytest.mark.parametrize("active", [True, False])
def test_every_way_to_remove_an_account_is_the_same(
    owner: User, bob: ScopedMemory, way: Callable[[User], Any], active: bool
) -> None:
    said(owner)
    User.objects.filter(pk=owner.pk).update(is_active=active)
    user = User.objects.get(pk=owner.pk)
    known = owner_of_any(user)
    way(user)
    assert [table.store for table in inventory.TABLES if table.rows(known).exists()] == []
    assert Receipt.objects.filter(owner=None, size="account").count() == 1
    assert len(texts(bob)) == 1


def test_the_same_address_finds_an_empty_account(owner: User, client: Client) -> None:
    said(owner)
    before = owner.namespace
    erase_account(owner)
    response = client.post("/account/signup/", {"email": owner.email, "password1": "another-quiet-harbour-9"})
    assert response.status_code == 302
    again = User.objects.get(email=owner.email)
    assert again.namespace != before and texts(ScopedMemory(again)) == [] and ScopedMemory(again).receipts() == []
    assert ScopedMemory(again).add("I am vegetarian.")[0].memory == FACT, "nothing of the old marks holds"


@pytest.mark.parametrize("password", ["quiet-harbour-lantern-7", None], ids=["password", "passkey alone"])
def test_the_last_receipt_is_sent_and_names_nobody(
    owner: User, password: str | None, django_capture_on_commit_callbacks: Any
) -> None:
    said(owner)
    owner.set_password(password)
    owner.save()
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
    with django_capture_on_commit_callbacks(execute=True):
        receipt = erase_account(owner)
    [letter] = mail.outbox
    assert letter.to == [owner.email] and receipt.id in letter.body
    assert owner.email not in letter.body and "vegetarian" not in letter.body
    row = Receipt.objects.get(pk=receipt.id)
    stored = json.dumps([row.stores, row.remains])
    assert row.owner_id is None and owner.email not in stored and str(owner.namespace) not in stored


def test_a_mail_server_that_fails_is_no_reason_to_fail(
    owner: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    receipt = erase_account(owner)

    def refuses(self: Any) -> int:
        raise OSError(f"no such mailbox {owner.email}")

    monkeypatch.setattr(receipt_mail.EmailMessage, "send", refuses)
    with caplog.at_level(logging.ERROR):
        assert not receipt_mail.send(receipt, "owner@example.com")
    assert "a last receipt could not be sent: OSError" in caplog.text
    assert "owner@example.com" not in caplog.text


# --- The administrators' way ------------------------------------------------------------------------------------------
@pytest.fixture
def desk(admin: User, client_as: Callable[..., Client]) -> Client:
    return client_as(admin)


@pytest.mark.slow
def test_the_admin_erases_the_same_way(desk: Client, owner: User, bob: ScopedMemory) -> None:
    said(owner)
    known = owner_of(owner)
    asked = desk.get(f"/admin/accounts/user/{owner.pk}/delete/").content.decode()
    assert owner.email in asked and FACT not in asked
    response = desk.post(f"/admin/accounts/user/{owner.pk}/delete/", {"post": "yes"}, follow=True)
    assert response.status_code == 200 and owner.email not in response.content.decode()
    assert [
        table.store for table in inventory.TABLES if table.store != "Administrators' log" and table.rows(known)
    ] == []
    assert Receipt.objects.get(owner=None).asked_by == "admin"


def test_the_admin_erases_many_the_same_way(desk: Client, owner: User, stranger: User, bob: ScopedMemory) -> None:
    chosen = {"action": "delete_selected", "_selected_action": [owner.pk, stranger.pk]}
    assert FACT not in desk.post("/admin/accounts/user/", chosen).content.decode()
    desk.post("/admin/accounts/user/", chosen | {"post": "yes"})
    assert not User.objects.filter(pk__in=[owner.pk, stranger.pk]).exists()
    assert not Memory.objects.exists() and Receipt.objects.filter(owner=None).count() == 2


def test_the_administrators_log_keeps_no_address(desk: Client, owner: User) -> None:
    from django.contrib.admin.models import LogEntry

    desk.post(f"/admin/accounts/user/{owner.pk}/delete/", {"post": "yes"})
    assert [(entry.object_repr, entry.change_message) for entry in LogEntry.objects.all()] == [
        ("an erased account", "")
    ]


def test_the_admin_erases_nobody_without_a_fresh_proof(
    desk: Client, admin: User, owner: User, stranger: User, client_as: Any
) -> None:
    unproved = client_as(admin, proved=False)
    unproved.post(f"/admin/accounts/user/{owner.pk}/delete/", {"post": "yes"})
    unproved.post(
        "/admin/accounts/user/", {"action": "delete_selected", "_selected_action": [stranger.pk], "post": "yes"}
    )
    assert User.objects.filter(pk__in=[owner.pk, stranger.pk]).count() == 2


def test_an_admin_cannot_erase_themselves_there(desk: Client, admin: User) -> None:
    desk.post(f"/admin/accounts/user/{admin.pk}/delete/", {"post": "yes"})
    desk.post(
        "/admin/accounts/user/",
        {"action": "delete_selected", "_selected_action": [admin.pk], "post": "yes"},
    )
    assert User.objects.filter(pk=admin.pk).exists()


def test_staff_without_every_right_cannot(owner: User, make_user: Callable[..., User], client_as: Any) -> None:
    helper = make_user("helper", is_staff=True)
    client_as(helper).post(f"/admin/accounts/user/{owner.pk}/delete/", {"post": "yes"})
    assert User.objects.filter(pk=owner.pk).exists()
