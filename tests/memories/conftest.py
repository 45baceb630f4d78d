"""The owner's doors, as most tests of this room open them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models import User
from memories.chats import ScopedChats
from memories.scoped import ScopedMemory
from tests.llm_server import LLMServer, connected
from tests.memories.erasing import FACT, said


@pytest.fixture
def mine(owner: User) -> ScopedMemory:
    return ScopedMemory(owner)


@pytest.fixture
def chats(owner: User) -> ScopedChats:
    return ScopedChats(owner)


@pytest.fixture
def alice(owner: User) -> ScopedMemory:
    memory = ScopedMemory(owner)
    memory.add(FACT, infer=False)
    return memory


@pytest.fixture
def bob(stranger: User) -> ScopedMemory:
    """Says and keeps the very same, so that a statement which forgets the owner is seen."""
    memory = ScopedMemory(stranger)
    memory.add(FACT, infer=False)
    said(stranger)
    return memory


@pytest.fixture
def server(settings: Any) -> Iterator[LLMServer]:
    with connected(settings) as running:
        yield running
