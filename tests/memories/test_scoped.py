"""The one door: who may open it, and that each verb stays on its own side."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from accounts.models import User
from memories.errors import InvalidText, MemoryNotFound, QuotaExceeded, StaleVersion
from memories.middleware import MemoryMiddleware
from memories.scoped import ScopedMemory
from memories.types import Filter
from tests.contract.platform_server import on_platform

pytestmark = pytest.mark.django_db

HERS = ("I am vegetarian", "My daughter Mia is allergic to peanuts")
HIS = ("I always want a window seat on flights",)


@pytest.fixture(params=["embedded", "platform"], autouse=True)
def engine(request: pytest.FixtureRequest, settings: Any) -> Iterator[str]:
    """Every test below runs on both."""
    if request.param == "platform":
        with on_platform(settings):
            yield "platform"
    else:
        yield "embedded"


@pytest.fixture
def alice(owner: User) -> ScopedMemory:
    memory = ScopedMemory(owner)
    for text in HERS:
        memory.add(text, infer=False)
    return memory


@pytest.fixture
def bob(stranger: User) -> ScopedMemory:
    memory = ScopedMemory(stranger)
    for text in HIS:
        memory.add(text, infer=False)
    return memory


def texts(memory: ScopedMemory) -> list[str]:
    return [each.memory for each in memory.get_all()]


# --- Who may open it --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "nobody",
    [
        None,
        "",
        "*",
        "alice@example.com",
        1,
        True,
        uuid.UUID(int=7),
        AnonymousUser(),
        User,
        User(email="new@example.com"),
        User(pk=1, email="forged@example.com"),
        SimpleNamespace(pk=1, is_active=True, namespace=uuid.UUID(int=7)),
    ],
    ids=lambda nobody: type(nobody).__name__,  # what does not differ from one worker to the next
)
def test_anything_but_a_saved_user_is_a_type_error(owner: User, nobody: Any) -> None:
    with pytest.raises(TypeError):
        ScopedMemory(nobody)


def test_a_closed_account_is_a_type_error(owner: User) -> None:
    owner.is_active = False
    owner.save()
    with pytest.raises(TypeError):
        ScopedMemory(owner)


@pytest.mark.slow
def test_a_deleted_account_is_a_type_error(owner: User) -> None:
    owner.delete()
    with pytest.raises(TypeError):
        ScopedMemory(owner)


@pytest.mark.parametrize("verb", [name for name in vars(ScopedMemory) if not name.startswith("_")])
def test_no_verb_takes_a_user_a_filter_or_metadata(verb: str) -> None:
    method = vars(ScopedMemory)[verb]
    names = set(getattr(method, "__code__", getattr(getattr(method, "fget", None), "__code__", None)).co_varnames)
    assert not names & {
        "user",
        "user_id",
        "owner",
        "owner_id",
        "namespace",
        "filters",
        "metadata",
        "agent_id",
        "run_id",
    }


def test_the_owner_cannot_be_exchanged(alice: ScopedMemory, stranger: User) -> None:
    with pytest.raises(AttributeError):
        alice.owner = stranger  # type: ignore[attr-defined]


# --- What it answers --------------------------------------------------------------------------------------------------
def test_a_memory_reads_as_object_and_as_mapping(alice: ScopedMemory) -> None:
    found = alice.get_all()[-1]
    assert found.memory == found["memory"] == found.get("memory") == HERS[0]
    assert found.id == found["id"] and str(uuid.UUID(found.id)) == found.id
    assert json.loads(json.dumps(dict(found)))["memory"] == HERS[0]
    assert found.get("user_id") is None and "user_id" not in list(found)
    with pytest.raises(KeyError):
        found["owner"]


def test_search_finds_ones_own_alone(alice: ScopedMemory, bob: ScopedMemory) -> None:
    assert HERS[0] in [m["memory"] for m in alice.search("food preferences")]
    assert bob.search("food preferences") == []
    assert [m.memory for m in bob.search("window seat")] == list(HIS)
    assert HIS[0] not in [m.memory for m in alice.search("window seat")]
    assert alice.search("My daughter Mia is allergic to peanuts")[0].memory == HERS[1]
    assert bob.search(HERS[0]) == []


def test_scores_are_between_nought_and_one_best_first(alice: ScopedMemory, bob: ScopedMemory) -> None:
    scores = [m.score for m in alice.search("peanuts")]
    assert scores and all(score is not None and 0 <= score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)  # type: ignore[type-var]


def test_an_empty_search_finds_nothing(alice: ScopedMemory) -> None:
    assert alice.search("") == alice.search("  \n") == []


def test_verbatim_adding_keeps_order_roles_and_repeats(alice: ScopedMemory, bob: ScopedMemory) -> None:
    said = [("user", "Ana: hello"), ("assistant", "Ben: hello"), ("user", "Ana: hello"), ("assistant", "Ben: bye")]
    added = bob.add([{"role": role, "content": text} for role, text in said], infer=False)
    assert [m.memory for m in added] == [text for _, text in said]
    assert [m.memory for m in reversed(bob.get_all())][1:] == [text for _, text in said]
    assert texts(alice) == list(reversed(HERS))


@pytest.mark.slow
def test_a_page_tells_where_it_stands(alice: ScopedMemory, bob: ScopedMemory) -> None:
    for number in range(5):
        alice.add(f"My locker number is {number}", infer=False)
    page = alice.page(number=2, size=3)
    assert (page.total, page.pages, page.first, page.last) == (7, 3, 4, 6)
    assert [m.memory for m in page.items] == texts(alice)[3:6]
    assert alice.page(number=99, size=3).number == 3
    assert alice.page(chosen=Filter(source="imported")).total == 0
    assert bob.page().total == 1


def test_update_keeps_id_and_date_and_the_old_text(alice: ScopedMemory, bob: ScopedMemory) -> None:
    before = alice.get_all()[-1]
    after = alice.update(before.id, " I am vegan ", version=before.version)
    assert (after.id, after.created_at, after.source, after.memory) == (
        before.id,
        before.created_at,
        before.source,
        "I am vegan",
    )
    assert [(v.event, v.old_memory, v.new_memory) for v in alice.history(before.id)] == [
        ("ADD", None, "I am vegetarian"),
        ("UPDATE", "I am vegetarian", "I am vegan"),
    ]
    assert alice.search("vegan")[0].id == before.id
    assert texts(bob) == list(HIS)


def test_a_stale_update_overwrites_nothing(alice: ScopedMemory) -> None:
    memory = alice.get_all()[0]
    alice.update(memory.id, "Mia outgrew her allergy", version=1)
    with pytest.raises(StaleVersion):
        alice.update(memory.id, "something else", version=1)
    assert alice.get(memory.id).memory == "Mia outgrew her allergy"


def test_delete_takes_one_and_leaves_the_rest(alice: ScopedMemory, bob: ScopedMemory) -> None:
    first = alice.get_all()[0]
    alice.delete(first.id)
    assert texts(alice) == [HERS[0]] and texts(bob) == list(HIS)
    with pytest.raises(MemoryNotFound):
        alice.delete(first.id)


def test_delete_all_leaves_others_untouched(alice: ScopedMemory, bob: ScopedMemory) -> None:
    receipt = alice.delete_all()
    assert sum(line.removed for line in receipt.stores if line.store.startswith("Memories")) == 2
    assert all(line.left == 0 for line in receipt.stores)
    assert alice.count() == 0 and texts(alice) == [] and alice.search("peanuts") == []
    assert bob.count() == 1 and [m.memory for m in bob.search("window seat")] == list(HIS)


def test_a_held_memory_is_nowhere_until_it_is_restored(alice: ScopedMemory, bob: ScopedMemory) -> None:
    memory = alice.get_all()[0]
    alice.hold(memory.id)
    found = [*alice.search("Mia and peanuts"), *alice.page(query="Mia and peanuts").items]
    assert alice.count() == 1 and texts(alice) == [HERS[0]] and memory.id not in [m.id for m in found]
    for verb in (alice.get, alice.history, alice.hold, alice.delete):
        with pytest.raises(MemoryNotFound):
            verb(memory.id)
    with pytest.raises(MemoryNotFound):
        bob.restore(memory.id)
    assert alice.restore(memory.id).memory == memory.memory and alice.count() == 2


# --- Strangers and malformed ids --------------------------------------------------------------------------------------
@pytest.mark.parametrize("verb", ["get", "history", "delete", "hold", "restore"])
def test_a_strangers_id_reads_as_unknown(alice: ScopedMemory, bob: ScopedMemory, verb: str) -> None:
    theirs = alice.get_all()[0].id
    with pytest.raises(MemoryNotFound) as foreign:
        getattr(bob, verb)(theirs)
    with pytest.raises(MemoryNotFound) as unknown:
        getattr(bob, verb)(str(uuid.uuid4()))
    assert str(foreign.value) == str(unknown.value)
    assert len(texts(alice)) == 2


def test_a_stranger_cannot_change_a_memory(alice: ScopedMemory, bob: ScopedMemory) -> None:
    theirs = alice.get_all()[0]
    with pytest.raises(MemoryNotFound):
        bob.update(theirs.id, "taken over")
    assert alice.get(theirs.id) == theirs


MALFORMED = [
    *("", ".", "*", "..", "1", " ", None, 7, b"x", []),
    *(f"{{{uuid.UUID(int=7)}}}", f"urn:uuid:{uuid.UUID(int=7)}", "é" * 36),
]


def test_a_malformed_id_reads_as_unknown(alice: ScopedMemory, subtests: pytest.Subtests) -> None:
    for malformed in MALFORMED:
        with subtests.test(malformed=malformed):
            for verb in (alice.get, alice.history, alice.delete, alice.hold, alice.restore):
                with pytest.raises(MemoryNotFound):
                    verb(malformed)
    assert alice.count() == 2


def test_an_id_has_one_spelling(alice: ScopedMemory) -> None:
    """As long as the right one, with its dashes elsewhere: Python would read it as the same number."""
    key = alice.get_all()[0].id
    bare = key.replace("-", "")
    with pytest.raises(MemoryNotFound):
        alice.get("-".join((bare[:2], bare[2:4], bare[4:6], bare[6:8], bare[8:])))
    assert alice.get(key).id == key


# --- Bad input --------------------------------------------------------------------------------------------------------
NO_TEXT = [
    *("", "   ", "\n\t", "\u200b\u200b", "a\x00b", "half \ud83d of a face", "x" * 8_001, "y" * 1_000_000),
    *(None, 5, b"bytes"),
]


def test_text_that_cannot_be_kept_is_refused_in_words(alice: ScopedMemory, subtests: pytest.Subtests) -> None:
    memory = alice.get_all()[0]
    for bad in NO_TEXT:
        with subtests.test(bad=repr(bad)[:20]):
            for infer in (True, False):
                with pytest.raises(InvalidText) as error:
                    alice.add([{"role": "user", "content": bad}], infer=infer)
                assert str(error.value).endswith((".", "first."))
            with pytest.raises(InvalidText):
                alice.update(memory.id, bad)  # type: ignore[arg-type]
    assert texts(alice) == list(reversed(HERS))


OTHER_SHAPES: list[Any] = [
    [{"role": "system", "content": "obey"}],
    [{"role": "user"}],
    [{"content": "x"}],
    ["x"],
    [None],
    5,
    b"bytes",
    {"role": "tool", "content": "x"},
    [{"role": "user", "content": "kept?"}, {"role": "user", "content": ""}],
]


def test_messages_of_another_shape_are_refused_whole(alice: ScopedMemory, subtests: pytest.Subtests) -> None:
    for bad in OTHER_SHAPES:
        with subtests.test(bad=bad), pytest.raises(InvalidText):
            alice.add(bad, infer=False)
    assert alice.count() == 2


def test_text_is_kept_in_one_normal_form(alice: ScopedMemory) -> None:
    assert alice.add("Cafe\u0301 Lumie\u0300re ", infer=False)[0].memory == "Caf\u00e9 Lumi\u00e8re"
    assert alice.add("x" * 8_000, infer=False)[0].memory == "x" * 8_000


def test_a_messages_other_keys_are_not_read(alice: ScopedMemory, bob: ScopedMemory, stranger: User) -> None:
    hostile = {"name": "*", "user_id": str(stranger.namespace), "owner": stranger.pk, "created_at": "1970-01-01"}
    [kept] = alice.add([{"role": "user", "content": "I collect stamps", **hostile}], infer=False)  # type: ignore[list-item]
    assert kept.created_at.year > 2000 and bob.count() == 1 and alice.count() == 3


@pytest.mark.slow
def test_nothing_to_add_adds_nothing(alice: ScopedMemory) -> None:
    assert alice.add([], infer=False) == alice.add([]) == []


def test_a_full_store_says_so_and_keeps_what_it_has(alice: ScopedMemory, bob: ScopedMemory, settings: Any) -> None:
    settings.MEMORY_QUOTA = 3
    with pytest.raises(QuotaExceeded):
        alice.add([{"role": "user", "content": f"note {n}"} for n in range(2)], infer=False)
    assert alice.count() == 2
    alice.add("one more fits", infer=False)
    assert bob.add("and bob has his own room", infer=False)


# --- Learning by rules ------------------------------------------------------------------------------------------------
def test_learning_keeps_facts_once(alice: ScopedMemory, bob: ScopedMemory) -> None:
    learned = bob.add("I am vegetarian. Please remember that.")
    assert [m.memory for m in learned] == ["I am vegetarian"]
    assert bob.add("I'm vegetarian!") == []
    assert bob.add("hi there") == []
    assert texts(bob) == ["I am vegetarian", HIS[0]]


def test_what_was_deleted_is_not_learned_again(alice: ScopedMemory, bob: ScopedMemory) -> None:
    alice.delete(alice.get_all()[-1].id)
    assert alice.add("I'm vegetarian.") == [] and alice.count() == 1
    assert [m.memory for m in bob.add("I'm vegetarian.")] == ["I'm vegetarian"]
    assert alice.remember_again("I am vegetarian").memory == "I am vegetarian"
    assert alice.count() == 2


def test_the_assistants_words_are_not_facts_about_the_person(alice: ScopedMemory) -> None:
    assert alice.add([{"role": "assistant", "content": "I am a pilot"}]) == []


@pytest.mark.slow
def test_switches_are_ones_own(alice: ScopedMemory, bob: ScopedMemory) -> None:
    alice.choose(learn=False)
    assert not alice.preferences.learn and alice.preferences.use_memories and bob.preferences.learn


# --- The middleware ---------------------------------------------------------------------------------------------------
def test_each_request_carries_its_own_persons_memory(alice: ScopedMemory, bob: ScopedMemory, owner: User) -> None:
    request: Any = RequestFactory().get("/")
    request.user = owner
    MemoryMiddleware(lambda _: None).process_request(request)  # type: ignore[arg-type]
    assert request.memory.count() == 2


def test_a_signed_out_request_has_no_memory_to_touch(alice: ScopedMemory) -> None:
    request: Any = RequestFactory().get("/")
    request.user = AnonymousUser()
    MemoryMiddleware(lambda _: None).process_request(request)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        request.memory.count()
