"""The owner's doors, as most tests of this room open them."""

from __future__ import annotations

import pytest

from accounts.models import User
from memories.chats import ScopedChats
from memories.scoped import ScopedMemory


@pytest.fixture
def mine(owner: User) -> ScopedMemory:
    return ScopedMemory(owner)


@pytest.fixture
def chats(owner: User) -> ScopedChats:
    return ScopedChats(owner)
