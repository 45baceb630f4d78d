"""Turns DATABASE_URL into Django's setting: SQLite out of the box, PostgreSQL beyond one machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;"
"""WAL lets readers go on beside the one writer; FULL keeps what was acknowledged over a power cut; secure_delete
overwrites what is deleted."""


def configured(url: str, data_dir: Path) -> dict[str, Any]:
    """The `DATABASES["default"]` entry; raises ImproperlyConfigured for another kind of database."""
    if not url:
        return _sqlite({"ENGINE": "django.db.backends.sqlite3", "NAME": str(data_dir / "memsite.sqlite3")})
    scheme = url.partition(":")[0]
    if scheme not in ("sqlite", "postgres", "postgresql"):
        raise ImproperlyConfigured(f"DATABASE_URL starts with {scheme!r}: use sqlite:///path or postgresql://...")
    parsed: dict[str, Any] = dict(environ.Env.db_url_config(url))
    return _sqlite(parsed) if scheme == "sqlite" else _postgresql(parsed)


def _sqlite(base: dict[str, Any]) -> dict[str, Any]:
    # A writer that starts with a read cannot wait for another one: IMMEDIATE takes the lock first, timeout waits.
    options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS}
    return {**base, "OPTIONS": options}


def _postgresql(base: dict[str, Any]) -> dict[str, Any]:
    pool = {"min_size": 1, "max_size": 10, "timeout": 3}
    options = {**base.get("OPTIONS", {}), "connect_timeout": 3, "pool": pool}
    return {**base, "ENGINE": "django.db.backends.postgresql", "CONN_HEALTH_CHECKS": True, "OPTIONS": options}
