"""The contract with programs: each verb for two people, scopes, keys that are no longer good, and what goes wrong."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import jsonschema
import pytest
from asgiref.sync import async_to_sync
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts import keys
from accounts.models import Key, User
from memories import limits
from memories.api.rest import ROUTES
from memories.scoped import ScopedMemory
from tests.isolation.profiles import walks
from tests.isolation.sql_watch import watched

pytestmark = pytest.mark.django_db
V1 = "/api/v1/"


class Program:
    """Speaks JSON with one person's key."""

    def __init__(self, user: User, *, may_write: bool = True) -> None:
        self.made = keys.make(user, f"Program {uuid.uuid4().hex[:8]}", may_write=may_write, days=None)
        self.client = Client(headers={"Authorization": f"Bearer {self.made.token}"})

    def ask(self, method: str, path: str, data: Any = None) -> Any:
        sent = {} if data is None else {"data": json.dumps(data), "content_type": "application/json"}
        return self.client.generic(method, V1 + path, **sent)

    def get(self, path: str) -> Any:
        return self.ask("GET", path).json()


@pytest.fixture
def mine(owner: User) -> Program:
    return Program(owner)


@pytest.fixture
def theirs(stranger: User) -> Program:
    return Program(stranger)


def kept(program: Program, text: str) -> dict[str, Any]:
    [memory] = program.ask("POST", "memories", {"text": text}).json()["saved"]
    return dict(memory)


# --- Every verb, for its owner and for a stranger ---------------------------------------------------------------------
@pytest.mark.slow
def test_each_verb_reaches_the_memories_of_its_keys_owner_alone(
    mine: Program, theirs: Program, owner: User, stranger: User
) -> None:
    kept(theirs, "I collect stamps of Zanzibar")
    with watched(owner.pk):
        memory = kept(mine, "I collect coins")
        place = f"memories/{memory['id']}"
        assert memory["source"] == "program" and mine.get("memories")["items"] == [memory] == [mine.get(place)]
        assert [found["text"] for found in mine.ask("POST", "search", {"query": "what do I collect?"}).json()["items"]]
        corrected = mine.ask("PATCH", place, {"text": "I collect old coins", "version": 1}).json()
        assert (corrected["text"], corrected["version"], corrected["source"]) == ("I collect old coins", 2, "program")
        texts = [version["text"] for version in mine.get(f"{place}/history")["versions"]]
        assert texts == ["I collect coins", "I collect old coins"] and mine.get("me")["memories"] == 1
    with watched(stranger.pk):
        for method in ("GET", "PATCH", "DELETE"):
            answer = theirs.ask(method, place, {"text": "taken over", "version": 2} if method == "PATCH" else None)
            assert answer.status_code == 404 and answer["Content-Type"] == "application/problem+json"
        assert theirs.ask("GET", f"{place}/history").status_code == 404
        assert "coins" not in str([theirs.get("memories"), theirs.ask("POST", "search", {"query": "coins"}).json()])
    assert mine.ask("DELETE", place).status_code == 204
    assert mine.ask("GET", place).status_code == 404 and mine.get("memories")["total"] == 0
    assert theirs.get("memories")["total"] == 1


def test_the_log_names_the_program_and_its_use_once_a_day(mine: Program, owner: User, stranger: User) -> None:
    kept(mine, "I collect coins")
    mine.get("memories")
    lines = ScopedMemory(owner).activity().items
    assert [(line.verb, line.via, line.device) for line in lines] == [
        ("saved", "program", mine.made.key.name),
        ("key used", "program", mine.made.key.name),
    ]
    assert ScopedMemory(stranger).activity().items == ()


def test_the_export_is_a_stream_of_ones_own_without_the_chats(
    mine: Program, theirs: Program, owner: User, settings: Any
) -> None:
    from memories.chats import ScopedChats

    kept(theirs, "I collect stamps")
    posted = ScopedChats(owner).post("I like rain, says the turn")
    ScopedMemory(owner).learn("I like rain", message_id=posted.turn.id)
    answer = mine.ask("GET", "export")

    async def collected() -> bytes:
        return b"".join([piece async for piece in answer.streaming_content])

    file = json.loads(async_to_sync(collected)())
    assert [memory["text"] for memory in file["memories"]] == ["I like rain"] and file["conversations"] == []
    assert "says the turn" not in str(file) and file["format"] == "memsite-export"


def test_pages_and_filters_are_those_of_the_list(mine: Program, owner: User) -> None:
    ScopedMemory(owner).add([{"role": "user", "content": f"I own {n} maps"} for n in range(5)], infer=False)
    kept(mine, "I like hail")
    first = mine.get("memories?size=4")
    assert (first["total"], first["pages"], first["next"], len(first["items"])) == (6, 2, 2, 4)
    second = mine.get("memories?size=4&page=2")
    assert second["next"] is None and len({m["id"] for m in first["items"] + second["items"]}) == 6
    assert [m["text"] for m in mine.get("memories?source=program")["items"]] == ["I like hail"]
    assert mine.get(f"memories?until={timezone.now().date() - dt.timedelta(days=2)}")["total"] == 0
    assert mine.get("memories?order=oldest&size=1")["items"][0]["text"] == "I own 0 maps"


# --- Adding -----------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_what_is_known_is_not_saved_twice_and_what_was_forgotten_stays_so(mine: Program, owner: User) -> None:
    memory = kept(mine, "I collect coins")
    again = mine.ask("POST", "memories", {"text": "I collect coins"})
    assert again.status_code == 200 and [m["id"] for m in again.json()["known"]] == [memory["id"]]
    mine.ask("DELETE", f"memories/{memory['id']}")
    other = kept(mine, "I own maps")
    refused = [
        mine.ask("POST", "memories", {"text": "I collect coins"}),
        mine.ask("PATCH", f"memories/{other['id']}", {"text": "I collect coins", "version": 1}),
    ]
    assert [answer.status_code for answer in refused] == [409, 409] and "asked to forget" in refused[0].json()["detail"]
    read = mine.ask("POST", "memories", {"text": "I collect coins", "infer": True}).json()
    assert (read["saved"], read["forgotten"]) == ([], 1)
    assert [m.memory for m in ScopedMemory(owner).get_all()] == ["I own maps"]


def test_what_a_program_writes_of_a_delicate_kind_waits_for_a_yes(mine: Program, theirs: Program, owner: User) -> None:
    memory = ScopedMemory(owner)
    memory.choose(ask_first=False)
    written = kept(mine, "User has depression")
    changed = kept(mine, "I own maps")
    assert (written["state"], written["kind"], changed["state"]) == ("review", "inferred", "active")
    answer = mine.ask("PATCH", f"memories/{changed['id']}", {"text": "User is a recovering alcoholic", "version": 1})
    assert answer.status_code == 200 and answer.json()["state"] == "review"
    assert memory.search("depression alcoholic") == [] and theirs.get("memories")["total"] == 0
    memory.keep(written["id"])
    assert [found.memory for found in memory.search("depression")] == ["User has depression"]
    # Typed in by the person it is their own word, and waits for nothing.
    assert memory.write("I have asthma")[0].state == "active"


def test_a_conversation_is_read_for_facts(mine: Program, owner: User) -> None:
    said = [{"role": "user", "content": "I am vegetarian. What is the time?"}, {"role": "assistant", "content": "Noon"}]
    saved = mine.ask("POST", "memories", {"messages": said})
    assert saved.status_code == 201 and [m["source"] for m in saved.json()["saved"]] == ["program"]
    assert "vegetarian" in saved.json()["saved"][0]["text"]


def test_off_is_off_for_programs_and_the_list_stays_open(mine: Program, owner: User) -> None:
    kept(mine, "I collect coins")
    ScopedMemory(owner).choose(use_memories=False, learn=False)
    assert mine.ask("POST", "search", {"query": "coins"}).status_code == 403
    assert mine.ask("POST", "memories", {"text": "I own maps", "infer": True}).status_code == 403
    assert mine.get("memories")["total"] == 1


def test_a_change_made_elsewhere_is_not_overwritten(mine: Program) -> None:
    memory = kept(mine, "I collect coins")
    place = f"memories/{memory['id']}"
    mine.ask("PATCH", place, {"text": "I collect old coins", "version": 1})
    stale = mine.ask("PATCH", place, {"text": "I collect new coins", "version": 1})
    assert stale.status_code == 409 and mine.get(place)["text"] == "I collect old coins"


# --- Keys -------------------------------------------------------------------------------------------------------------
def test_a_key_that_reads_changes_nothing(mine: Program, owner: User) -> None:
    memory = kept(mine, "I collect coins")
    reader = Program(owner, may_write=False)
    acts = [("POST", "memories", {"text": "I own maps"}), ("PATCH", f"memories/{memory['id']}", {"text": "x"})]
    for method, path, data in [*acts, ("DELETE", f"memories/{memory['id']}", None)]:
        answer = reader.ask(method, path, data)
        assert answer.status_code == 403 and "only read" in answer.json()["detail"]
    assert reader.get("memories")["items"] == [memory] and reader.get("me")["key"]["may_write"] is False


def test_no_key_wipes_everything(mine: Program, owner: User) -> None:
    kept(mine, "I collect coins")
    answer = mine.ask("DELETE", "memories")
    assert answer.status_code == 403 and "fresh sign-in" in answer.json()["detail"]
    assert ScopedMemory(owner).count() == 1


@pytest.mark.parametrize("end", ["revoked", "over", "suspended", "erased"])
def test_a_key_that_is_no_longer_good_opens_nothing(mine: Program, owner: User, end: str) -> None:
    assert mine.ask("GET", "me").status_code == 200
    if end == "revoked":
        keys.revoke(owner, mine.made.key.pk)
    if end == "over":
        Key.objects.update(ends_at=timezone.now())
    if end == "suspended":
        User.objects.update(is_active=False)
    if end == "erased":
        owner.delete()
    answer = mine.ask("GET", "me")
    assert answer.status_code == 401 and "WWW-Authenticate" in answer.headers


@pytest.mark.parametrize("header", ["", "Bearer", "Basic {}", "Token {}", "{}", "Bearer {} {}", "Bearer {}x"])
def test_a_key_is_sent_as_a_bearer_token_and_in_no_other_way(mine: Program, header: str) -> None:
    sent = header.replace("{}", mine.made.token)
    assert Client(headers={"Authorization": sent}).get(f"{V1}me").status_code == 401
    assert Client().get(f"{V1}me?key={mine.made.token}&access_token={mine.made.token}").status_code == 401


# --- Limits and trouble -----------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_searches_count_together_with_those_on_the_site(
    mine: Program, theirs: Program, owner: User, client_as: Callable[[User], Client]
) -> None:
    most = next(limit for limit in limits.LIMITS if limit.name == "searches").rate.most
    statuses = [mine.ask("POST", "search", {"query": "coins"}).status_code for _ in range(most + 1)]
    if statuses[-1] == 200:
        # A new minute began on the way: this one is whole.
        statuses = [mine.ask("POST", "search", {"query": "coins"}).status_code for _ in range(most + 1)]
    assert statuses[-1] == 429
    refused = mine.ask("POST", "search", {"query": "coins"})
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert client_as(owner).get("/data/?q=coins").status_code == 429
    assert theirs.ask("POST", "search", {"query": "coins"}).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        "{",
        "[]",
        "null",
        "[" * 100_000,
        '{"text": 1}',
        '{"text": "a", "owner": 1}',
        '{"text": "a", "id": "x"}',
        '{"text": "\\ud800"}',
        '{"text": "a\\u0000"}',
        '{"text": " "}',
        '{"text": "a", "messages": []}',
        '{"messages": [{"role": "system", "content": "a"}]}',
        '{"infer": true}',
        "9" * 5000,
        "NaN",
    ],
)
def test_what_cannot_be_kept_is_told_in_words(mine: Program, owner: User, sent: str) -> None:
    answer = mine.client.post(f"{V1}memories", sent, content_type="application/json")
    # Nothing at all is not JSON either.
    assert answer.status_code == (422 if sent else 415) and len(answer.json()["detail"]) < 300
    assert ScopedMemory(owner).count() == 0


def test_other_addresses_methods_and_kinds_are_told_in_json(mine: Program, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    told = [
        (mine.ask("GET", "nothing"), 404),
        (mine.client.get("/api/v2/memories"), 404),
        (mine.ask("PUT", "memories"), 405),
        (mine.client.post(f"{V1}memories", {"text": "I like hail"}), 415),
        (mine.ask("POST", "memories", {"text": "x" * 1000}), 413),
        (mine.ask("GET", "memories?size=0"), 422),
        (mine.ask("GET", "memories?owner=1"), 422),
    ]
    for answer, status in told:
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
        assert answer.json()["status"] == status
    assert told[2][0].headers["Allow"] == "GET, POST, HEAD"


def test_a_database_that_is_away_is_told_as_such(mine: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError, connection

    def away(*_: Any) -> Any:
        raise OperationalError

    with connection.execute_wrapper(away):
        answer = mine.ask("GET", "memories")
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "5"


# --- The description --------------------------------------------------------------------------------------------------
def test_answers_are_as_described(mine: Program) -> None:
    memory = kept(mine, "I collect coins")
    described = Client().get(f"{V1}openapi.json").json()
    jsonschema.Draft202012Validator.check_schema(described["components"]["schemas"]["Problem"])
    asked = {"search": ("POST", {"query": "coins"}), "memories/{id}": ("GET", None)}
    for address, methods in ROUTES.items():
        place = address.replace("<uuid:id>", "{id}")
        method, data = asked.get(place, ("GET", None))
        answer = mine.ask(method, place.replace("{id}", memory["id"]), data)
        shape = described["paths"][V1 + place][method.lower()]["responses"][str(answer.status_code)]
        jsonschema.validate(answer.json(), shape["content"]["application/json"]["schema"])
        assert {m.lower() for m in methods} == set(described["paths"][V1 + place])


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
WORDS = st.sampled_from(["text", "messages", "infer", "query", "limit", "version", "id", "owner", "page", "source"])


@pytest.mark.slow
@walks(60, 1)
@given(
    place=st.sampled_from([(a, m) for a, methods in ROUTES.items() for m in [*methods, "PUT"]]),
    sent=st.dictionaries(WORDS, JUNK, max_size=4) | JUNK,
)
def test_nothing_that_is_sent_breaks_it(mine: Program, place: tuple[str, str], sent: Any) -> None:
    address, method = place
    path = address.replace("<uuid:id>", str(uuid.UUID(int=5)))
    query = urlencode(sent) if isinstance(sent, dict) else ""
    answer = mine.ask(method, f"{path}?{query}" if method in ("GET", "DELETE") else path, sent)
    assert answer.status_code in {200, 201, 204, 404, 405, 409, 422, 429}, (method, path, sent)
