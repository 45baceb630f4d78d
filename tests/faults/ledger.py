"""What a client was told, one act after the other, and the comparison with what is in the database: the oracle of every
test that kills."""

from __future__ import annotations

import dataclasses
import itertools
import json
import random
import threading

import httpx
import psycopg

from tests.faults.books import balanced, forgotten
from tests.faults.site import Site, dashed, streamed

OTHERS = "I am the stranger"
ACTS = 7
"""What a server is let to do at most, before it dies within one of the next: in its first life, each act once."""


class DatabaseAway(Exception):
    """The server said that it could not: the act was not acknowledged."""


@dataclasses.dataclass
class Ledger:
    """What the server said it did."""

    there: set[str] = dataclasses.field(default_factory=set)
    """Acknowledged, and neither changed nor wiped since."""
    gone: set[str] = dataclasses.field(default_factory=set)
    """Acknowledged as corrected or wiped."""
    forgotten: set[str] = dataclasses.field(default_factory=set)
    """Acknowledged as deleted or wiped, and what they were before a correction too: not to be learned again."""
    copies: int = 0
    """How often everything was taken along."""
    turns: set[str] = dataclasses.field(default_factory=set)
    """Turns of a chat that were acknowledged."""
    said: set[str] = dataclasses.field(default_factory=set)
    """Those whose reply was."""
    open: tuple[str, str, str] = ("", "", "")
    """The act under way: its name, the text it takes away, the text it brings."""

    def wiped(self) -> None:
        """Nothing is remembered any more."""
        self.forgotten |= self.there | self.gone
        self.gone |= self.there
        self.there = set()

    def deleted(self, text: str) -> None:
        self.there, self.gone, self.forgotten = self.there - {text}, self.gone | {text}, self.forgotten | {text}


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
        self.ledger.wiped()

    def delete(self, client: httpx.Client) -> None:
        """One of them, which can be taken back for a moment."""
        text = self.chance.choice(sorted(self.ledger.there))
        [(key,)] = self.site.rows("SELECT id FROM memories_memory WHERE text = ?", text)
        self.ledger.open = ("delete", text, "")
        done(client.post(f"/data/{dashed(key)}/delete/"))
        self.ledger.deleted(text)

    def export(self, client: httpx.Client) -> None:
        self.ledger.open = ("export", "", "")
        file = client.post("/data/export/", data={"format": "json"})
        if file.status_code == 503:
            raise DatabaseAway
        assert file.status_code == 200 and "text/html" not in file.headers["content-type"]
        told = json.dumps(json.loads(file.text))
        assert all(text in told for text in self.ledger.there)
        self.ledger.copies += 1

    def ask(self, client: httpx.Client) -> None:
        """A question, which nothing is learned from and much is recalled for."""
        self._say(client, "ask", self._new("Which coin do I keep, {}?"))

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


LISTED = "SELECT text FROM memories_memory WHERE owner_id = 1 AND held_until IS NULL"


def compare(site: Site, ledger: Ledger) -> None:
    """The oracle. Then the ledger is brought up to what the act under way came to."""
    site.sound()
    copies = balanced(site)
    turns = site.rows(TURNS)
    listed = [text for (text,) in site.rows(LISTED)]
    assert len(listed) == len(set(listed)), "something was written twice"
    found = set(listed)
    kind, before, after = ledger.open
    if kind == "wipe":
        assert found in (set(), ledger.there), "a wipe was done in part"
        if not found:
            ledger.wiped()
    elif kind == "delete":
        if before not in found:
            ledger.deleted(before)
    elif kind == "edit":
        assert len(found & {before, after}) == 1, "a correction was done in part"
        ledger.there = ledger.there - {before} | (found & {before, after})
        ledger.gone |= {before} - found
    elif kind in ("add", "tell"):
        ledger.there |= {after} & found
    assert found == ledger.there, (kind, found ^ ledger.there)
    assert not found & ledger.gone, "what was taken away is back"
    assert ledger.forgotten == forgotten(site, ledger.there | ledger.gone), "the marks of what was forgotten are wrong"
    assert copies in (ledger.copies, ledger.copies + (kind == "export")), "the log tells of other copies than were made"
    ledger.copies = copies
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
