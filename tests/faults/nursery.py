"""Processes that start in a moment: one loads the site once, and each process that is asked for is a copy of it.

`Nursery` is the test's end; run as a program, this module is the other. A copy is a process like any other: it is
killed by its id, shares no connection and no file with anyone, and nothing that it does comes back.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.faults.doom import Doom

ROOT = Path(__file__).resolve().parents[2]


class Nursery:
    """Of one site: the environment says which. What its processes write goes to the file `log`."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("a") as written:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.nursery"],
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=written,
                text=True,
            )

    def run(self, what: str, *args: Any) -> None:
        """Runs `module:function` in a process of its own, to its end."""
        code = self.wait(self._ask(do="run", what=what, args=args))
        assert code == 0, f"{what} {args}: {self.log.read_text()[-3000:]}"

    def serve(self, **changed: Any) -> tuple[int, int]:
        """Starts a server, some settings changed; its process id, and its port, which takes connections already."""
        pid, port = self._ask(do="serve", changed=changed)
        return int(pid), int(port)

    def wait(self, pid: int) -> int:
        """How a process ended: its code, or the number of the signal, negative. Once for each."""
        return int(self._ask(do="wait", pid=pid))

    def close(self) -> None:
        """Ends everything that still runs."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _ask(self, **order: Any) -> Any:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"the site could not be loaded: {self.log.read_text()[-3000:]}"
        return json.loads(answer)


# --- Inside -----------------------------------------------------------------------------------------------------------
def main() -> None:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import django

    django.setup()
    from django.template.loader import get_template

    from memories.warming import warm

    warm()
    for template in (ROOT / "templates").rglob("*.html"):
        get_template(str(template.relative_to(ROOT / "templates")))
    answers()
    alive: set[int] = set()
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(obey(order, alive)), flush=True)
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
    # Nothing of what it loaded has to be put away.
    os._exit(0)


def answers() -> None:
    """What a server does once, with its first request, is done here, or each copy would do it anew: the routes, the
    middleware, the server's own parts. No database is asked: a connection is nothing that copies could share."""
    import uvicorn
    from django.db import connection
    from django.test import Client

    uvicorn.Config("memsite.asgi:application", log_config=None).load()
    assert Client(HTTP_HOST="localhost").get("/account/login/").status_code == 200
    assert connection.connection is None


def obey(order: Mapping[str, Any], alive: set[int]) -> Any:
    if order["do"] == "wait":
        alive.discard(order["pid"])
        return os.waitstatus_to_exitcode(os.waitpid(order["pid"], 0)[1])
    if order["do"] == "run":
        return copied(alive, lambda: called(order["what"], order["args"]))
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    pid = copied(alive, lambda: served(listening, order["changed"]))
    port = listening.getsockname()[1]
    listening.close()
    return pid, port


def copied(alive: set[int], task: Any) -> int:
    pid = os.fork()
    if pid:
        alive.add(pid)
        return pid
    code = 1
    try:
        # Whoever reads the orders is the first process alone.
        os.close(0)
        os.dup2(2, 1)
        task()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def called(what: str, args: list[Any]) -> None:
    module, _, name = what.partition(":")
    getattr(importlib.import_module(module), name)(*args)


def served(listening: socket.socket, changed: Mapping[str, Any]) -> None:
    import uvicorn
    from django.conf import settings

    for name, value in changed.items():
        setattr(settings, name, value)
    if "DIES_BY" in changed:
        Doom(Path(changed["DIES_BY"])).watch()
    config = uvicorn.Config("memsite.asgi:application", log_config=None, timeout_graceful_shutdown=2)
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
