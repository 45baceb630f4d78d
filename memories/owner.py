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
    """`web`, `chat`, `program`, `command` or `admin`."""
    device: str = ""
    """Such as "Firefox on Linux"; at most 60 characters."""
    address: str = ""
    """Already shortened; never a whole address."""
    actor: str = "self"
    """`self`, `admin` or `site`."""
    reason: str = ""


PROGRAM = Door()
CHAT = Door(via="chat")
"""What a turn brings about, whoever waits for it: replies are written and read on after the request has ended."""


def owner_of(user: User) -> Owner:
    """The owner behind a saved, active account. TypeError for anything else: a missing person is never "everyone".

    `request.user` of a signed-in request is accepted; that of a visitor, an id, an e-mail, a namespace or None is not.
    """
    owner = owner_of_any(user)
    if not user.is_active:
        raise TypeError("A memory belongs to an active User; this account is closed.")
    return owner


def owner_of_any(user: User) -> Owner:
    """As owner_of, for closed accounts too: what is in them is purged and erased like anyone's, and only that."""
    # isinstance looks through the lazy object that request.user is.
    if not isinstance(user, User):
        raise TypeError(f"A memory belongs to a signed-in User, not to {type(user).__name__}.")
    if user.pk is None or user._state.adding:
        raise TypeError("A memory belongs to a saved User; this one is not in the database.")
    name = user.namespace
    return Owner(pk=int(user.pk), namespace=name if isinstance(name, uuid.UUID) else uuid.UUID(str(name)))


def erased_owner(namespace: uuid.UUID) -> Owner:
    """Who was known by a namespace whose account may be gone. The key is nobody's: it opens no row, and what is kept
    elsewhere under the namespace can still be erased there."""
    return Owner(pk=0, namespace=namespace)
