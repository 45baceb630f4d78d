"""`manage.py distribute`: spreads people's rows over the machines of a Citus cluster."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection, transaction

from memories.management.commands.migrate import one_at_a_time
from memories.postgres import citus
from memories.postgres.catalog import Catalog
from memsite.database import as_table_owner


class Command(BaseCommand):
    help = (
        "Makes the tables of people's rows distributed ones, by owner, and the accounts' a copy on every machine. Run "
        "it on the coordinator's database as the tables' owner, after `migrate`. Shows the steps; --apply takes them, "
        "one transaction each. Can be stopped and run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="take the steps that are left")

    def handle(self, *args: Any, apply: bool, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Only a PostgreSQL with the Citus extension can be spread over machines.")
        with as_table_owner(), one_at_a_time():
            catalog = Catalog()
            if apply and (first := citus.unready(catalog)):
                raise CommandError(first)
            steps = [*citus.steps(catalog), *([citus.settings(catalog)] if apply else [])]
            for number, step in enumerate(steps, start=1):
                self._tell(options, f"[{number}/{len(steps)}] {step.says}")
                for statement in step.statements:
                    self._tell(options, f"    {statement};")
                if apply:
                    self._take(catalog, step)
        if not apply:
            self.stdout.write("Nothing was changed. Stop the site and run it with --apply.")

    def _take(self, catalog: Catalog, step: citus.Step) -> None:
        """All or none of it; not a row is lost."""
        table = step.says.partition(":")[0]
        counted = table in citus.distributed()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL citus.propagate_set_commands = 'local'")
            before = catalog.rows(table) if counted else 0
            for statement in step.statements:
                cursor.execute(statement)
            if counted and catalog.rows(table) != before:
                raise CommandError(f"{table} would have lost rows; this step was taken back.")

    def _tell(self, options: dict[str, Any], words: str) -> None:
        if options["verbosity"]:
            self.stdout.write(words)
