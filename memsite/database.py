"""Turns DATABASE_URL into Django's setting: SQLite out of the box, PostgreSQL beyond one machine."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import environ
from django.core.exceptions import ImproperlyConfigured

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON; "
    "PRAGMA temp_store=MEMORY;"
)
"""WAL lets readers go on beside the one writer; FULL keeps what was acknowledged over a power cut; secure_delete
overwrites what is deleted. In files of its own beside the database SQLite would keep what a statement deletes, until it
is sure, and what it sorts; nobody overwrites those."""
LOGIN = ("USER", "PASSWORD", "HOST", "PORT")
PATIENCE = 3
"""Seconds that a request waits for a connection, and a connection for the server: then the page says so in words."""


def configured(url: str, data_dir: Path, *, connections: int = 10) -> dict[str, Any]:
    """The `DATABASES["default"]` entry; raises ImproperlyConfigured for another kind of database."""
    if not url:
        return _sqlite({"ENGINE": "django.db.backends.sqlite3", "NAME": str(data_dir / "memsite.sqlite3")})
    scheme = url.partition(":")[0]
    if scheme not in ("sqlite", "postgres", "postgresql"):
        raise ImproperlyConfigured(f"DATABASE_URL starts with {scheme!r}: use sqlite:///path or postgresql://...")
    parsed: dict[str, Any] = dict(environ.Env.db_url_config(url))
    return _sqlite(parsed) if scheme == "sqlite" else _postgresql(parsed, connections)


def migrating(url: str, default: dict[str, Any]) -> dict[str, Any]:
    """How the tables' owner logs in: what `as_table_owner` changes in the default entry. {} where there is no other."""
    if not url:
        return {}
    parsed: dict[str, Any] = dict(environ.Env.db_url_config(url))
    if not url.startswith("postgres") or parsed["NAME"] != default["NAME"]:
        raise ImproperlyConfigured("MEMSITE_MIGRATE_URL and DATABASE_URL have to name the same PostgreSQL database.")
    return {name: unquote(str(parsed[name])) for name in LOGIN}


@contextlib.contextmanager
def as_table_owner() -> Iterator[None]:
    """Logs in with MEMSITE_MIGRATE_URL for the length of the block, where it is set. For commands that own the whole
    process: other threads would be logged in with it too."""
    from django.conf import settings
    from django.db import connection

    usual = {name: connection.settings_dict[name] for name in LOGIN}
    log_in(connection, settings.MIGRATE_LOGIN)
    try:
        yield
    finally:
        log_in(connection, usual if settings.MIGRATE_LOGIN else {})


def keep_private() -> None:
    """SQLite's file, before anything is in it: for the site's user alone, whoever may look into its folder. The files
    that SQLite puts beside it follow. One that is in use stays as its operator has it."""
    from django.db import connection

    path = Path(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():  # type: ignore[attr-defined]  # SQLite's
        # Where it cannot be made, opening it says why.
        with contextlib.suppress(OSError):
            path.touch(mode=0o600)
            if not path.stat().st_size:
                path.chmod(0o600)


def log_in(connection: Any, login: dict[str, Any]) -> None:
    """Every new connection of this process logs in so; {} changes nothing."""
    if login:
        connection.close()
        connection.close_pool()
        connection.settings_dict.update(login)


def _sqlite(base: dict[str, Any]) -> dict[str, Any]:
    # A writer that starts with a read cannot wait for another one: IMMEDIATE takes the lock first, timeout waits.
    options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS}
    return {**base, "OPTIONS": options}


def _postgresql(base: dict[str, Any], connections: int) -> dict[str, Any]:
    pool = {"min_size": 1, "max_size": connections, "timeout": PATIENCE}
    options = {**base.get("OPTIONS", {}), "connect_timeout": PATIENCE, "pool": pool}
    # libpq's own way of writing a socket's folder into a URL is %2Frun%2Fpostgresql.
    host = unquote(base["HOST"])
    engine = "django.db.backends.postgresql"
    return {**base, "HOST": host, "ENGINE": engine, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}
