"""Deleting one and wiping: everything goes, nothing of anyone else's does, and it stays gone."""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import User
from memories import erasure, inventory
from memories.chats import ScopedChats
from memories.desk import ReplyDesk
from memories.erasure import erase_account
from memories.errors import AccountGone, ConversationNotFound, EngineUnavailable, MemoriesError, MemoryNotFound
from memories.models import Activity, Memory, MemoryVersion, Message, Recall, Tombstone
from memories.owner import owner_of
from memories.scoped import ScopedMemory
from tests.memories.erasing import FACT, OTHER, rows_of, said, texts

pytestmark = pytest.mark.django_db


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

    def wiped_meanwhile(*args: Any, **also: Any) -> Any:
        facts = found(*args, **also)
        ScopedMemory(owner).delete_all()
        return facts

    monkeypatch.setattr(embedded, "find_facts", wiped_meanwhile)
    assert memory.learn("I am vegetarian.", message_id=turn).saved == ()
    assert texts(memory) == []


def test_a_turn_that_was_taken_up_before_a_wipe_is_not_learned_from_after_it(owner: User, stranger: User) -> None:
    for person, wipes in ((owner, True), (stranger, False)):
        claim = ReplyDesk(person).claim(ScopedChats(person).post("I am vegetarian.").turn.id)
        if wipes:
            ScopedMemory(person).delete_all()
        assert claim
        ScopedMemory(person).learn(claim.text, message_id=str(claim.message_id))
    assert texts(ScopedMemory(owner)) == [] and texts(ScopedMemory(stranger)) == ["I am vegetarian"]


@pytest.mark.sqlite
def test_a_wipe_writes_into_no_file_but_the_database(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's own temporary files are removed as they are opened, and their blocks overwritten by nobody."""
    long = [{"role": "user", "content": f"I keep coin {number} {'of gold ' * 200}"} for number in range(300)]
    ScopedMemory(owner).add(long, infer=False)
    held, write = [], erasure.write_receipt

    def looked(*args: Any) -> Any:
        # The listing has a file of its own, which is closed by the time it is asked for: realpath takes that.
        opened = [os.path.realpath(file) for file in Path("/proc/self/fd").iterdir()]
        held.extend(name for name in opened if "etilqs_" in name)
        return write(*args)

    monkeypatch.setattr(erasure, "write_receipt", looked)
    assert ScopedMemory(owner).delete_all().removed >= 300 and held == []


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
