"""What is remembered: the memory, its earlier texts, the names in it, and what was asked to be forgotten."""

from __future__ import annotations

from django.db import models

from memories.models.base import Owned, SamePersonKey, new_id


class Memory(Owned):
    """One thing remembered."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    text = models.TextField()
    terms = models.TextField()
    """The stems of the text, separated by spaces: computed once, read by every search."""
    digest = models.CharField(max_length=64)
    """Keyed hash of the normalised text: finds the same fact said again."""
    vector = models.BinaryField()
    """float16, little-endian, unit norm; its length is the embedder's."""
    embedder = models.CharField(max_length=80)
    source = models.CharField(max_length=8)
    kind = models.CharField(max_length=8)
    state = models.CharField(max_length=6, default="active")
    role = models.CharField(max_length=9, default="user")
    episode = models.UUIDField(null=True)
    """Shared by what was added together as one conversation."""
    position = models.PositiveIntegerField(default=0)
    """The place within the episode."""
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    """Deleted, but may be taken back until then; held out of everything meanwhile."""
    use_count = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True)
    message = SamePersonKey("memories.Message", models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [
            models.Index("owner", "created_at", "id", name="memory_owner_created"),
            models.Index("owner", "digest", name="memory_owner_digest"),
            models.Index("message", "owner", name="memory_message", condition=models.Q(message__isnull=False)),
            models.Index("held_until", name="memory_held", condition=models.Q(held_until__isnull=False)),
            models.Index("expires_at", name="memory_expires", condition=models.Q(expires_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="memory_has_text"),
            models.CheckConstraint(condition=models.Q(state__in=["active", "paused", "review"]), name="memory_state"),
            models.CheckConstraint(condition=models.Q(kind__in=["stated", "inferred"]), name="memory_kind"),
            models.CheckConstraint(
                condition=models.Q(source__in=["chat", "typed", "imported", "program"]), name="memory_source"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class MemoryVersion(Owned):
    """A text that a memory had before it was changed."""

    memory = SamePersonKey(Memory, models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    text = models.TextField()
    created_at = models.DateTimeField()
    """When the memory came to have this text."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["memory", "number", "owner"], name="version_once")]
        indexes = [models.Index("owner", name="version_owner")]

    def __str__(self) -> str:
        return f"{self.memory_id} version {self.number}"


class Entity(Owned):
    """A name, place or thing that memories speak of (mem0's entity store)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    text = models.TextField()
    kind = models.CharField(max_length=20)
    vector = models.BinaryField()
    embedder = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index("owner", name="entity_owner")]

    def __str__(self) -> str:
        return str(self.id)


class EntityLink(Owned):
    """This memory speaks of that entity."""

    entity = SamePersonKey(Entity, models.CASCADE, related_name="+", db_index=False)
    memory = SamePersonKey(Memory, models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entity", "memory", "owner"], name="entity_link_once"),
        ]
        indexes = [
            models.Index("memory", "owner", name="entity_link_memory"),
            models.Index("owner", name="entity_link_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.entity_id} in {self.memory_id}"


class Tombstone(Owned):
    """The keyed hash of a text the person asked to forget: it stops the same from being learned again."""

    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "digest"], name="tombstone_once")]

    def __str__(self) -> str:
        return f"tombstone {self.pk}"
