"""One site for the faults of SQLite: loading it costs more than most of them do."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.site import Site
from tests.postgres import Cluster


def mounted(folder: Path, options: str) -> bool:
    """Whether this machine lets the tests mount something there."""
    return subprocess.run(["mount", *options.split(), str(folder)], capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="session")
def only_site(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """On a disk of its own, where this may mount one: it is to be filled."""
    folder = tmp_path_factory.mktemp("site")
    own = mounted(folder, "-t tmpfs -o size=64m tmpfs")
    shutil.copyfile(tables, folder / "memsite.sqlite3")
    made = Site(folder)
    yield made
    made.close()
    if own:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def site(only_site: Site) -> Iterator[Site]:
    """Of two people who have nothing; no server runs."""
    only_site.run("wipe")
    yield only_site
    if only_site.server:
        only_site.kill()
        only_site.ended()


@pytest.fixture
def on_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """On a cluster of its own, for it will crash; it waits for its log, or an acknowledged write could be lost."""
    cluster = Cluster("synchronous_commit=on")
    cluster.start()
    made = Site(tmp_path_factory.mktemp("killed"), cluster)
    yield made
    made.close()
    cluster.remove()
