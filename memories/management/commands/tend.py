"""`manage.py tend`: the background work, once or for ever."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from memories import tending


class Command(BaseCommand):
    help = (
        "One pass of background work: turns still to be read for memories, undo windows that ended, memories past "
        "their time, temporary chats that are over, and the disk. Safe in several processes, and to be killed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", type=float, metavar="SECONDS", help="go on, with so many seconds between passes")

    def handle(self, *args: Any, loop: float | None, **options: Any) -> None:
        if loop is None:
            failed: list[str] = []
            done = tending.tend_once(failed)
            told = ", ".join(f"{name}: {count}" for name, count in done.items())
            self.stdout.write(told or ("" if failed else "Nothing was due."))
            if failed:
                raise CommandError(f"Not done: {', '.join(failed)}. The log says why; the next pass tries again.")
            return
        if loop <= 0:
            raise CommandError("--loop takes a number of seconds above 0.")
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        tending.tend(loop, stop)
