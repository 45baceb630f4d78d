"""A real server on a data folder of its own, a signed-in client, and a look into the database from outside."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import uuid
from pathlib import Path
from typing import Any

import httpx
import psycopg

from memories.engines.embedding import chosen_embedder
from memories.storage.digests import digest
from memories.storage.packing import packed
from memories.text import terms
from tests.faults.nursery import Nursery
from tests.postgres import Cluster, roles_on

TOKEN = "x" * 32
NOT_OURS = ("MEMSITE_", "DJANGO_", "DATABASE_URL", "CACHE_URL", "MEM0_")


class Site:
    """One folder (and cluster); its server is started and killed as often as one likes."""

    def __init__(self, folder: Path, cluster: Cluster | None = None, **more: str) -> None:
        self.folder, self.cluster = folder, cluster
        ours = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}
        ours |= {
            "MEMSITE_DATA_DIR": str(folder),
            "MEMSITE_DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        }
        if cluster:
            ours["MEMSITE_MIGRATE_URL"], ours["DATABASE_URL"] = roles_on(cluster.url)
        # Beside the folder: nothing of the test is in it.
        self.nursery = Nursery(ours | more, folder.with_name(folder.name + ".log"))
        told = folder.with_name(folder.name + ".keys")
        self.nursery.run("tests.faults.inside:begin", str(told))
        self.owner, self.stranger = json.loads(told.read_text())
        self.server = self.port = 0

    # --- The server ---------------------------------------------------------------------------------------------------
    def start(self, **changed: Any) -> None:
        """Who connects from now on is answered. With settings of this server alone."""
        self.server, self.port = self.nursery.serve(**changed)

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """As a power cut would: no handler runs, nothing is closed. Returns at once; `ended` waits."""
        os.kill(self.server, how)

    def ended(self) -> int:
        """How the server ended, once."""
        code, self.server = self.nursery.wait(self.server), 0
        return code

    def close(self) -> None:
        self.nursery.close()

    def run(self, name: str, *args: str) -> None:
        """A function of `tests.faults.inside`, in a process of its own."""
        self.nursery.run(f"tests.faults.inside:{name}", *args)

    def client(self, session: str) -> httpx.Client:
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}",
            cookies={"sessionid": session, "csrftoken": TOKEN},
            headers={"X-CSRFToken": TOKEN, "User-Agent": "Firefox on Linux"},
            timeout=60,
            verify=False,  # noqa: S501  # nothing is encrypted here: reading certificates would be all it does
        )

    # --- The database -------------------------------------------------------------------------------------------------
    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read past everything of ours: by SQLite itself, or as PostgreSQL's superuser."""
        if self.cluster:
            with psycopg.connect(self.cluster.url) as there:
                return there.execute(sql.replace("?", "%s").encode(), values).fetchall()
        here = sqlite3.connect(self.folder / "memsite.sqlite3", timeout=30)
        try:
            return here.execute(sql, values).fetchall()
        finally:
            here.close()

    def sound(self) -> None:
        """No page is torn, no row points to nothing, and each memory has the vector, the search words, the digest and
        the earlier versions that belong to its text."""
        if not self.cluster:
            assert self.rows("PRAGMA integrity_check") == [("ok",)]
            assert self.rows("PRAGMA foreign_key_check") == []
        keys = dict(self.rows("SELECT owner_id, digest_key FROM memories_ownerstate"))
        embedder = chosen_embedder()
        wanted = (
            "SELECT m.owner_id, m.text, m.terms, m.digest, m.vector, m.version, "
            "(SELECT COUNT(*) FROM memories_memoryversion AS v WHERE v.memory_id = m.id) FROM memories_memory AS m"
        )
        for whose, text, words, mark, vector, version, earlier in self.rows(wanted):
            assert words == " ".join(terms(text))
            assert mark == digest(bytes(keys[whose]), text)
            assert bytes(vector) == packed(embedder.embed([text])[0])
            assert version == earlier + 1


def dashed(key: object) -> str:
    """An id as addresses have it; SQLite keeps 32 digits."""
    return str(uuid.UUID(str(key)))


def streamed(sent: httpx.Response) -> str:
    """The address of a reply's stream, in what a page with scripts is answered."""
    return next(part for part in sent.text.split('"') if part.endswith("/stream/"))
