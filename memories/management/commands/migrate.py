"""`manage.py migrate`: Django's, as the tables' owner, one at a time, and then what isolation needs of the database."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connection

from memories.postgres.apply import LOCK, protect
from memsite.caches import TABLE
from memsite.database import as_table_owner, keep_private


class Command(migrate.Command):
    """Adds nothing to Django's options."""

    def handle(self, *args: Any, **options: Any) -> None:
        keep_private()
        with as_table_owner(), one_at_a_time():
            super().handle(*args, **options)
            # A part of the migrations, or a plan: the tables may not be what the models say.
            if not options["plan"] and not options["check_unapplied"] and not options["app_label"]:
                call_command("createcachetable", TABLE, verbosity=0)
                done = protect(self._told if options["verbosity"] > 1 else lambda _: None)
                if options["verbosity"] and connection.vendor == "postgresql":
                    self.stdout.write(f"  Row policies, keys and functions: {done} statements run.")

    def _told(self, statement: str) -> None:
        self.stdout.write(f"    {statement}")


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Waits while another server migrates the same database."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
