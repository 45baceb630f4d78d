"""What was erased, as ids alone, for as long as a backup could bring it back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Erased(models.Model):
    """One erasure. It has no owner, because it outlives the account; the namespace says nothing of whose it was."""

    namespace = models.UUIDField()
    what = models.CharField(max_length=13)
    """`account`, `memories` or `conversations` (all of them), or one `memory`, `message` or `conversation`."""
    object_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index("at", "id", name="erased_at")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    what__in=["account", "memories", "conversations", "memory", "message", "conversation"]
                ),
                name="erased_what",
            )
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d}"
