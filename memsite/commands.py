"""What the commands that read or write the site's rows have in common."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError

from memsite.health import not_ready


class SiteCommand(BaseCommand):
    """Where the database cannot serve (nobody migrated it yet, say), the command ends with a sentence that says so."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except DatabaseError as error:
            if reasons := not_ready():
                raise CommandError(f"{'; '.join(reasons)}.") from error
            raise
