"""Two people whose memories are on the platform that the tests talk to; a file that needs it otherwise has its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models import User
from memories.engines.platform import PlatformEngine
from memories.owner import PROGRAM, owner_of
from memories.scoped import ScopedMemory
from tests.contract.platform_server import PlatformServer, on_platform


@pytest.fixture
def server(settings: Any) -> Iterator[PlatformServer]:
    with on_platform(settings) as server:
        yield server


@pytest.fixture
def alice(server: PlatformServer, owner: User) -> ScopedMemory:
    memory = ScopedMemory(owner)
    memory.add("I am vegetarian", infer=False)
    return memory


@pytest.fixture
def bob(server: PlatformServer, stranger: User) -> ScopedMemory:
    memory = ScopedMemory(stranger)
    memory.add("I always want a window seat", infer=False)
    return memory


def texts(memory: ScopedMemory) -> list[str]:
    return [each.memory for each in memory.get_all()]


def engine_of(user: User) -> PlatformEngine:
    return PlatformEngine(owner_of(user), PROGRAM)
