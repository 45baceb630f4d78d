"""`manage.py create_roles`: the PostgreSQL role that runs the site, with its rights and no more."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import connection

from memories.postgres import roles
from memories.postgres.catalog import Catalog
from memsite.database import as_table_owner


class Command(BaseCommand):
    help = (
        "Makes the role that DATABASE_URL logs in with, if it is missing, and gives it what the site needs: rows, no "
        "tables. Runs as the role of MEMSITE_MIGRATE_URL, after `migrate`. Shows the statements; --apply runs them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="run the statements, in one transaction")

    def handle(self, *args: Any, apply: bool, **options: Any) -> None:
        if connection.vendor != "postgresql" or not settings.MIGRATE_LOGIN:
            raise CommandError("Set DATABASE_URL (runs the site) and MEMSITE_MIGRATE_URL (owns the tables) first.")
        default = settings.DATABASES["default"]
        role, password = self._role(default), str(default["PASSWORD"])
        with as_table_owner():
            for statement in self._statements(role, password, apply):
                if options["verbosity"] or not apply:
                    self.stdout.write(statement.replace(password, "…") + ";" if password else statement + ";")
        nothing = "Nothing was changed. Run it with --apply, or give these to an administrator."
        self.stdout.write(f"-- {f'Done: the role {role} may run the site.' if apply else nothing}")

    def _role(self, default: dict[str, Any]) -> str:
        role = str(default["USER"])
        if not role or role == settings.MIGRATE_LOGIN["USER"]:
            raise CommandError("DATABASE_URL and MEMSITE_MIGRATE_URL have to name two roles.")
        return role

    def _statements(self, role: str, password: str, apply: bool) -> list[str]:
        found = roles.privileges(role)
        if found and any(found):
            raise CommandError(f"The role {role} is a superuser or passes by row policies: it may not run the site.")
        statements = list(roles.statements(Catalog(), role, password, there=found is not None))
        if apply:
            roles.run(statements)
        return statements
