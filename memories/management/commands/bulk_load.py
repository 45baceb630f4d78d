"""`manage.py bulk_load`: a scratch database with as many people as one likes, to measure with."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from memories.storage import loading
from memsite.commands import SiteCommand


class Command(SiteCommand):
    help = "Fills a scratch database with made-up people and memories, to measure with. Never a database in use."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--users", type=int, default=1_000, help="how many people to add")
        parser.add_argument("--each", type=int, default=20, help="how many memories each of them has")
        parser.add_argument(
            "--yes-to-a-scratch-database", action="store_true", help="go on although there are real accounts in it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        users, each = options["users"], options["each"]
        if users < 1 or each < 1:
            raise CommandError("There have to be at least one person and one memory each.")
        if loading.real_people() and not options["yes_to_a_scratch_database"]:
            raise CommandError(
                "There are real accounts in this database; nothing was written. If it is a scratch database all the "
                "same, say so with --yes-to-a-scratch-database."
            )
        if loading.policies_apply():
            raise CommandError(
                "Row policies apply to the role that is logged in; nothing was written. Let DATABASE_URL name one that "
                "passes by them (BYPASSRLS), such as the scratch server's superuser."
            )
        with tqdm(total=users, unit=" people", disable=options["verbosity"] < 1) as bar:
            for done in loading.load(users, each):
                bar.update(done - bar.n)
        self.stdout.write(self.style.SUCCESS(f"{users:,} people with {each:,} memories each."))
