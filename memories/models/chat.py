"""Conversations, their turns, and which memories a reply was given."""

from __future__ import annotations

from django.db import models

from memories.models.base import Owned, SamePersonKey, new_id


class Conversation(Owned):
    """One chat."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(max_length=120, default="")
    titled_by_hand = models.BooleanField(default=False)
    memory_mode = models.CharField(max_length=9, default="on")
    """`on`, `off` (nothing read, nothing learned) or `temporary` (the same, and the chat itself goes)."""
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    left_out = models.JSONField(default=list)
    """Ids of memories that are not to be used here."""

    class Meta:
        indexes = [
            models.Index("owner", "updated_at", "id", name="conversation_owner_updated"),
            models.Index("expires_at", name="conversation_expires", condition=models.Q(expires_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(memory_mode__in=["on", "off", "temporary"]), name="conversation_mode"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Message(Owned):
    """One turn, the person's or the assistant's. The turn is the job: `memory_state` says what is left to learn."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = SamePersonKey(Conversation, models.CASCADE, related_name="+", db_index=False)
    position = models.PositiveIntegerField()
    """Place in the conversation, from 1, growing; gaps are possible."""
    role = models.CharField(max_length=9)
    text = models.TextField(default="")
    reasoning = models.TextField(default="")
    status = models.CharField(max_length=9, default="done")
    """`done`; for replies also `streaming`, `stopped` or `failed`."""
    error = models.CharField(max_length=300, default="")
    """A sentence for the person, on a failed reply."""
    nonce = models.CharField(max_length=64, null=True)  # noqa: DJ001  (NULL: many turns without one, each other once)
    """The composer's key that keeps one press of Send from becoming two turns."""
    model = models.CharField(max_length=120, default="")
    """Which assistant wrote it; empty for the person's turns."""
    asks = models.JSONField(null=True)
    """On a reply that asked for a yes: what is to be done then, as ids."""
    given = models.JSONField(default=list)
    """Of a reply: ids of the memories whose words it was put together with, its own and those of earlier replies that
    went to the model along with it. They stay when such a memory goes: that is how it is known that it went."""
    memory_state = models.CharField(max_length=7, default="off")
    """`off` (nothing to learn here), `pending`, `saved`, `nothing` or `failed`."""
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    """Pending: not to be tried before. While being worked on: the lease, after which another may take it."""
    learned = models.JSONField(null=True)
    """What the page offers after learning: {"refused": [texts], "clashes": [[newer id, older id]]}."""
    held_until = models.DateTimeField(null=True)
    """Deleted together with the memory it caused, but may be taken back until then; shown nowhere meanwhile."""
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index("held_until", name="message_held", condition=models.Q(held_until__isnull=False)),
            models.Index("due_at", name="message_due", condition=models.Q(memory_state="pending")),
            models.Index("owner", "status", name="message_streaming", condition=models.Q(status="streaming")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "position", "owner"], name="message_place"),
            models.UniqueConstraint(fields=["owner", "nonce"], name="message_nonce_once"),
            models.CheckConstraint(condition=models.Q(role__in=["user", "assistant"]), name="message_role"),
            models.CheckConstraint(
                condition=models.Q(status__in=["done", "streaming", "stopped", "failed"]), name="message_status"
            ),
            models.CheckConstraint(
                condition=models.Q(memory_state__in=["off", "pending", "saved", "nothing", "failed"]),
                name="message_memory_state",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Recall(Owned):
    """A memory's part in a turn: `used` (put before the assistant, word for word as kept here) or `known`
    (said again in this turn)."""

    message = SamePersonKey(Message, models.CASCADE, related_name="+", db_index=False)
    memory = SamePersonKey("memories.Memory", models.CASCADE, related_name="+", db_index=False)
    relation = models.CharField(max_length=5, default="used")
    rank = models.PositiveSmallIntegerField(default=0)
    score = models.FloatField(null=True)
    text = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "memory", "relation", "owner"], name="recall_once"),
        ]
        indexes = [
            models.Index("memory", "owner", name="recall_memory"),
            models.Index("owner", name="recall_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.memory_id} in {self.message_id}"
