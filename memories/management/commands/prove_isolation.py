"""`manage.py prove_isolation`: tries every way from one person's data to another's, and says what each gave."""

from __future__ import annotations

import contextlib
import logging
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError
from tqdm import tqdm

from memories.owner import owner_of
from memories.proof import Finding, findings, left_of, planned, settled
from memories.proof_ways import Way
from memories.throwaway import throwaway_accounts
from memsite.commands import SiteCommand

LEAST = 2


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Hundreds of refused requests are meant here; only a breach that one of the layers noticed is logged."""
    before = logging.root.manager.disable
    logging.disable(logging.ERROR)
    try:
        yield
    finally:
        logging.disable(before)


class Command(SiteCommand):
    help = (
        "Makes throw-away accounts on this very database, each with a random word in everything it says; tries every "
        "way from each to every other; prints what was tried and what came back; removes the accounts. Exit status 1 "
        "when anything crossed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--users", type=int, default=3, help="throw-away accounts, at least 2 (3)")
        parser.add_argument("--attempts", type=int, default=0, help="go on at random up to so many tries in all")

    def handle(self, *args: Any, users: int, attempts: int, **options: Any) -> None:
        if users < LEAST:
            raise CommandError("It takes at least two people: --users 2.")
        found: list[Finding] = []
        with _quiet(), throwaway_accounts(*["proof"] * users) as made:
            owners = [owner_of(user) for user in made]
            people = [settled(user) for user in made]
            bar = tqdm(findings(people, attempts), total=planned(users, attempts), unit=" tries", disable=None)
            found.extend(bar)
        left = left_of(owners)
        self._tell(found, users, left)
        crossed = sum(not finding.held for finding in found)
        if crossed:
            raise CommandError(f"ISOLATION DID NOT HOLD: {crossed:,} of {len(found):,} tries crossed or failed.")
        if left:
            raise CommandError(f"Nothing crossed, but {left:,} things of the throw-away accounts are still there.")
        self.stdout.write(self.style.SUCCESS(f"Isolation held in all {len(found):,} tries. The accounts are removed."))

    def _tell(self, found: list[Finding], users: int, left: int) -> None:
        self.stdout.write(
            f"\n{users} people were made, each with a secret word in a memory, a chat, a cache entry and a file.\n"
            "Each of them tried to get at every other one's, in each of these ways:\n"
        )
        by_way: dict[Way, list[Finding]] = {}
        for finding in found:
            by_way.setdefault(finding.way, []).append(finding)
        width = max(len(way.title) for way in by_way)
        self.stdout.write(f"        {'what was tried':<{width}}  {'tries':>7}  what came back")
        for way, tries in by_way.items():
            held = all(finding.held for finding in tries)
            mark = self.style.SUCCESS("held  ") if held else self.style.ERROR("LEAKED")
            got = ", ".join(f"{what} ({count:,})" for what, count in Counter(f.got for f in tries).most_common())
            self.stdout.write(f"{mark}  {way.title:<{width}}  {len(tries):>7,}  {got}")
        self.stdout.write(
            f"\nLeft of the accounts in the database, the cache and the files: {left:,}."
            " (Of each, one receipt of its erasure stays: numbers, no owner.)\n"
        )
