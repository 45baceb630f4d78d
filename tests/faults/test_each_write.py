"""kill -9 at each single moment of each act: before its first statement that writes, its second, … and after every
commit, until it comes through untouched. The ledger and the books behind it must be whole each time.

`test_kills.py` kills at random moments and in the middle of several acts; here no moment is left out, so that an act
that is written in two transactions is found every time.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import signal
from collections.abc import Iterable

import httpx
import pytest
from django.apps import apps

from accounts.models import User
from tests.faults.ledger import OTHERS, Ledger, Person, compare, done
from tests.faults.site import Site

ACTS = {"add": 4, "edit": 6, "tell": 13, "ask": 13, "follow": 13, "export": 2, "wipe": 10, "delete": 4}
"""Each act, and how many moments it has at least."""
LATER = {"ask": 9, "follow": 9}
"""Until then they are what `tell` is: a turn is stored."""

LONG = "FAULT_ROUNDS" in os.environ
"""`make faults`: every act; otherwise those that are least alike."""

pytestmark = pytest.mark.slow


class Walk:
    """One site, one ledger, and the file that orders a death."""

    def __init__(self, site: Site) -> None:
        self.site, self.order = site, site.folder.with_name(site.folder.name + ".doom")
        self.ledger = Ledger()
        self.person = Person(site, self.ledger, random.Random(4))

    def life(self, name: str, moment: int) -> bool:
        """One server, which is killed at this moment of the act; whether the moment came."""
        self.site.start(DIES_BY=str(self.order))
        with self.site.client(self.site.owner) as client:
            self.ready(client, name)
            self.order.write_text(str(moment))
            try:
                getattr(self.person, name)(client)
            except httpx.HTTPError:
                assert not self.order.exists(), "the server broke off by itself"
        came = self._ended()
        compare(self.site, self.ledger)
        return came

    def _ended(self) -> bool:
        came = not self.order.exists()
        if not came:
            self.order.unlink()
            self.site.kill()
        assert self.site.ended() == -signal.SIGKILL
        return came

    def newcomer(self) -> tuple[int, str]:
        """A third person, with something to lose: their key, and that of their session."""
        told = self.order.with_suffix(".new")
        self.site.run("newcomer", str(told))
        pk, session = json.loads(told.read_text())
        return int(pk), str(session)

    def leave(self, session: str, moment: int) -> bool:
        """A server that is killed at this moment of the end of an account; whether the moment came."""
        self.site.start(DIES_BY=str(self.order))
        self.order.write_text(str(moment))
        with self.site.client(session) as client, contextlib.suppress(httpx.HTTPError):
            done(client.post("/data/wipe/account/", data={"word": "erase my account"}))
        return self._ended()

    def ready(self, client: httpx.Client, name: str) -> None:
        """What the act is done to: not much, for all of it is looked at after each death."""
        if name == "wipe" and not self.ledger.there & self.ledger.said:
            self.person.add(client)
            self.person.edit(client)
            self.person.tell(client)
        while len(self.ledger.there) < 2:
            self.person.add(client)


@pytest.fixture
def walk(site: Site) -> Walk:
    return begun(site)


@pytest.fixture
def walk_on_postgres(on_postgres: Site) -> Walk:
    return begun(on_postgres)


def begun(site: Site) -> Walk:
    site.start()
    with site.client(site.stranger) as stranger:
        done(stranger.post("/data/add/", data={"text": OTHERS}))
    site.kill()
    site.ended()
    return Walk(site)


@pytest.mark.sqlite
def test_an_act_is_whole_wherever_it_is_cut(walk: Walk) -> None:
    each_moment(walk, ACTS if LONG else [act for act in ACTS if act not in LATER])


@pytest.mark.postgres
def test_and_so_it_is_on_postgresql(walk_on_postgres: Walk) -> None:
    each_moment(walk_on_postgres, ("add", "edit", "tell", "wipe", "delete") if LONG else ("edit", "wipe"))


def each_moment(walk: Walk, acts: Iterable[str]) -> None:
    for name in acts:
        moments = itertools.count(LATER.get(name, 1))
        untouched = next(moment for moment in moments if not walk.life(name, moment))
        assert untouched > ACTS[name], (name, untouched)


# --- An account goes --------------------------------------------------------------------------------------------------
WHOSE = [
    (model._meta.db_table, field.column)
    for model in apps.get_models(include_auto_created=True)
    for field in model._meta.concrete_fields
    if field.related_model is User or (model is User and field.primary_key)
]
"""Every column of every table that names a person."""
SESSIONS = {"usersessions_usersession.user_id", "accounts_session.account_id"}


def rows_of(site: Site, pk: int) -> dict[str, int]:
    """How many rows of each table are this person's."""
    asked = ", ".join(f"(SELECT COUNT(*) FROM {table} WHERE {column} = {pk})" for table, column in WHOSE)
    [counts] = site.rows(f"SELECT {asked}")
    return {f"{table}.{column}": found for (table, column), found in zip(WHOSE, counts, strict=True)}


def receipts(site: Site) -> int:
    [(found,)] = site.rows("SELECT COUNT(*) FROM memories_receipt WHERE owner_id IS NULL AND size = 'account'")
    return int(found)


@pytest.mark.sqlite
def test_an_account_is_gone_with_all_of_it_or_not_at_all(walk: Walk) -> None:
    pk = 0
    for moment in itertools.count(1):
        if not pk:
            pk, session = walk.newcomer()
        before, told = rows_of(walk.site, pk), receipts(walk.site)
        came = walk.leave(session, moment)
        left, gone = rows_of(walk.site, pk), receipts(walk.site) - told
        compare(walk.site, walk.ledger)
        if gone:
            pk = 0
            assert gone == 1 and not any(left.values()), left
        else:
            assert all(left[place] == before[place] for place in left.keys() - SESSIONS), (left, before)
        if not came:
            break
    assert gone and moment > 11
