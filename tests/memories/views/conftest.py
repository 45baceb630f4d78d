"""The owner's browser, and that of somebody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User


@pytest.fixture
def client(owner: User, client_as: Callable[[User], Client]) -> Client:
    return client_as(owner)


@pytest.fixture
def other(stranger: User, client_as: Callable[[User], Client]) -> Client:
    return client_as(stranger)
