"""kill -9 of a real server at random moments of add, edit, wipe, export, chat and stream, against the client's ledger.

What was acknowledged is there after the restart; what was not is there whole or not at all; an interrupted wipe is
finished or not begun; a turn that was interrupted is learned from once. FAULT_ROUNDS sets how often the server dies,
FAULT_SEED repeats the choices of a run: `make faults`. On PostgreSQL it dies half as often, every second time because
the database does.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
import random
import signal
import threading
import time
from collections.abc import Iterator

import httpx
import psycopg
import pytest

from tests.faults.site import Site, dashed, streamed
from tests.postgres import Cluster

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "8"))
SEED = int(os.environ.get("FAULT_SEED", "4"))
OTHERS = "I am the stranger"
ACTS = 7
"""What a server is let to do at most, before it dies within one of the next: in its first life, each act once."""

pytestmark = pytest.mark.slow


class DatabaseAway(Exception):
    """The server said that it could not: the act was not acknowledged."""


@dataclasses.dataclass
class Ledger:
    """What the server said it did."""

    there: set[str] = dataclasses.field(default_factory=set)
    """Acknowledged, and neither changed nor wiped since."""
    gone: set[str] = dataclasses.field(default_factory=set)
    """Acknowledged as corrected or wiped."""
    turns: set[str] = dataclasses.field(default_factory=set)
    """Turns of a chat that were acknowledged."""
    said: set[str] = dataclasses.field(default_factory=set)
    """Those whose reply was."""
    open: tuple[str, str, str] = ("", "", "")
    """The act under way: its name, the text it takes away, the text it brings."""


class Person:
    """Does one thing after the other, and writes down what was answered."""

    def __init__(self, site: Site, ledger: Ledger, chance: random.Random) -> None:
        self.site, self.ledger, self.chance = site, ledger, chance

    def live(self, death: threading.Thread, after: int) -> None:
        """Until the server or its database is gone, which is let loose after so many acts. The first thing is a look:
        the server tells what the ledger has."""
        ways = [self.add, self.edit, self.tell, self.ask, self.follow, self.export, self.wipe]
        with self.site.client(self.site.owner) as client:
            try:
                self.export(client)
                for number in itertools.count():
                    if number == after:
                        death.start()
                    self.ledger.open = ("", "", "")
                    any_way = self.chance.choices(ways, weights=[6, 4, 3, 2, 2, 1, 1])[0]
                    (ways[number] if number < after == ACTS else any_way)(client)
            except (httpx.HTTPError, psycopg.OperationalError, DatabaseAway):
                return

    def _new(self, form: str) -> str:
        return form.format(self.chance.randrange(10**12))

    def add(self, client: httpx.Client) -> None:
        text = self._new("I keep coin {}")
        self.ledger.open = ("add", "", text)
        done(client.post("/data/add/", data={"text": text}))
        self.ledger.there.add(text)

    def edit(self, client: httpx.Client) -> None:
        if not self.ledger.there:
            return
        before, after = self.chance.choice(sorted(self.ledger.there)), self._new("I keep coin {}")
        [(key, version)] = self.site.rows("SELECT id, version FROM memories_memory WHERE text = ?", before)
        self.ledger.open = ("edit", before, after)
        done(client.post(f"/data/{dashed(key)}/edit/", data={"text": after, "version": version}))
        self.ledger.there = self.ledger.there - {before} | {after}
        self.ledger.gone.add(before)

    def wipe(self, client: httpx.Client) -> None:
        self.ledger.open = ("wipe", "", "")
        done(client.post("/data/wipe/memories/", data={"word": "wipe"}))
        self.ledger.gone |= self.ledger.there
        self.ledger.there = set()

    def export(self, client: httpx.Client) -> None:
        self.ledger.open = ("export", "", "")
        file = client.post("/data/export/", data={"format": "json"})
        if file.status_code == 503:
            raise DatabaseAway
        assert file.status_code == 200 and "text/html" not in file.headers["content-type"]
        told = json.dumps(json.loads(file.text))
        assert all(text in told for text in self.ledger.there)

    def ask(self, client: httpx.Client) -> None:
        """A question, which nothing is learned from."""
        self._say(client, "ask", self._new("What is number {}?"))

    def tell(self, client: httpx.Client) -> None:
        """A fact in a chat: the reply says that it is kept."""
        text = self._new("I collect shell {}")
        if "remember that" not in self._say(client, "tell", text):
            raise DatabaseAway
        self.ledger.there.add(text)

    def _say(self, client: httpx.Client, kind: str, text: str) -> str:
        """The page with the turn, which the redirect acknowledges, and its reply, which the page does."""
        self.ledger.open = (kind, "", text)
        room = done(client.post("/chat/", data=self._form(text)))
        self.ledger.turns.add(text)
        page = client.get(room)
        if page.status_code == 503 or 'class="turn done"' not in page.text:
            raise DatabaseAway
        self.ledger.said.add(text)
        return page.text

    def follow(self, client: httpx.Client) -> None:
        """As a page with scripts does: the reply is read as it is written."""
        text = self._new("What is shell {}?")
        self.ledger.open = ("ask", "", text)
        sent = client.post("/chat/", data=self._form(text), headers={"X-Chat": "script"})
        if sent.status_code == 503:
            raise DatabaseAway
        with client.stream("GET", streamed(sent)) as stream:
            read = "".join(stream.iter_text())
        if "event: end" in read and '"status": "done"' in read:
            self.ledger.said.add(text)

    def _form(self, text: str) -> dict[str, str]:
        return {"message": text, "memory": "on", "nonce": f"n{self.chance.random()}"}


def done(answer: httpx.Response) -> str:
    """Where the answer leads, once it has acknowledged."""
    if answer.status_code == 503:
        raise DatabaseAway
    assert answer.status_code == 302, (answer.status_code, answer.text[:500])
    return answer.headers["location"]


TURNS = (
    "SELECT t.text, t.memory_state, r.status, r.text FROM memories_message AS t LEFT JOIN memories_message AS r "
    "ON r.conversation_id = t.conversation_id AND r.position = t.position + 1 WHERE t.role = 'user'"
)


def compare(site: Site, ledger: Ledger) -> None:
    """The oracle. Then the ledger is brought up to what the act under way came to."""
    site.sound()
    turns = site.rows(TURNS)
    listed = [text for (text,) in site.rows("SELECT text FROM memories_memory WHERE owner_id = 1")]
    assert len(listed) == len(set(listed)), "something was written twice"
    found = set(listed)
    kind, before, after = ledger.open
    if kind == "wipe":
        assert found in (set(), ledger.there), "a wipe was done in part"
        ledger.gone |= ledger.there - found
        ledger.there = found
    elif kind == "edit":
        assert len(found & {before, after}) == 1, "a correction was done in part"
        ledger.there = ledger.there - {before} | (found & {before, after})
        ledger.gone |= {before} - found
    elif kind in ("add", "tell"):
        ledger.there |= {after} & found
    assert found == ledger.there, (kind, found ^ ledger.there)
    assert not found & ledger.gone, "what was taken away is back"
    said = [text for text, *_ in turns]
    assert len(said) == len(set(said)), "a turn was written twice"
    assert ledger.turns | ledger.said <= set(said), "an acknowledged turn is lost"
    for text, state, status, reply in turns:
        # Each turn has the place of its reply: they are written together.
        assert status == "done" and reply if text in ledger.said else status is not None
        if text.startswith("I "):
            # A memory may be there before its turn says so: the next to read the turn finds it, unless a wipe was first
            # and has called the reading off.
            unread = state == "pending" or (state == "off" and text not in found)
            assert unread or (state == "saved") == (text in found | ledger.gone), (text, state)
    assert site.rows("SELECT text FROM memories_memory WHERE owner_id = 2") == [(OTHERS,)]
    ledger.open = ("", "", "")


def lives(site: Site, ledger: Ledger, chance: random.Random, rounds: int) -> None:
    """So many lives of the server, each with the oracle at its end; then what the dead left behind is cleared away, and
    that changes nothing that was acknowledged."""
    for number in range(rounds):
        site.start()
        with site.client(site.stranger) as stranger:
            done(stranger.post("/data/add/", data={"text": OTHERS}))
            # An act takes about as long as this.
            begun = time.monotonic()
            stranger.get("/data/")
            lasts = time.monotonic() - begun
        with_database = site.cluster is not None and number % 2 == 1
        death = threading.Timer(chance.uniform(0, 2 * lasts), end, [site, with_database])
        Person(site, ledger, chance).live(death, chance.randrange(ACTS) if number else ACTS)
        death.join()
        site.kill()
        assert site.ended() == -signal.SIGKILL
        if with_database and site.cluster:
            site.cluster.start()
        compare(site, ledger)
    site.run("learn_what_is_due")
    pending = {text for text, state, *_ in site.rows(TURNS) if state == "pending"}
    assert not pending
    ledger.there |= {text for text, state, *_ in site.rows(TURNS) if state == "saved" and text not in ledger.gone}
    compare(site, ledger)


def end(site: Site, with_database: bool) -> None:
    if with_database and site.cluster:
        site.cluster.stop(signal.SIGQUIT)
    else:
        site.kill()


@pytest.fixture
def on_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """On a cluster of its own, for it will crash; it waits for its log, or an acknowledged write could be lost."""
    cluster = Cluster("synchronous_commit=on")
    cluster.start()
    made = Site(tmp_path_factory.mktemp("killed"), cluster)
    yield made
    made.close()
    cluster.remove()


def test_nothing_acknowledged_is_lost_and_nothing_is_torn(site: Site) -> None:
    lives(site, Ledger(), random.Random(SEED), ROUNDS)


@pytest.mark.postgres
def test_the_same_on_postgresql_and_when_the_database_itself_dies(on_postgres: Site) -> None:
    lives(on_postgres, Ledger(), random.Random(SEED), ROUNDS // 2)
