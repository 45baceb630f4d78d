"""Accounts that live for one command: made with a random address, erased with all they have when it ends."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator

from accounts.models import User


@contextlib.contextmanager
def throwaway_accounts(*names: str) -> Iterator[list[User]]:
    """One account a name, in this order, none of which can sign in; gone afterwards, whatever happened in between."""
    made: list[User] = []
    try:
        for name in names:
            made.append(User.objects.create_user(f"{name}.{secrets.token_hex(8)}@throwaway.invalid"))
        yield made
    finally:
        for user in made:
            user.delete()
