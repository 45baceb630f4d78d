"""The empty tables of a test run on SQLite: migrated once for each state of the migrations, copied from then on."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_django
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
WHAT_MAKES_TABLES = ("*/migrations/*.py", "memories/management/commands/migrate.py", "memsite/settings.py")

__all__ = ["django_db_keepdb", "django_db_modify_db_settings", "django_db_setup", "folder_with_tables", "tables"]


def _premade() -> Path:
    """Where the tables for exactly these migrations and packages are kept; another state has another name."""
    state = hashlib.sha256()
    for pattern in WHAT_MAKES_TABLES:
        for path in sorted(ROOT.glob(pattern)):
            state.update(path.name.encode() + path.read_bytes())
    for package in ("django", "django-allauth"):
        state.update(importlib.metadata.version(package).encode())
    return ROOT / ".pytest_cache" / "tables" / f"{state.hexdigest()[:20]}.sqlite3"


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_use_migrations: bool) -> bool:
    """Whether the tables are there already. Their folder goes with the run either way: tests/settings.py."""
    return django_db_use_migrations and _premade().is_file()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, django_db_keepdb: bool) -> None:
    """Each worker has a file of its own, whose name is known from here on."""
    if django_db_keepdb:
        shutil.copyfile(_premade(), connection.settings_dict["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None,
    django_db_keepdb: bool,
    django_db_use_migrations: bool,
    django_db_blocker: pytest_django.DjangoDbBlocker,
) -> Iterator[None]:
    """Keeps what was migrated just now for the next run."""
    if django_db_use_migrations and not django_db_keepdb:
        kept = _premade()
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_suffix(f".{os.getpid()}")
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(fresh)])
        fresh.replace(kept)
    yield


@pytest.fixture(scope="session")
def tables(django_db_setup: None) -> Path:
    """To be copied by sites in processes of their own: migrating is half of what a short life of theirs takes."""
    return _premade()


@pytest.fixture
def folder_with_tables(tables: Path, tmp_path: Path) -> Path:
    """A data folder for a site of its own."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    shutil.copyfile(tables, folder / "memsite.sqlite3")
    return folder
