"""`manage.py demo`: a running site with people in it, on one's own machine."""

from __future__ import annotations

import socket
from argparse import ArgumentParser
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from memsite import demo, demo_people


class Command(BaseCommand):
    help = "Prepares the database and the demo's three accounts, prints their passwords, and serves the site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="on 127.0.0.1")
        parser.add_argument("--prepare-only", action="store_true", help="stop before serving")

    def handle(self, *args: Any, port: int, prepare_only: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This makes accounts with known passwords: set MEMSITE_DEMO=1, or use `make demo`.")
        if not prepare_only:
            _free(port)
        call_command("migrate", verbosity=0)
        passwords = demo.passwords(settings.DATA_DIR, settings.DEMO_PASSWORD)
        made = demo_people.people(passwords)
        self.stdout.write(self.welcome(passwords, port, first=bool(made)))
        self.stdout.flush()
        if not prepare_only:
            # Loopback alone, whatever else is configured. The site's own logging stands (log_config=None).
            uvicorn.run(
                "memsite.asgi:application",
                host="127.0.0.1",
                port=port,
                log_config=None,
                server_header=False,
                # Ctrl-C does not wait for a page that is left open on a reply.
                timeout_graceful_shutdown=5,
            )

    def welcome(self, passwords: dict[str, str], port: int, *, first: bool) -> str:
        people = "\n".join(f"    {email:<20} {password}" for email, password in passwords.items())
        first_time = "These people are new here" if first else "The data of the last time is still there"
        return (
            f"\n  memsite runs on http://127.0.0.1:{port}\n\n{people}\n\n"
            f"  {first_time} (in {settings.DATA_DIR}).\n"
            "  The passwords hold until you change them in the site. Stop with Ctrl-C.\n"
        )


def _free(port: int) -> None:
    """Says that there is no room before anything is made or printed; CommandError then."""
    if not 1 <= port <= 65535:
        raise CommandError(f"{port} is no port: take one from 1024 to 65535, such as PORT=9000 make demo.")
    with socket.socket() as there:
        # As the server does: a port that was left a moment ago is free.
        there.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            there.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be had ({error.strerror}): another program listens there, perhaps this demo in"
                " another window. Take another one: PORT=9000 make demo."
            ) from error
