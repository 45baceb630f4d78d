"""A PostgreSQL for the length of a run, on a disk and with its usual care about losing nothing."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.postgres import Cluster, roles_on

AS_IN_USE = (
    *("fsync=on", "synchronous_commit=on", "full_page_writes=on"),
    *("shared_buffers=1GB", "max_wal_size=4GB", "jit=off"),
)
"""Later settings win over those the tests run with."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Database:
    """One database of the server."""

    owner: str
    """The URL of a role that may do everything: makes the tables and fills them."""
    site: str
    """The URL of the role that runs the site, behind the row policies."""

    @property
    def environment(self) -> dict[str, str]:
        """For a `site_worker`."""
        return {"DATABASE_URL": self.site, "MEMSITE_MIGRATE_URL": self.owner}


class Server:
    """Makes databases on one cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def database(self, name: str) -> Database:
        """A new one, empty."""
        with psycopg.connect(self._cluster.url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        url = urlunsplit(urlsplit(self._cluster.url)._replace(path=f"/{name}"))
        return Database(owner=url, site=roles_on(url)[1])


@contextlib.contextmanager
def server(folder: Path) -> Iterator[Server]:
    """Runs until the end of the block; its files are in `folder`, and go with it."""
    # It does not run as root; as somebody else it has to get through to its files.
    folder.chmod(0o755)
    cluster = Cluster(*AS_IN_USE, room=folder)
    try:
        cluster.start()
        yield Server(cluster)
    finally:
        cluster.remove()
