"""`manage.py transfer`: memories from our tables to mem0's platform, or back."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from tqdm import tqdm

from accounts.models import User
from memories.engines.moving import Moved, Mover
from memories.errors import EngineUnavailable
from memories.owner import owner_of_any
from memsite.commands import SiteCommand


class Command(SiteCommand):
    help = (
        "Moves memories between this site's tables and mem0's platform. Prints numbers alone, unless --yes is given. "
        "Safe to stop and to run again: what is there already is not written twice, and everything is read back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", choices=["platform", "embedded"], required=True)
        parser.add_argument("--email", help="one person; everybody otherwise")
        parser.add_argument("--yes", action="store_true", help="really move")
        parser.add_argument(
            "--remove", action="store_true", help="with --yes: take it away from where it was, once read"
        )

    def handle(self, *args: Any, to: Any, email: str | None, yes: bool, remove: bool, **options: Any) -> None:
        """Exit status 0 only when everything that can go was read back on the other side."""
        if not settings.MEM0_API_KEY:
            raise CommandError("Both sides have to be within reach: set MEM0_API_KEY.")
        people = User.objects.filter(email__iexact=email) if email else User.objects.order_by("pk")
        if email and not people.exists():
            raise CommandError("There is no account with this address.")
        total, failed = Moved(found=0, there=0, stayed=0), 0
        with tqdm(total=0, unit=" memories", disable=not yes) as bar:
            for user in people.iterator(chunk_size=500):
                try:
                    total = _sum(total, self._one(user, to, yes, remove, bar))
                except EngineUnavailable as error:
                    failed += 1
                    self.stderr.write(f"One person's memories could not be moved now: {error}")
        self.stdout.write(
            f"Found {total.found:,}, read back on the other side {total.there:,}, staying {total.stayed:,}, "
            f"taken away {total.removed:,}." + ("" if yes else " Nothing was moved: --yes does it.")
        )
        if yes and (failed or not total.complete):
            raise CommandError("Not everything is on the other side yet: run this again.")

    def _one(self, user: User, to: Any, yes: bool, remove: bool, bar: Any) -> Moved:
        mover = Mover(owner_of_any(user))
        if not yes:
            return mover.look(to)
        bar.total += mover.size(to)
        bar.refresh()
        return mover.move(to, remove=remove, tell=bar.update)


def _sum(a: Moved, b: Moved) -> Moved:
    return Moved(
        found=a.found + b.found,
        there=a.there + b.there,
        stayed=a.stayed + b.stayed,
        removed=a.removed + b.removed,
    )
