"""kill -9 of a real server at random moments of add, edit, wipe, export, chat and stream, against the client's ledger.

What was acknowledged is there after the restart; what was not is there whole or not at all; an interrupted wipe is
finished or not begun; a turn that was interrupted is learned from once. FAULT_ROUNDS sets how often the server dies,
FAULT_SEED repeats the choices of a run: `make faults`. On PostgreSQL it dies half as often, every second time because
the database does. `test_each_write.py` leaves nothing to chance, but kills within one act only.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time

import pytest

from tests.faults.ledger import ACTS, OTHERS, TURNS, Ledger, Person, compare, done
from tests.faults.site import Site

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "4"))
SEED = int(os.environ.get("FAULT_SEED", "4"))

pytestmark = pytest.mark.slow


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


@pytest.mark.sqlite
def test_nothing_acknowledged_is_lost_and_nothing_is_torn(site: Site) -> None:
    lives(site, Ledger(), random.Random(SEED), ROUNDS)


@pytest.mark.postgres
def test_the_same_on_postgresql_and_when_the_database_itself_dies(on_postgres: Site) -> None:
    lives(on_postgres, Ledger(), random.Random(SEED), ROUNDS // 2)
