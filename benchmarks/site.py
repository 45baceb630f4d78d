"""The pages people wait for, against a bare signed-in page on the same server, taking turns.

    python -m benchmarks.site [--quick]

One client, one request at a time, one uvicorn process on SQLite: requests a second are what one process answers when
nothing else is asked of it.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import streams
from benchmarks.scratch import ROOT, Times, Worker, environment, median, table

FEW, MANY = "few@bulk.invalid", "many@bulk.invalid"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Browser:
    """One signed-in person on one kept connection."""

    def __init__(self, url: str, email: str) -> None:
        client = streams.sign_in(url, email)
        self._token = streams.token(client, "/chat/")
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        self._headers = {"Cookie": cookies, "Referer": url, "Origin": url}
        self._server = http.client.HTTPConnection(url.removeprefix("http://"))

    def get(self, path: str) -> str:
        return self._ask("GET", path, None, self._headers)

    def post(self, path: str, **fields: str) -> str:
        body = urlencode(fields | {"csrfmiddlewaretoken": self._token})
        return self._ask("POST", path, body, self._headers | FORM | {"X-Chat": "script"})

    def first_token(self) -> float:
        """Seconds from asking for the reply's stream to the first words of it."""
        place = re.search(r'data-stream="([^"]+)"', self.post("/chat/", message="What do I like to drink?"))
        assert place
        before = time.perf_counter()
        self._server.request("GET", place[1], headers=self._headers)
        response = self._server.getresponse()
        while not response.readline().startswith(b"data:"):
            pass
        took = time.perf_counter() - before
        response.read()
        return took

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> str:
        self._server.request(method, path, body, headers)
        response = self._server.getresponse()
        text = response.read().decode()
        assert response.status == 200, f"{method} {path}: {response.status}"
        return text


def main(folder: Path, quick: bool = False, rounds: int = 300) -> dict[str, list[float]]:
    """Prints the table; returns each page's times."""
    rounds, many = (10, 300) if quick else (rounds, 10_000)
    with Worker("site_worker", folder / "site") as worker:
        worker.call("prepare", users=1)
        worker.call("account", email=FEW, password=streams.PASSWORD, rows=25)
        worker.call("account", email=MANY, password=streams.PASSWORD, rows=many)
    with _server(folder / "site") as url:
        few, rich = Browser(url, FEW), Browser(url, MANY)
        pages: dict[str, Callable[[], object]] = {
            "bare page": lambda: few.get("/bench/bare/"),
            "nothing but the sign-in": lambda: few.get("/bench/barest/"),
            "/data/, 25 rows": lambda: few.get("/data/"),
            f"/data/, 25 rows of {many:,}": lambda: rich.get("/data/"),
            "/data/, a search": lambda: few.get("/data/?q=garden"),
            "a chat post": lambda: few.post("/chat/", message="What do I like to drink?"),
        }
        times: Times = {name: [] for name in (*pages, "first words of a reply")}
        for number in range(rounds + 3):
            # In another order each time: what comes after a chat post waits for what the site still learns from it.
            for name in random.sample(list(pages), len(pages)):
                before = time.perf_counter()
                pages[name]()
                if number >= 3:
                    times[name].append(time.perf_counter() - before)
            if number % 3 == 0:
                times["first words of a reply"].append(few.first_token())
    show(times)
    return times


def show(times: Times) -> None:
    bare = median(times["bare page"])
    lines: list[list[object]] = [
        [name, 1000 / median(of), median(of), sorted(of)[int(len(of) * 0.95)] * 1000, f"{bare / median(of):.0%}"]
        for name, of in times.items()
    ]
    head = ("", "requests a second", "median, ms", "95 %, ms", "of the bare page's rate")
    table("The site: one process, one client", head, lines)


@contextlib.contextmanager
def _server(folder: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    run = [sys.executable, "-m", "uvicorn", "memsite.asgi:application", "--port", str(port), "--log-level", "error"]
    # A round of all pages may take longer than a connection is usually kept.
    run += ["--timeout-keep-alive", "600"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(run, cwd=ROOT, env=environment(folder), stdout=quiet, stderr=quiet)
    url = f"http://127.0.0.1:{port}"
    try:
        streams.wait_for(lambda: streams.answers(url))
        yield url
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="ten rounds instead of 300")
    parser.add_argument("--rounds", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="memsite-bench-") as scratch:
        main(Path(scratch), options.quick, options.rounds)
