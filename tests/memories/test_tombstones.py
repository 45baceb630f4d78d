"""What was asked to be forgotten stays so: from old chats, retries and files, until it is said anew and wanted."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from memories.chats import ScopedChats
from memories.engines import embedded
from memories.engines.learning import NewFact
from memories.errors import MemoryNotFound
from memories.learning import learn_turn
from memories.models import Memory, Message, OwnerState, Tombstone
from memories.scoped import ScopedMemory
from memories.storage.digests import digest, first_person
from memories.text import normalised
from memories.transfer_types import Entry, Parsed

KEY = bytes(32)
FACT = "I am vegetarian"


# --- One person, however they are spoken of ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("User is vegetarian", "I am vegetarian"),
        ("The user is vegetarian.", "I'm vegetarian!"),
        ("User has a dog", "I have a dog"),
        ("User likes green tea", "I like green tea"),
        ("User studies law", "I study law"),
        ("User watches birds", "I watch birds"),
        ("User goes to the gym", "I go to the gym"),
        ("User does not eat meat", "I don't eat meat"),
        ("User was born in Porto", "I was born in Porto"),
        ("User really loves their dog", "I really love my dog"),
        ("User's name is Anna", "My name is Anna"),
        ("The user's daughter is called Mia", "my daughter is called Mia"),
        ("User can swim", "I can swim"),
        ("User never misses a match", "I never miss a match"),
    ],
)
def test_a_models_third_person_is_the_persons_first(written: str, said: str) -> None:
    assert digest(KEY, written) == digest(KEY, said)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("User is vegetarian", "I was vegetarian"),
        ("User likes tea", "I liked tea"),
        ("User lives with her sister", "I live with my sister"),
        ("Users are people", "I are people"),
        ("A user is vegetarian", "I am vegetarian"),
        ("My name is Anna", "My daughter's name is Anna"),
        ("I know C#", "I know C"),
        ("I do not eat meat", "I eat meat"),
    ],
)
def test_what_says_something_else_stays_apart(one: str, other: str) -> None:
    assert digest(KEY, one) != digest(KEY, other)


@pytest.mark.slow
@given(st.text(max_size=60))
def test_any_text_has_one_digest_and_the_first_person_is_final(text: str) -> None:
    plain = first_person(normalised(text))
    assert digest(KEY, text) == digest(KEY, text)
    assert first_person(plain) == plain or plain.startswith(("my ", "i "))


def test_two_people_have_two_digests_of_the_same(db: None, owner: User, stranger: User) -> None:
    for user in (owner, stranger):
        ScopedMemory(user).add(FACT, infer=False)
    mine, theirs = Memory.objects.order_by("owner").values_list("digest", flat=True)
    assert mine != theirs


# --- What they do -----------------------------------------------------------------------------------------------------
@pytest.fixture
def alice(db: None, owner: User) -> ScopedMemory:
    return ScopedMemory(owner)


def forgotten(memory: ScopedMemory, text: str = FACT) -> None:
    memory.delete(memory.add(text, infer=False)[0].id)


def test_a_tombstone_holds_no_content(alice: ScopedMemory) -> None:
    forgotten(alice)
    [row] = Tombstone.objects.values()
    assert len(row.pop("digest")) == 64 and set(row) == {"id", "owner_id", "created_at"}


def test_a_deleted_fact_is_not_learned_from_the_chat_it_came_from(alice: ScopedMemory, owner: User) -> None:
    turn = ScopedChats(owner).post("I am vegetarian.").turn.id
    alice.delete(alice.learn("I am vegetarian.", message_id=turn).saved[0].id)
    again = alice.learn("I am vegetarian.", message_id=turn)
    assert again.saved == () and again.refused == (FACT,)


def test_nor_by_a_retry_of_that_turn(alice: ScopedMemory, owner: User) -> None:
    chats = ScopedChats(owner)
    turn = chats.post("I am vegetarian.").turn.id
    learn_turn(owner, turn)
    alice.delete(alice.get_all()[0].id)
    Message.objects.filter(pk=turn).update(memory_state="failed")
    assert chats.learn_again(turn)
    learn_turn(owner, turn)
    assert alice.get_all() == [] and chats.message(turn).refused == (FACT,)


@pytest.mark.parametrize("verb", ["delete_all", "conversations"])
def test_nor_after_a_wipe(alice: ScopedMemory, verb: str) -> None:
    alice.add(FACT, infer=False)
    alice.delete_all() if verb == "delete_all" else alice.wipe("conversations")
    assert alice.add("I'm vegetarian!") == []


def test_nor_in_an_earlier_text(alice: ScopedMemory) -> None:
    """An old chat still holds what was said before the correction."""
    memory = alice.add(FACT, infer=False)[0]
    alice.update(memory.id, "I am vegan")
    alice.delete(memory.id)
    assert alice.add("I am vegetarian.") == [] and alice.add("I am vegan.") == []


def test_nor_in_an_earlier_text_after_a_wipe_or_an_undo_window(alice: ScopedMemory) -> None:
    for text, later in ((FACT, "I am vegan"), ("I live in Lisbon", "I live in Porto")):
        alice.update(alice.add(text, infer=False)[0].id, later)
    alice.hold(alice.get_all()[0].id)
    Memory.objects.exclude(held_until=None).update(held_until=timezone.now())
    alice.add("I keep coins", infer=False)
    alice.delete_all()
    assert alice.add("I am vegetarian. I live in Lisbon.") == []


def test_nor_by_a_models_words(alice: ScopedMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    forgotten(alice)

    find_facts = embedded.find_facts

    def as_a_model_would(*args: Any, **also: Any) -> Any:
        found = find_facts(*args, **also)
        return dataclasses.replace(found, facts=(NewFact(text="User is vegetarian", kind="stated"),))

    monkeypatch.setattr(embedded, "find_facts", as_a_model_would)
    assert alice.add("I am vegetarian.") == []


def test_nor_by_a_file_which_says_so(alice: ScopedMemory) -> None:
    forgotten(alice)
    entries = (Entry(line=1, text=FACT), Entry(line=2, text="I live in Lisbon"))
    job = alice.receive(Parsed(format="list", entries=entries))
    assert (job.forgotten, job.new) == (1, 1)
    alice.start_import(job.id)
    assert [memory.memory for memory in alice.get_all()] == ["I live in Lisbon"]


def test_an_upload_that_waits_goes_with_a_wipe(alice: ScopedMemory) -> None:
    job = alice.receive(Parsed(format="list", entries=(Entry(line=1, text="I live in Lisbon"),)))
    alice.delete_all()
    with pytest.raises(MemoryNotFound):
        alice.start_import(job.id)
    assert alice.get_all() == []


def test_another_person_may_well_learn_it(alice: ScopedMemory, stranger: User) -> None:
    forgotten(alice)
    assert [memory.memory for memory in ScopedMemory(stranger).add("I am vegetarian.")] == [FACT]


# --- A fresh decision -------------------------------------------------------------------------------------------------
def test_said_anew_the_page_offers_and_a_yes_remembers(
    alice: ScopedMemory, owner: User, client_as: Callable[..., Client]
) -> None:
    forgotten(alice)
    chats = ScopedChats(owner)
    posted = chats.post("I am vegetarian.")
    learn_turn(owner, posted.turn.id)
    assert chats.message(posted.turn.id).refused == (FACT,)
    page = client_as(owner).get(f"/chat/{posted.conversation.id}/").content.decode()
    assert "forget" in page.lower() and FACT in page
    assert alice.remember_again(FACT).memory == FACT
    assert not Tombstone.objects.filter(owner=owner).exists() and len(alice.get_all()) == 1


def test_taking_a_deletion_back_lifts_the_mark(alice: ScopedMemory) -> None:
    memory = alice.add(FACT, infer=False)[0]
    alice.hold(memory.id)
    assert alice.add("I am vegetarian.") == []
    alice.restore(memory.id)
    assert not Tombstone.objects.exists()


def test_typing_it_in_is_a_decision_too(alice: ScopedMemory) -> None:
    forgotten(alice)
    assert alice.write(FACT)[1] and not Tombstone.objects.exists()


def test_the_key_goes_with_the_account(alice: ScopedMemory, owner: User) -> None:
    forgotten(alice)
    key = bytes(OwnerState.objects.get(owner=owner).digest_key)
    owner.delete()
    assert not OwnerState.objects.filter(digest_key=key).exists() and not Tombstone.objects.exists()
