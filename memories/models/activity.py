"""What was done, by whom and when: without content."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from memories.models.base import Owned, new_id


class Activity(Owned):
    """One line of the log a person can read. Only the erasure of the account, or age, removes it."""

    at = models.DateTimeField()
    verb = models.CharField(max_length=20)
    object_id = models.UUIDField(null=True)
    count = models.PositiveIntegerField(default=1)
    via = models.CharField(max_length=8, default="program")
    """The door: `web`, `program`, `command` or `admin`."""
    device = models.CharField(max_length=60, default="")
    """Such as "Firefox on Linux"."""
    address = models.CharField(max_length=45, default="")
    """The network address, shortened so that it names a neighbourhood, not a house."""
    actor = models.CharField(max_length=8, default="self")
    """`self`, `admin` or `site`."""
    reason = models.CharField(max_length=200, default="")

    class Meta:
        indexes = [models.Index("owner", "at", "id", name="activity_owner_at")]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d}"


class Disclosure(Owned):
    """What left the site: which memories were sent to which model provider."""

    at = models.DateTimeField()
    provider = models.CharField(max_length=120)
    """The host name of the provider."""
    model = models.CharField(max_length=120)
    purpose = models.CharField(max_length=8)
    """`reply` or `learning`."""
    message_id = models.UUIDField(null=True)
    memory_ids = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index("owner", "at", name="disclosure_owner_at")]

    def __str__(self) -> str:
        return f"{self.provider} {self.at:%Y-%m-%d}"


class Receipt(models.Model):
    """What a wipe found, removed and left, per store, in numbers. An erased account's last one has no owner."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", db_index=False)
    size = models.CharField(max_length=13)
    """`memories`, `conversations` (with the memories) or `account`."""
    asked_by = models.CharField(max_length=9, default="self")
    """`self`, `admin` or `retention`."""
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    stores = models.JSONField()
    """A list of {"store", "found", "removed", "left"}, numbers only."""
    remains = models.JSONField()
    """Sentences: what is outside our reach, and until when."""
    settled_at = models.DateTimeField(null=True)
    """When the freed places on the disk were seen to be overwritten; empty while that is still to come."""

    class Meta:
        indexes = [
            models.Index("owner", "finished_at", name="receipt_owner_at"),
            models.Index("finished_at", name="receipt_unsettled", condition=models.Q(settled_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return str(self.id)
