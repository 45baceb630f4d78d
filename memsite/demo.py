"""The demo's roster: whose accounts there are, with which passwords. Knows nothing of the domain."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from django.conf import settings

EMAILS = ("alice@example.com", "bob@example.com", "admin@example.com")
WORDS = (
    "amber",
    "cedar",
    "comet",
    "copper",
    "coral",
    "delta",
    "ember",
    "fjord",
    "harbor",
    "indigo",
    "lantern",
    "maple",
)


def passwords(folder: Path, wanted: str = "") -> dict[str, str]:
    """One a person: `wanted` for all, or made up at the first start and kept beside the data, readable to its owner.

    Never the same on two machines: a folder that began as a demo may end up being served to others.
    """
    path = _file(folder)
    if not path.exists():
        _write(path, {email: wanted or _made_up() for email in EMAILS})
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def forget(email: str) -> int:
    """Strikes a person off, so that the next start does not bring them back; 1, or 0 where they were not on it."""
    path = _file(settings.DATA_DIR)
    if not path.exists():
        return 0
    kept = json.loads(path.read_text(encoding="utf-8"))
    if email not in kept:
        return 0
    _write(path, {other: password for other, password in kept.items() if other != email})
    return 1


def _file(folder: Path) -> Path:
    return folder / "demo_passwords.json"


def _write(path: Path, kept: dict[str, str]) -> None:
    """Whole or not at all, and private from its first byte."""
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(kept, file, indent=1)
    beside.replace(path)


def _made_up() -> str:
    return "-".join([*(secrets.choice(WORDS) for _ in range(3)), str(secrets.randbelow(9000) + 1000)])
