"""A day on the site in a process of its own, with every connection and every file it opens written down."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

seen: dict[str, list[Any]] = {"connect": [], "lookup": [], "write": []}
HOME = os.path.realpath(os.environ["HOME"])
# Given to audit hooks as flags of os.open, or as a mode.
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def watch(event: str, args: tuple[Any, ...]) -> None:
    """Told by Python itself of everything below it (PEP 578)."""
    if event == "socket.connect":
        seen["connect"].append(repr(args[1]))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        seen["lookup"].append(str(args[0]))
    elif event == "open" and isinstance(args[0], str | bytes | os.PathLike):
        path, flags = os.path.realpath(os.fsdecode(args[0])), args[2] if isinstance(args[2], int) else 0
        if path.startswith(HOME + os.sep) and flags & WRITING:
            seen["write"].append(path)
    elif event in ("os.mkdir", "os.rename") and os.path.realpath(os.fsdecode(args[0])).startswith(HOME + os.sep):
        seen["write"].append(os.fsdecode(args[0]))


def main() -> None:
    """Prints what was seen."""
    sys.addaudithook(watch)
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from accounts.models import User
    from memories.scoped import ScopedMemory

    call_command("migrate", verbosity=0)
    user = User.objects.create_user("ana@example.com", "quiet-harbour-lantern-7")
    client = Client(HTTP_HOST="localhost")
    client.post("/account/login/", {"login": "ana@example.com", "password": "quiet-harbour-lantern-7"})
    for message in ("I am vegetarian. My daughter Mia lives in Lisbon.", "What do you know about me?"):
        client.post("/chat/", {"message": message})
    for path in ("/", "/chat/", "/data/", "/data/?q=food", "/data/pictures/", "/data/activity/", "/account/sessions/"):
        seen.setdefault("pages", []).append(client.get(path).status_code)
    memory = ScopedMemory(user)
    memory.add("I always want a window seat", infer=False)
    found = memory.search("window seat")
    memory.delete_all()
    print(json.dumps({**seen, "found": len(found)}))


if __name__ == "__main__":
    main()
