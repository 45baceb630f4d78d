"""The pages that wipe and erase, and their receipts."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from memories import inventory
from memories.chats import ScopedChats
from memories.desk import ReplyDesk
from memories.models import Receipt
from memories.scoped import ScopedMemory
from tests.memories.erasing import FACT, rows_of, texts

pytestmark = pytest.mark.django_db


# --- The pages --------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_the_word_has_to_be_typed(alice: ScopedMemory, owner: User, client_as: Callable[..., Client]) -> None:
    client = client_as(owner)
    for typed in ("", "no", "wip", "erase my account"):
        refused = client.post("/data/wipe/memories/", {"word": typed})
        assert refused.status_code == 422 and "autofocus" in refused.content.decode(), "the refusal is far down"
    assert texts(alice) == [FACT] and not Receipt.objects.exists()
    response = client.post("/data/wipe/memories/", {"word": " Wipe "})
    page = client.get(response.headers["Location"]).content.decode()
    assert response.status_code == 302 and "Memories" in page and texts(alice) == []


@pytest.mark.slow
def test_a_look_changes_nothing(alice: ScopedMemory, owner: User, client_as: Callable[..., Client]) -> None:
    client = client_as(owner)
    client.get("/data/")
    before = rows_of(owner)
    paths = ["", "memories/", "conversations/", "account/"]
    for path in [f"/data/wipe/{path}" for path in paths] + ["/data/receipts/", "/data/holdings/", "/data/keeping/"]:
        assert client.get(path).status_code == 200, path
    client.get("/data/keeping/?months=3&basis=unused")
    assert rows_of(owner) == before and alice.preferences.retention_months is None


def test_the_page_shows_what_would_go(alice: ScopedMemory, owner: User, client_as: Callable[..., Client]) -> None:
    page = client_as(owner).get("/data/wipe/account/").content.decode()
    shown = [table.store for table in inventory.TABLES if table.store.replace("'", "&#x27;") in page]
    assert shown == [table.store for table in inventory.TABLES]
    assert "/data/export/" in page


def test_the_account_page_erases_and_shows_the_receipt_once_more(
    owner: User, stranger: User, client_as: Callable[..., Client], client: Client
) -> None:
    browser = client_as(owner)
    assert browser.post("/data/wipe/account/", {"word": "wipe"}).status_code == 422
    response = browser.post("/data/wipe/account/", {"word": "erase my account"})
    place = response.headers["Location"]
    assert response.status_code == 302 and place.startswith("/erased/")
    page = browser.get(place).content.decode()
    assert "Your account is erased" in page and owner.email not in page
    assert browser.get(f"{place}file/").json()["erased"] == "account"
    assert browser.get("/data/").status_code == 302
    # Another browser, signed in or not, is told what it is told of a receipt that never was.
    for other in (client, client_as(stranger)):
        unknown = other.get(f"/erased/{uuid.uuid4()}/")
        assert other.get(place).status_code == unknown.status_code == 404
    assert owner.email not in str(dict(browser.session.items())) and "_auth_user_id" not in browser.session


def test_the_account_page_asks_who_it_is_first(owner: User, client_as: Callable[..., Client]) -> None:
    browser = client_as(owner, proved=False)
    for response in (
        browser.get("/data/wipe/account/"),
        browser.post("/data/wipe/account/", {"word": "erase my account"}),
    ):
        assert response.status_code == 302 and "/account/" in response.headers["Location"]
    assert User.objects.filter(pk=owner.pk).exists()


def test_a_receipt_is_its_owners_alone(
    alice: ScopedMemory, owner: User, stranger: User, client_as: Callable[..., Client]
) -> None:
    receipt = alice.delete_all()
    mine, theirs = client_as(owner), client_as(stranger)
    for path in ("/data/receipts/{}/", "/data/receipts/{}/file/"):
        assert mine.get(path.format(receipt.id)).status_code == 200
        assert theirs.get(path.format(receipt.id)).status_code == 404
        assert theirs.get(path.format(uuid.uuid4())).status_code == 404
    told = mine.get(f"/data/receipts/{receipt.id}/file/")
    assert told.json()["stores"][-1].keys() == {"store", "found", "removed", "left"}
    assert told.headers["Content-Disposition"].endswith(f'receipt-{receipt.id}.json"')
    assert receipt.id not in theirs.get("/data/receipts/").content.decode()


def test_a_receipt_tells_what_is_out_of_reach(owner: User, settings: Any) -> None:
    settings.BACKUP_DAYS, settings.LLM_BASE_URL, settings.LLM_MODEL = 30, "https://llm.example/v1", "small"
    key = ScopedMemory(owner).add(FACT, infer=False)[0].id
    posted = ScopedChats(owner).post("Hello")
    ReplyDesk(owner).disclose(posted.reply.id, [key])
    ReplyDesk(owner).disclose(posted.reply.id, [key])
    remains = " ".join(ScopedMemory(owner).delete_all().remains)
    gone_by = timezone.now() + dt.timedelta(days=30)
    assert f"{gone_by.day} {gone_by:%B %Y}" in remains
    assert "llm.example was written to 2 times, with memories in them 2 times" in remains


def test_what_the_site_waits_for_is_called_pending_and_what_the_database_does_is_not(
    owner: User, bob: ScopedMemory, client_as: Callable[..., Client]
) -> None:
    """Within a transaction, as here, SQLite's log cannot be cut; PostgreSQL has no such step to wait for."""
    receipt = ScopedMemory(owner).delete_all()
    page = client_as(owner).get(f"/data/receipts/{receipt.id}/").content.decode()
    badge = "disk pending" in client_as(owner).get("/data/receipts/").content.decode()
    sqlite = connection.vendor == "sqlite"
    assert ("Pending" in page, badge, "vacuum" in page) == (sqlite, sqlite, not sqlite)
