"""How often: by person and by network, in words, with a moment to come back; and today's share of a model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from memories import limits
from memories.budget import budget_of, spend
from memories.chats import ScopedChats
from memories.engines.learning import disclose
from memories.errors import BudgetSpent
from memories.learning import learn_turn
from memories.owner import owner_of
from memories.planning import prepare
from memories.storage.owner_scope import writing
from memsite.limits import Rate
from tests.conftest import PASSWORD

Signed = Callable[..., Client]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of each in a week, so that no test straddles two stretches of time but on Thursdays at midnight."""
    made = [limits.dataclasses.replace(limit, rate=Rate(2, 604_800)) for limit in limits.LIMITS]
    monkeypatch.setattr(limits, "LIMITS", tuple(made))


ACTS: list[tuple[str, str, dict[str, Any]]] = [
    ("post", "/chat/", {"message": "hello", "nonce": ""}),
    ("get", "/data/", {"q": "tea"}),
    ("post", "/data/export/", {"format": "json"}),
    ("post", "/data/import/", {}),
]


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path", "sent"), ACTS)
def test_beyond_the_limit_a_page_says_when(
    few: None, owner: User, stranger: User, client_as: Signed, method: str, path: str, sent: dict[str, Any]
) -> None:
    client = client_as(owner)
    statuses = [getattr(client, method)(path, sent).status_code for _ in range(2)]
    assert 429 not in statuses
    refused = getattr(client, method)(path, sent)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 604_800
    assert "That was a lot at once" in refused.content.decode()
    assert getattr(client_as(stranger), method)(path, sent).status_code != 429, "one's use is not another's"


def test_looking_at_the_list_is_no_search(few: None, owner: User, client_as: Signed) -> None:
    client = client_as(owner)
    assert [client.get("/data/").status_code for _ in range(5)] == [200] * 5


def test_what_waited_for_a_proof_counts_when_it_goes_on(few: None, owner: User, client_as: Signed) -> None:
    """The proof stands in for the person's; before it nothing counts, for nothing is done."""
    client, asked = client_as(owner, proved=False), client_as(owner)
    for _ in range(3):
        client.post("/data/export/", {"format": "json"})
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/account/go-on/"})
    assert [client.get(f"/account/go-on/{more}").status_code for more in ("", "?file=1")] == [200, 200]
    assert [asked.post("/data/export/", {"format": "json"}).status_code for _ in range(2)] == [200, 429]


@pytest.mark.slow
def test_a_network_is_shared_by_many_and_not_by_all(
    few: None, make_user: Callable[..., User], client_as: Signed
) -> None:
    def tries(address: str) -> list[int]:
        client = client_as(make_user(), REMOTE_ADDR=address)
        return [client.get("/data/", {"q": "tea"}).status_code for _ in range(2)]

    crowd = [tries("192.0.2.1") for _ in range(10)]
    assert crowd == [[200, 200]] * 10
    assert tries("192.0.2.1") == [429, 429]
    assert tries("192.0.2.2") == [200, 200]


def test_the_word_of_a_visitor_on_their_address_is_not_taken(few: None, owner: User, client_as: Signed) -> None:
    client = client_as(owner)
    for number in range(2):
        client.get("/data/", {"q": "tea"}, headers={"X-Forwarded-For": f"203.0.113.{number}"})
    assert client.get("/data/", {"q": "tea"}, headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 429


def test_a_script_gets_a_line(few: None, owner: User, client_as: Signed) -> None:
    client = client_as(owner)
    answers = [client.get("/data/", {"q": "tea"}, headers={"HX-Request": "true"}) for _ in range(3)]
    assert answers[-1].headers["Content-Type"].startswith("text/plain")


def test_another_site_cannot_use_a_share_up(few: None, owner: User, client_as: Signed) -> None:
    forged, own = client_as(owner, enforce_csrf_checks=True), client_as(owner)
    assert [forged.post("/data/export/", {"format": "json"}).status_code for _ in range(5)] == [403] * 5
    assert own.post("/data/export/", {"format": "json"}).status_code == 200


def test_the_operator_can_lift_them(few: None, owner: User, client_as: Signed, settings: Any) -> None:
    settings.LIMITS = 0
    client = client_as(owner)
    assert [client.get("/data/", {"q": "tea"}).status_code for _ in range(4)] == [200] * 4


# --- Today's share ----------------------------------------------------------------------------------------------------
@pytest.fixture
def share(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A model is connected, which nobody asks here, and each person has ten uses."""
    settings.LLM_BASE_URL, settings.LLM_MODEL = "http://127.0.0.1:9/v1", "tiny"
    settings.MODEL_DAILY_TURNS = 10
    yield settings


def use(person: User, times: int) -> None:
    owner = owner_of(person)
    for _ in range(times):
        with writing(owner, bump=False):
            disclose(owner, "reply", [], None)


def test_replies_and_learning_count_until_midnight(share: Any, owner: User, stranger: User) -> None:
    use(owner, 10)
    budget = budget_of(owner_of(owner))
    assert (budget.used, budget.percent, budget.spent) == (10, 100, True)
    assert timezone.now() < budget.ends <= timezone.now() + dt.timedelta(days=1)
    with pytest.raises(BudgetSpent, match="answers again from 00:00 UTC"):
        spend(owner_of(owner))
    spend(owner_of(stranger))


def test_without_a_limit_nothing_is_counted(share: Any, owner: User, django_assert_num_queries: Any) -> None:
    use(owner, 1)
    share.MODEL_DAILY_TURNS = 0
    with django_assert_num_queries(0):
        assert not budget_of(owner_of(owner)).spent


def test_a_spent_share_sends_nothing_and_keeps_the_turn(share: Any, owner: User) -> None:
    use(owner, 10)
    chats = ScopedChats(owner)
    posted = chats.post("I collect stamps from Chile")
    with pytest.raises(BudgetSpent):
        prepare(owner, posted.reply.id)
    assert learn_turn(owner, posted.turn.id) is None
    turn = chats.message(posted.turn.id)
    assert turn.learning == "pending", "tomorrow it is read by itself"
    assert budget_of(owner_of(owner)).used == 10


def test_the_chat_says_so_before_and_when(share: Any, owner: User, client_as: Signed) -> None:
    client = client_as(owner)
    use(owner, 7)
    assert "uses of the language model" not in client.get("/chat/").content.decode()
    use(owner, 1)
    assert "8 of today&#x27;s 10 uses" in client.get("/chat/").content.decode().replace("today's", "today&#x27;s")
    use(owner, 2)
    assert "10 uses of the language model are used up" in client.get("/chat/").content.decode()
    assert "10 of 10 uses of the language model today" in client.get("/data/").content.decode()
