"""PostgreSQL that is away: at the start, in the middle, and back. A whole server over HTTP, on a cluster of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.postgres import Cluster, roles_on

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.postgres, pytest.mark.slow]


class Site:
    """A server process; `ask` gives status and body of a page."""

    def __init__(self, environment: dict[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "uvicorn", "memsite.asgi:application", "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
        self.said: list[str] = []
        up = threading.Event()
        threading.Thread(target=self._listen, args=(up,), daemon=True).start()
        assert up.wait(60) and self.process.poll() is None, "".join(self.said)

    def _listen(self, up: threading.Event) -> None:
        assert self.process.stderr
        with self.process.stderr as lines:
            for line in lines:
                self.said.append(line)
                if "running on" in line:
                    up.set()
        up.set()

    def ask(self, path: str, **cookies: str) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", cookies=cookies, timeout=30)

    def recovers(self) -> bool:
        """Whether it is ready again, within a few tries: the pool looks for the database at growing intervals, and each
        try that fails has waited for it."""
        return any(self.ask("/readyz").status_code == 200 for _ in range(10))

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    made = Cluster()
    yield made
    made.remove()


@pytest.fixture(scope="module")
def environment(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Of a migrated database with its two roles, on the cluster, which is left as each test wants it."""
    cluster.start()
    owner_url, site_url = roles_on(cluster.url)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MEMSITE_", "DJANGO_"))}
    made = clean | {
        "DATABASE_URL": site_url,
        "MEMSITE_DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "MEMSITE_SECRET_KEY": "x" * 60,
        "MEMSITE_DEMO": "1",
    }
    for command in (["migrate", "-v0"], ["create_roles", "--apply", "-v0"]):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=made | {"MEMSITE_MIGRATE_URL": owner_url}, check=True
        )
    yield made


@pytest.fixture
def site(environment: dict[str, str]) -> Iterator[Site]:
    started = Site(environment)
    yield started
    started.process.kill()
    started.process.wait()


def test_it_goes_and_comes_back_under_a_running_site(cluster: Cluster, site: Site) -> None:
    assert site.ask("/readyz").status_code == 200
    assert site.ask("/account/login/").status_code == 200
    cluster.stop()
    assert site.ask("/healthz").status_code == 200
    ready = site.ask("/readyz")
    assert ready.status_code == 503 and ready.text.startswith("database: cannot be reached")
    page = site.ask("/", sessionid="a" * 32)
    assert page.status_code == 503 and page.headers["Retry-After"]
    assert "Not available just now" in page.text
    cluster.start()
    assert site.recovers()
    assert site.ask("/", sessionid="a" * 32).status_code == 200
    # uvicorn stops in good order, and then ends by the signal it was sent.
    assert site.end() in (0, -signal.SIGTERM)


def test_it_is_away_when_the_site_starts(cluster: Cluster, environment: dict[str, str]) -> None:
    cluster.stop()
    site = Site(environment)
    try:
        assert site.ask("/healthz").status_code == 200
        assert site.ask("/readyz").status_code == 503
        cluster.start()
        assert site.recovers()
    finally:
        site.process.kill()
        site.process.wait()
