"""Deleting one, wiping, erasing an account: everything goes, nothing of anyone else's does, and it stays gone."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from asgiref.sync import async_to_sync
from django.core import mail
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from accounts.models import Session, User
from memories import chat, inventory, receipt_mail
from memories.chat_types import Closed
from memories.chats import ScopedChats
from memories.desk import ReplyDesk
from memories.erasure import erase_account
from memories.errors import AccountGone, ConversationNotFound, EngineUnavailable, MemoriesError, MemoryNotFound
from memories.models import Activity, Memory, MemoryVersion, Message, Recall, Receipt, Tombstone
from memories.offload import inline
from memories.owner import owner_of, owner_of_any
from memories.scoped import ScopedMemory

pytestmark = pytest.mark.django_db

FACT, OTHER = "I am vegetarian", "I live in Lisbon"


@pytest.fixture
def alice(owner: User) -> ScopedMemory:
    memory = ScopedMemory(owner)
    memory.add(FACT, infer=False)
    return memory


@pytest.fixture
def bob(stranger: User) -> ScopedMemory:
    """Says and keeps the very same, so that a statement which forgets the owner is seen."""
    memory = ScopedMemory(stranger)
    memory.add(FACT, infer=False)
    said(stranger)
    return memory


def said(user: User, text: str = "I am vegetarian.") -> tuple[str, str, str]:
    """A chat with one turn, answered and learned from: its id, the turn's and the memory's."""
    chats, memory = ScopedChats(user), ScopedMemory(user)
    posted = chats.post(text)
    ReplyDesk(user).close(posted.reply.id, "done", "Good to know.", "", "")
    learned = memory.learn(text, message_id=posted.turn.id)
    known = learned.saved or learned.known
    memory.mark_used(posted.reply.id, [memory.get(known[0].id)])
    return posted.conversation.id, posted.turn.id, known[0].id


def rows_of(user: User) -> dict[str, int]:
    owner = owner_of_any(user)
    return {table.store: table.rows(owner).count() for table in inventory.TABLES}


def texts(memory: ScopedMemory) -> list[str]:
    return [each.memory for each in memory.get_all()]


# --- Delete one -------------------------------------------------------------------------------------------------------
def test_a_deleted_memory_takes_all_that_hangs_on_it(owner: User, bob: ScopedMemory) -> None:
    memory = ScopedMemory(owner)
    _, turn, key = said(owner)
    memory.update(key, "I am vegan")
    theirs = rows_of(bob_user := User.objects.get(email="stranger@example.com"))
    memory.delete(key)
    assert not any(
        table.objects.filter(owner=owner).exists()
        for table in (Memory, MemoryVersion, Recall)  # type: ignore[attr-defined]
    )
    assert ScopedChats(owner).message(turn).text == "I am vegetarian."
    assert rows_of(bob_user) == theirs


def test_the_message_goes_too_when_asked_for(owner: User, bob: ScopedMemory) -> None:
    conversation, turn, key = said(owner)
    ScopedMemory(owner).delete(key, with_message=True)
    with pytest.raises(ConversationNotFound):
        ScopedChats(owner).message(turn)
    assert [message.role for message in ScopedChats(owner).messages(conversation)] == ["assistant"]
    # Its first words were the chat's title.
    assert ScopedChats(owner).get(conversation).title == ""
    assert Message.objects.filter(owner__email="stranger@example.com", role="user").count() == 1


@pytest.mark.slow
def test_a_strangers_memory_is_not_there_to_delete(alice: ScopedMemory, bob: ScopedMemory) -> None:
    key = bob.get_all()[0].id
    for verb in (alice.delete, alice.hold, alice.restore):
        with pytest.raises(MemoryNotFound):
            verb(key)
    assert len(texts(bob)) == 1


def test_held_is_out_of_everything_on_the_server(owner: User) -> None:
    memory, chats = ScopedMemory(owner), ScopedChats(owner)
    conversation, turn, key = said(owner)
    memory.hold(key, with_message=True)
    assert memory.get_all() == [] and memory.count() == 0 and memory.search("vegetarian") == []
    assert memory.page(query="vegetarian").items == () and memory.browse().page.items == ()
    assert [message.role for message in chats.messages(conversation)] == ["assistant"]
    assert chats.search("vegetarian.").items == () or "vegetarian" not in str(chats.search("vegetarian.").found)
    with pytest.raises(MemoryNotFound):
        memory.get(key)
    assert memory.restore(key).memory == FACT
    assert chats.message(turn).text == "I am vegetarian." and texts(memory) == [FACT]


def test_what_was_held_together_comes_back_together(alice: ScopedMemory, bob: ScopedMemory) -> None:
    key, theirs = alice.get_all()[0].id, bob.get_all()[0].id
    alice.hold(key)
    bob.hold(theirs)
    alice.restore(key)
    assert texts(alice) == [FACT] and texts(bob) == []


def ended(key: str) -> None:
    """The undo window of this memory (and its turn) has just passed."""
    over = timezone.now() - dt.timedelta(seconds=1)
    Message.objects.exclude(held_until=None).update(held_until=over)
    Memory.objects.filter(pk=key).update(held_until=over)


def test_after_its_window_it_cannot_come_back_even_before_it_is_purged(alice: ScopedMemory) -> None:
    key = alice.get_all()[0].id
    alice.hold(key)
    ended(key)
    with pytest.raises(MemoryNotFound):
        alice.restore(key)
    assert texts(alice) == []


def test_the_next_write_purges_what_is_over(owner: User, bob: ScopedMemory) -> None:
    memory = ScopedMemory(owner)
    _, turn, key = said(owner)
    memory.hold(key, with_message=True)
    ended(key)
    bob.add(OTHER, infer=False)
    assert Memory.objects.filter(pk=key).exists(), "another's write is not the owner's"
    memory.add(OTHER, infer=False)
    assert not Memory.objects.filter(pk=key).exists() and not Message.objects.filter(pk=turn).exists()
    assert not Recall.objects.filter(owner=owner).exists()


# --- Wipe -------------------------------------------------------------------------------------------------------------
def test_a_wipe_keeps_the_chats_but_nothing_they_tell_of_memories(owner: User, bob: ScopedMemory) -> None:
    memory, chats = ScopedMemory(owner), ScopedChats(owner)
    conversation, turn, key = said(owner)
    chats.leave_out(conversation, key)
    waiting = chats.post("I live in Lisbon.", conversation_id=conversation).turn.id
    Message.objects.filter(pk=turn).update(learned={"refused": ["I was once a pirate"]}, asks={"forget": [key]})
    receipt = memory.delete_all()
    assert texts(memory) == [] and len(chats.messages(conversation)) == 4
    row = Message.objects.get(pk=turn)
    assert row.learned is None and row.asks is None and chats.get(conversation).left_out == ()
    assert Message.objects.get(pk=waiting).memory_state == "off"
    assert {line.store: line.removed for line in receipt.stores}["Memories"] == 1
    assert len(texts(bob)) == 1


def test_a_wipe_of_both_leaves_the_account(owner: User, bob: ScopedMemory) -> None:
    conversation, _, _ = said(owner)
    theirs = rows_of(User.objects.get(email="stranger@example.com"))
    receipt = ScopedMemory(owner).wipe("conversations")
    with pytest.raises(ConversationNotFound):
        ScopedChats(owner).get(conversation)
    assert receipt.size == "conversations" and all(line.left == 0 for line in receipt.stores)
    assert User.objects.filter(pk=owner.pk).exists() and ScopedMemory(owner).receipt(receipt.id) == receipt
    assert rows_of(User.objects.get(email="stranger@example.com")) == theirs


def test_a_second_wipe_finds_nothing(alice: ScopedMemory) -> None:
    first, second = alice.delete_all(), alice.delete_all()
    assert first.removed == 1 and second.removed == 0 and first.id != second.id


def test_a_wipe_is_set_based(alice: ScopedMemory, django_assert_max_num_queries: Any) -> None:
    """The same number of statements for one memory and for fifty."""
    alice.add([{"role": "user", "content": f"I keep {n} coins"} for n in range(50)], infer=False)
    with django_assert_max_num_queries(60) as fifty:
        alice.delete_all()
    alice.add(FACT, infer=False)
    with django_assert_max_num_queries(60) as one:
        alice.delete_all()
    assert len(one) == len(fifty)


def test_learning_that_began_before_a_wipe_is_discarded(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from memories.engines import embedded

    memory = ScopedMemory(owner)
    turn = ScopedChats(owner).post("I am vegetarian.").turn.id
    found = embedded.find_facts

    def wiped_meanwhile(*args: Any) -> Any:
        facts = found(*args)
        ScopedMemory(owner).delete_all()
        return facts

    monkeypatch.setattr(embedded, "find_facts", wiped_meanwhile)
    assert memory.learn("I am vegetarian.", message_id=turn).saved == ()
    assert texts(memory) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_adds_and_a_second_wipe_at_the_same_time(owner: User, stranger: User) -> None:
    """However they fall, each wipe is whole, what is left was added after the last one, and nobody else is touched."""
    ScopedMemory(stranger).add(FACT, infer=False)
    begin, receipts, troubles = threading.Barrier(4), [], []

    def adding(number: int) -> None:
        begin.wait()
        for turn in range(5):
            ScopedMemory(owner).add(f"I keep coin {number} {turn}", infer=False)

    def wiping() -> None:
        begin.wait()
        receipts.append(ScopedMemory(owner).delete_all())

    def run(work: Callable[..., None], *args: Any) -> None:
        try:
            work(*args)
        except Exception as error:
            troubles.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=args) for args in ((adding, 1), (adding, 2), (wiping,), (wiping,))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert sum(receipt.removed for receipt in receipts) + ScopedMemory(owner).count() == 10
    assert all(line.left == 0 for receipt in receipts for line in receipt.stores)
    assert ScopedMemory(stranger).count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_write_lands_behind_an_erased_account(owner: User, stranger: User) -> None:
    ScopedMemory(stranger).add(FACT, infer=False)
    known, memory, chats = owner_of(owner), ScopedMemory(owner), ScopedChats(owner)
    begin, ends = threading.Barrier(3), []

    def writing(verb: Callable[[str], Any]) -> None:
        begin.wait()
        try:
            for turn in range(200):
                verb(f"I keep coin {turn}")
        except MemoriesError as error:
            ends.append(type(error))
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=writing, args=(lambda text: memory.add(text, infer=False),)),
        threading.Thread(target=writing, args=(chats.post,)),
    ]
    for thread in threads:
        thread.start()
    begin.wait()
    receipt = erase_account(owner)
    for thread in threads:
        thread.join()
    assert ends == [AccountGone, AccountGone]
    assert [table.store for table in inventory.TABLES if table.rows(known).exists()] == []
    assert all(line.left == 0 for line in receipt.stores) and ScopedMemory(stranger).count() == 1


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


# --- The pages --------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_the_word_has_to_be_typed(alice: ScopedMemory, owner: User, client_as: Callable[..., Client]) -> None:
    client = client_as(owner)
    for typed in ("", "no", "wip", "erase my account"):
        assert client.post("/data/wipe/memories/", {"word": typed}).status_code == 422
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


# --- A database that does not answer ----------------------------------------------------------------------------------
def test_a_wipe_that_cannot_be_written_removes_nothing(alice: ScopedMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    from memories import erasure

    def full(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(erasure, "write_receipt", full)
    with pytest.raises(EngineUnavailable):
        alice.delete_all()
    assert texts(alice) == [FACT] and not Tombstone.objects.exists()
    assert not Activity.objects.filter(verb="wiped").exists()
