"""Whose data: taken from a signed-in person, and from nothing else."""

from __future__ import annotations

import dataclasses
import uuid

from accounts.models import User


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Owner:
    """The one identity below the doors. Only `owner_of` makes one from a person."""

    pk: int
    """The key that each statement on a tenant table names."""
    namespace: uuid.UUID
    """What the memory engine, caches and files know the person by."""

    @property
    def name(self) -> str:
        """The namespace as mem0's `user_id`."""
        return str(self.namespace)


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """Through which door a verb came: goes into the activity log."""

    via: str = "program"
    """`web`, `program`, `command` or `admin`."""
    device: str = ""
    """Such as "Firefox on Linux"; at most 60 characters."""
    address: str = ""
    """Already shortened; never a whole address."""
    actor: str = "self"
    """`self`, `admin` or `site`."""
    reason: str = ""


PROGRAM = Door()


def owner_of(user: User) -> Owner:
    """The owner behind a saved, active account. TypeError for anything else, so that a missing person is never "everyone".

    `request.user` of a signed-in request is accepted; that of a visitor, an id, an e-mail, a namespace or None is not.
    """
    # isinstance looks through the lazy object that request.user is.
    if not isinstance(user, User):
        raise TypeError(f"A memory belongs to a signed-in User, not to {type(user).__name__}.")
    if user.pk is None or user._state.adding:
        raise TypeError("A memory belongs to a saved User; this one is not in the database.")
    if not user.is_active:
        raise TypeError("A memory belongs to an active User; this account is closed.")
    return Owner(pk=int(user.pk), namespace=uuid.UUID(str(user.namespace)))
