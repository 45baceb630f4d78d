"""What we keep beside mem0's hosted platform: ids, states and moments, never a word of a memory."""

from __future__ import annotations

from django.db import models

from memories.models.base import Owned, new_id


class PlatformNote(Owned):
    """What the platform cannot say of a memory: that it is paused, was deleted a moment ago, or was used."""

    memory_id = models.UUIDField()
    """The platform's id; there is no row of ours to point to."""
    state = models.CharField(max_length=6, default="active")
    held_until = models.DateTimeField(null=True)
    """Deleted: may be taken back until then, and is erased from the platform afterwards. Shown nowhere meanwhile."""
    digest = models.CharField(max_length=64, default="")
    """Of a deleted one: the mark that taking it back lifts."""
    use_count = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "memory_id"], name="platform_note_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["active", "paused", "review"]), name="platform_note_state"
            ),
        ]
        indexes = [
            models.Index("held_until", name="platform_note_held", condition=models.Q(held_until__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"note on {self.memory_id}"


class PlatformEvent(Owned):
    """Something the platform was asked to read for memories, and has not said yet that it has."""

    event_id = models.CharField(max_length=64)
    """The platform's."""
    message_id = models.UUIDField(null=True)
    """The turn it is read from; such a turn polls its event itself, when it is due."""
    epoch = models.PositiveIntegerField()
    """Of the owner's state when it was asked: after a wipe, what comes of it is removed again."""
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    """When the background pass looks at it next."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "event_id"], name="platform_event_once")]
        indexes = [
            models.Index("due_at", name="platform_event_due"),
            models.Index("owner", "message_id", name="platform_event_message"),
        ]

    def __str__(self) -> str:
        return self.event_id


class PlatformErasure(models.Model):
    """An erasure the platform was asked for, until it is confirmed: its event succeeded and a count came back 0.

    It has no owner, because it outlives the account; the namespace says nothing of whose it was.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    namespace = models.UUIDField()
    receipt_id = models.UUIDField(null=True)
    found = models.PositiveIntegerField(null=True)
    """How many the platform had; empty until it has said so."""
    event_id = models.CharField(max_length=64, default="")
    waits_for = models.JSONField(default=list)
    """Events of turns that were still being read: what comes of them is erased too."""
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("due_at", name="platform_erasure_due", condition=models.Q(confirmed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Move(Owned):
    """How far `manage.py transfer` has come with one person."""

    to = models.CharField(max_length=8)
    """`platform` or `embedded`."""
    found = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    stayed = models.PositiveIntegerField(default=0)
    """Could not go: see docs/platform.md."""
    updated_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    """When all of it had been read back on the other side."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "to"], name="move_once"),
            models.CheckConstraint(condition=models.Q(to__in=["platform", "embedded"]), name="move_to"),
        ]

    def __str__(self) -> str:
        return f"move to {self.to}"
