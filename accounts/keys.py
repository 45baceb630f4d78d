"""Keys for programs: made for one person, shown once, kept as a hash."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import re
import secrets
import uuid

from django.db import transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone

from accounts.models import Key, User

PREFIX = "msk_"
"""So that those who look for leaked secrets know one when they see it."""
MOST = 20
"""Keys a person."""
all_revoked = Signal()
"""Sent within the transaction in which a person's new password takes their keys along: `request`, `user`, `count`."""
_SHAPE = re.compile(r"msk_[A-Za-z0-9_-]{43}")


class KeyRefused(Exception):
    """No key was made; `str(error)` is a sentence for the person."""


@dataclasses.dataclass(frozen=True, slots=True)
class Made:
    """A new key, and the only copy of its text."""

    key: Key
    token: str = dataclasses.field(repr=False)


def make(user: User, name: str, *, may_write: bool, days: int | None) -> Made:
    """A new key that ends after so many days, or never. KeyRefused for a name that is taken, and for one too many."""
    token = PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    with transaction.atomic():
        # One at a time for each person: two at once could pass the count together.
        User.objects.select_for_update().get(pk=user.pk)
        names = set(Key.objects.filter(account=user).values_list("name", flat=True))
        if name in names:
            raise KeyRefused("You have a key of this name. Choose another, or revoke that one first.")
        if len(names) >= MOST:
            raise KeyRefused(f"You have {MOST} keys, which is as many as there can be. Revoke one first.")
        key = Key.objects.create(
            account=user,
            name=name,
            digest=_digest(token),
            ending=token[-4:],
            may_write=may_write,
            made_at=now,
            ends_at=now + dt.timedelta(days=days) if days else None,
        )
    return Made(key, token)


def keys_of(user: User) -> list[Key]:
    """The newest first."""
    return list(Key.objects.filter(account=user).order_by("-made_at", "-pk"))


def good_keys(user: User) -> int:
    """How many of them still open something."""
    return Key.objects.filter(_good(), account=user).count()


def revoke(user: User, key_id: uuid.UUID) -> str | None:
    """Removes it: from now on nothing is answered to who brings it. Its name; None where this person has none such."""
    key = Key.objects.filter(account=user, pk=key_id).first()
    if key is None or not Key.objects.filter(account=user, pk=key_id).delete()[0]:
        return None
    return key.name


def revoke_all(user: User) -> int:
    """Removes every key of this person's; how many there were."""
    return int(Key.objects.filter(account=user).delete()[0])


def holder(token: str) -> Key | None:
    """The key with its account, where it is good: known, not over, its account open. One query."""
    if not _SHAPE.fullmatch(token):
        return None
    found = Key.objects.select_related("account").filter(_good(), digest=_digest(token), account__is_active=True)
    return found.first()


def still_good(key: Key) -> bool:
    """Whether it opens anything now, some time after `holder` gave it. One query."""
    return Key.objects.filter(_good(), pk=key.pk, account__is_active=True).exists()


def _good() -> Q:
    """Not over."""
    return Q(ends_at=None) | Q(ends_at__gt=timezone.now())


def used_today(key: Key) -> bool:
    """Whether the day's first use (UTC) was written down, as far as this row tells."""
    return key.used_at is not None and key.used_at >= _midnight(timezone.now())


def first_use_today(key: Key) -> bool:
    """Writes down that it was used, once a day; whether this was that time."""
    now = timezone.now()
    stale = Q(used_at=None) | Q(used_at__lt=_midnight(now))
    return bool(Key.objects.filter(stale, pk=key.pk).update(used_at=now))


def _midnight(now: dt.datetime) -> dt.datetime:
    return now.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
