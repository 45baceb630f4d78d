"""People and factories for every test, a closed network, and the rule against skipping."""

from __future__ import annotations

import gc
import itertools
import os
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.no_skips import pytest_sessionfinish  # noqa: F401  # found here by pytest
from tests.postgres import on_citus

if os.environ.get("MEMSITE_TEST_POSTGRES") == "1":
    from tests.on_postgres import *  # noqa: F403
else:
    from tests.premade import *  # noqa: F403

if TYPE_CHECKING:
    from memories.scoped import ScopedMemory

PASSWORD = "quiet-harbour-lantern-7"
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""What the authenticator app of `admin` makes its codes from."""
_numbers = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgres", action="store_true", help="run on PostgreSQL, started here or named by DATABASE_URL")


DATABASE = {"db", "transactional_db", "live_server", "committed"}


# Nothing of what is loaded goes again: looking for what could takes a third of the time of loading.
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    # By default every 700 new objects are looked through, which is a tenth of the time of most tests.
    gc.set_threshold(20_000, 20, 50)
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What only one database can show is no part of a run on the other, rather than skipped in it; and what touches no
    database is no part of the run on PostgreSQL, which is the second. Files with the most long tests come first, so
    that no worker is left alone with one at the end."""
    here = os.environ.get("MEMSITE_TEST_POSTGRES") == "1"
    wanted = _on_postgres if here else lambda item: not item.get_closest_marker("postgres")
    other = "one_machine" if on_citus() else "citus"
    elsewhere = [item for item in items if not wanted(item) or item.get_closest_marker(other)]
    config.hook.pytest_deselected(items=elsewhere)
    gone = set(elsewhere)
    kept = [item for item in items if item not in gone]
    long = Counter(item.path for item in kept if item.get_closest_marker("browser") or item.get_closest_marker("slow"))
    items[:] = sorted(kept, key=lambda item: -long[item.path])


def _on_postgres(item: pytest.Item) -> bool:
    asks = DATABASE.intersection(getattr(item, "fixturenames", ()))
    if item.get_closest_marker("sqlite"):
        return False
    return bool(asks or item.get_closest_marker("django_db") or item.get_closest_marker("postgres"))


# --- People -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """`make_user("name", **fields)`: a saved account with PASSWORD; the name is the e-mail's first part."""

    def make(name: str = "", **fields: Any) -> User:
        return User.objects.create_user(f"{name or f'person{next(_numbers)}'}@example.com", PASSWORD, **fields)

    return make


@pytest.fixture
def owner(make_user: Callable[..., User]) -> User:
    """The person whose data it is."""
    return make_user("owner")


@pytest.fixture
def stranger(make_user: Callable[..., User]) -> User:
    """Signed in like the owner, and to be told nothing."""
    return make_user("stranger")


@pytest.fixture
def admin(make_user: Callable[..., User]) -> User:
    """With a second factor, as administrators need one."""
    from allauth.mfa.totp.internal.auth import TOTP

    user = make_user("admin", is_staff=True, is_superuser=True)
    TOTP.activate(user, SEED)
    return user


@pytest.fixture
def client_as() -> Callable[..., Client]:
    """`client_as(user)`: a client of its own, signed in and just asked who they are (`proved=False`: not asked)."""

    def sign_in(user: User, *, proved: bool = True, **kwargs: Any) -> Client:
        client = Client(**kwargs)
        client.force_login(user)
        if proved:
            session = client.session
            session["account_authentication_methods"] = [
                {"method": "password", "at": time.time(), "reauthenticated": True}
            ]
            session["account_authentication_methods_user"] = str(user.pk)
            session.save()
        return client

    return sign_in


@pytest.fixture
def scoped() -> Callable[[User], ScopedMemory]:
    """`scoped(user)`: that person's memory."""
    from memories.scoped import ScopedMemory

    return ScopedMemory


# --- The world outside ------------------------------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    """Rate limits live in the cache and would reach from one test into the next."""
    cache.clear()
    yield


@pytest.fixture(autouse=True, scope="session")
def _closed_network() -> Iterator[None]:
    """A test that reaches beyond this machine fails instead of depending on who answers."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise OSError(f"tests reach no further than this machine, not {address!r}")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign, assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]
