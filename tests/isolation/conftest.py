"""Two people whose things are made once for all tests of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.isolation.people import Person, forget, person


@pytest.fixture(scope="module")
def both(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Person, Person]]:
    """Made once; each test's own changes are rolled back."""
    with django_db_blocker.unblock():
        made = person("zanzibar"), person("quokka")
    yield made
    with django_db_blocker.unblock():
        forget(*(one.user for one in made))


@pytest.fixture
def ana(both: tuple[Person, Person], db: None) -> Person:
    return both[0]


@pytest.fixture
def ben(both: tuple[Person, Person], db: None) -> Person:
    return both[1]
