"""A file on its way in: read and checked, waiting for the person's yes, then written piece by piece."""

from __future__ import annotations

from django.db import models

from memories.models.base import Owned, SamePersonKey, new_id


class Import(Owned):
    """One file. What it held is in its parts, each gone once it was written."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    format = models.CharField(max_length=60)
    started = models.BooleanField(default=False)
    """The person saw the preview and said yes."""
    bring_back = models.BooleanField(default=False)
    """Also what they once asked to forget."""
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    saved = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    forgotten = models.PositiveIntegerField(default=0)
    chats = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    """The first hundred: [line, sentence]."""
    problem_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index("owner", "created_at", name="import_owner_created"),
            models.Index("created_at", name="import_created"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ImportPart(Owned):
    """Some of the entries of a file."""

    job = SamePersonKey(Import, models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8)
    """`chats`, `memories` or `marks`, written in this order."""
    entries = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "number", "owner"], name="import_part_once")]
        indexes = [models.Index("owner", name="import_part_owner")]

    def __str__(self) -> str:
        return f"{self.job_id} part {self.number}"
