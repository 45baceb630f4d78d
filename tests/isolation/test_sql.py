"""Each verb of both doors, with every statement looked at on its way to the database."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.models import User
from memories.chats import ScopedChats
from memories.desk import ReplyDesk
from memories.models import Memory
from memories.scoped import ScopedMemory
from tests.isolation.sql_watch import Unscoped, owners_named, watched

pytestmark = pytest.mark.django_db


@pytest.fixture
def others(stranger: User) -> None:
    """Somebody else's rows: a statement without an owner would have something to find."""
    ScopedMemory(stranger).add("I collect stamps", infer=False)
    ScopedChats(stranger).post("I collect stamps")


def test_each_verb_on_memories_names_its_owner(owner: User, others: None) -> None:
    with watched(owner.pk) as seen:
        memory = ScopedMemory(owner)
        memory.add([{"role": "user", "content": "I am vegan"}, {"role": "assistant", "content": "Noted"}], infer=False)
        [learned] = memory.add("I collect coins.")
        memory.update(learned.id, "I collect banknotes", version=1)
        assert memory.get(learned.id) and memory.history(learned.id) and memory.count() == 3
        assert memory.search("banknotes") and memory.get_all() and memory.page(query="banknotes").items
        memory.hold(learned.id)
        memory.restore(learned.id)
        memory.delete(learned.id)
        memory.remember_again("I collect banknotes")
        memory.choose(learn=False)
        assert not memory.preferences.learn
        memory.delete_all()
    assert len(seen) > 40


@pytest.mark.slow
def test_each_verb_on_chats_names_its_owner(owner: User, others: None) -> None:
    with watched(owner.pk) as seen:
        chats, desk, memory = ScopedChats(owner), ReplyDesk(owner), ScopedMemory(owner)
        posted = chats.post("I collect coins.", nonce="n")
        assert chats.post("I collect coins.", nonce="n").repeated
        chat, turn, reply = posted.conversation.id, posted.turn.id, posted.reply.id
        claim = desk.claim(turn)
        assert claim and desk.job(reply).turn.text == "I collect coins."
        learned = memory.learn("I collect coins.", message_id=turn)
        desk.known(claim, [kept.id for kept in learned.saved])
        assert desk.learned(claim, "saved")
        desk.keep(reply, "Nice", "")
        desk.mark(reply, model="m")
        desk.disclose(reply, [kept.id for kept in learned.saved])
        memory.mark_used(reply, learned.saved)
        assert desk.close(reply, "done", "Nice.", "", "")
        assert chats.page().items and chats.search("coins").items and chats.get(chat) and chats.messages(chat)
        assert chats.message(turn, conversation_id=chat) and chats.memories_from(chat)
        chats.rename(chat, "Coins")
        chats.set_mode(chat, "off")
        chats.leave_out(chat, learned.saved[0].id)
        chats.ask_again(reply)
        chats.stop(chat)
        chats.edit(turn, "I collect stamps")
        chats.learn_again(turn)
        chats.answered(turn, refused="x")
        desk.tidy()
        chats.delete(chat)
        temporary = chats.post("hello", mode="temporary").conversation.id
        assert chats.end_temporary(temporary)
    assert len(seen) > 60


# --- The watch itself can fail ----------------------------------------------------------------------------------------
def test_a_statement_without_an_owner_is_seen(owner: User) -> None:
    for statement in (
        lambda: list(Memory.objects.filter(pk=uuid.uuid4())),
        lambda: Memory.objects.count(),
        lambda: Memory.objects.update(text="x"),
        lambda: Memory.objects.filter(owner_id=owner.pk + 1).exists(),
        lambda: list(Memory.objects.filter(owner_id__in=[owner.pk, owner.pk + 1])),
    ):
        with watched(owner.pk), pytest.raises(Unscoped):
            statement()


@pytest.mark.parametrize(
    ("sql", "params", "named"),
    [
        ('INSERT INTO "memories_x" ("id", "owner_id") VALUES (%s, %s), (%s, %s)', (1, 7, 2, 8), [7, 8]),
        ('SELECT 1 FROM "memories_x" WHERE ("id" = %s AND "memories_x"."owner_id" = %s)', (1, 7), [7]),
        ('UPDATE "memories_x" SET "text" = %s WHERE "memories_x"."id" = %s', ("a", 7), []),
    ],
)
def test_the_owners_of_a_statement_are_read(sql: str, params: Any, named: list[int]) -> None:
    assert owners_named(sql, params) == named


def test_a_row_is_saved_where_it_is_its_owners(owner: User, stranger: User) -> None:
    theirs = ScopedMemory(owner).add("I am vegan", infer=False)[0].id
    row = Memory.objects.get(pk=theirs)
    row.owner_id, row.text = stranger.pk, "taken over"
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save(update_fields=["text"])
    assert ScopedMemory(owner).get(theirs).memory == "I am vegan" and ScopedMemory(stranger).count() == 0
