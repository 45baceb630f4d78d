"""`manage.py erasures`: what was erased, as ids, out of one database and into another that came from a backup."""

from __future__ import annotations

import datetime as dt
import json
import sys
import uuid
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from tqdm import tqdm

from accounts.models import User
from memories import erasure
from memories.owner import owner_of_any
from memories.storage import ledger
from memories.storage.reerasing import erase_again
from memsite.commands import SiteCommand

FIELDS = {"namespace", "what", "object_id", "at"}


class Command(SiteCommand):
    help = (
        "Writes the ledger of erasures (ids and moments, no words) as lines of JSON, or erases again what a restored "
        "backup brought back. Applying twice is applying once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--export", action="store_true", help="to the standard output")
        which.add_argument("--apply", metavar="FILE", help="numbers alone, unless --yes is given; - reads from a pipe")
        parser.add_argument("--since", type=dt.date.fromisoformat, help="with --export: from this day (UTC) on")
        parser.add_argument("--yes", action="store_true", help="with --apply: really erase")

    def handle(self, *args: Any, since: dt.date | None, yes: bool, **options: Any) -> None:
        if options["export"]:
            self._export(since)
            return
        found = self._applied(_read(_text(options["apply"])), really=yes)
        did = "erased again" if yes else "would be erased again (--yes does it)"
        self.stdout.write(", ".join(f"{name} {count:,}" for name, count in found.items()) + f": {did}.")

    def _export(self, since: dt.date | None) -> None:
        if not settings.BACKUP_DAYS:
            raise CommandError("MEMSITE_BACKUP_DAYS is 0: no backups are declared, so no ledger is kept.")
        day = since or dt.date(1970, 1, 1)
        for line in ledger.lines(dt.datetime.combine(day, dt.time(), dt.UTC)):
            self.stdout.write(json.dumps(line))

    def _applied(self, lines: list[ledger.Line], *, really: bool) -> dict[str, int]:
        found = {"accounts": 0, "rows": 0}
        for line in _with_bar(lines):
            user = User.objects.filter(namespace=uuid.UUID(line["namespace"])).first()
            if user is None:
                continue
            if line["what"] == "account":
                found["accounts"] += 1
                if really:
                    erasure.erase_account(user, asked_by="admin")
            else:
                found["rows"] += erase_again(owner_of_any(user), line, really=really)
        return found


def _with_bar(lines: list[ledger.Line]) -> Iterable[ledger.Line]:
    bar: Iterable[ledger.Line] = tqdm(lines, unit=" erasures", disable=not lines)
    return bar


def _text(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{name} cannot be read ({error.strerror}); nothing was erased.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{name} is not text in UTF-8; nothing was erased.") from error


def _read(text: str) -> list[ledger.Line]:
    """The whole file is looked at before anything is done."""
    lines = []
    for number, raw in enumerate(text.splitlines(), start=1):
        try:
            line = json.loads(raw)
            if set(line) != FIELDS:
                raise ValueError
            uuid.UUID(line["namespace"]), dt.datetime.fromisoformat(line["at"])
            if line["object_id"]:
                uuid.UUID(line["object_id"])
        except (ValueError, TypeError) as error:
            raise CommandError(f"Line {number} is not a line of the ledger; nothing was erased.") from error
        lines.append(line)
    return lines
