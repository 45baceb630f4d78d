"""Three people, every verb, in any order, against a plain dict for each: what one does changes nobody else's.

`HYPOTHESIS_PROFILE=long` walks further: `make walks`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis.stateful import run_state_machine_as_test

from memories.engines import embedded
from tests.isolation.profiles import walks
from tests.isolation.walk import People
from tests.isolation.walk_pages import PeopleOnPages

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """A deletion can be taken back for as long as the walk takes, and nobody is told to wait."""
    settings.LIMITS = 0
    monkeypatch.setattr(embedded, "UNDO_WINDOW", dt.timedelta(hours=1))


@pytest.mark.slow
def test_any_order_of_verbs_leaves_everyone_their_own() -> None:
    run_state_machine_as_test(People, settings=walks(6, 30))


@pytest.mark.slow
def test_any_order_of_verbs_and_pages_leaves_everyone_their_own() -> None:
    run_state_machine_as_test(PeopleOnPages, settings=walks(3, 40))
