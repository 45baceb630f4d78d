"""What every tenant table shares, and the one row a person has of their own."""

from __future__ import annotations

import os
import secrets
import time
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.expressions import Col
from django.db.models.lookups import Exact
from django.utils import timezone


def new_id() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562): random, yet growing with time: an index is appended to, not torn apart."""
    raw = bytearray((time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10))
    raw[6] = raw[6] & 0x0F | 0x70
    raw[8] = raw[8] & 0x3F | 0x80
    return uuid.UUID(bytes=bytes(raw))


def new_key() -> bytes:
    """32 random bytes for a keyed hash."""
    return secrets.token_bytes(32)


class SamePersonKey(models.ForeignKey):  # type: ignore[type-arg]  # generic in the stubs alone
    """Points to another row of the same person's. Each join it makes also compares the owners: one partition a query,
    on whatever machine that person's rows are. (What the database itself enforces is in `memories.postgres.keys`.)"""

    def get_extra_restriction(self, alias: Any, related_alias: Any) -> Any:
        """What Django adds to the ON of a join."""
        here: Any = self.model._meta.get_field("owner")
        there: Any = self.related_model._meta.get_field("owner")
        return Exact(Col(alias, there), Col(related_alias, here))

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        """As usual; that it is there keeps Django from inserting many rows with a SELECT over arrays, in which a
        cluster cannot see whose they are."""
        return "%s"

    def deconstruct(self) -> Any:
        """For migrations, which make no joins, it is a plain foreign key."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs


class Owned(models.Model):
    """A row of one person's.

    Each table has an index that begins with the owner (every query names one), and one that begins with each inner
    foreign key (SQLite would read the whole table to check it when the row it points to goes).
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)

    class Meta:
        abstract = True

    def _do_update(self, base_qs: Any, *args: Any) -> Any:
        """`save()` writes the row where it is this owner's: Django itself would compare the key alone."""
        return super()._do_update(base_qs.filter(owner_id=self.owner_id), *args)


class OwnerState(models.Model):
    """One person's switches, limits and keys, and the lock that puts their writes in a row."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    # Grows with every write to the memories: a cache holding an older number is stale.
    version = models.PositiveBigIntegerField(default=0)
    # Grows with every wipe: what was read before one may not be written after it.
    epoch = models.PositiveIntegerField(default=0)
    # Keys the hashes of what was forgotten; without it they say nothing.
    digest_key = models.BinaryField(max_length=32, default=new_key)
    use_memories = models.BooleanField(default=True)
    learn = models.BooleanField(default=True)
    ask_first = models.BooleanField(default=True)
    retention_months = models.PositiveSmallIntegerField(null=True)
    retention_basis = models.CharField(max_length=8, default="saved")
    quota = models.PositiveIntegerField(null=True)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"state of {self.owner_id}"
