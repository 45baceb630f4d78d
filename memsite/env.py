"""Reads the environment: each variable once, a wrong value named in the error."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def text(name: str, default: str = "") -> str:
    """The variable, or the content of the file that `NAME_FILE` points to, or the default. Blank counts as not set."""
    value = os.environ.get(name, "").strip()
    path = os.environ.get(f"{name}_FILE", "").strip()
    if value or not path:
        return value or default
    try:
        return Path(path).read_text(encoding="utf-8").strip() or default
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE={path!r}: the file cannot be read ({error}).") from error


def flag(name: str, default: bool = False) -> bool:
    """A yes or no."""
    value = text(name).lower()
    if not value:
        return default
    if value not in TRUE + FALSE:
        raise ImproperlyConfigured(f"{name}={value!r}: use one of {', '.join(TRUE + FALSE)}.")
    return value in TRUE


def whole(name: str, default: int, *, least: int = 0) -> int:
    """A whole number, at least `least`."""
    value = text(name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or int(value) < least:
        raise ImproperlyConfigured(f"{name}={value!r}: use a whole number of at least {least}.")
    return int(value)


def number(name: str, default: float) -> float:
    """A positive number."""
    value = text(name)
    try:
        parsed = float(value) if value else default
    except ValueError:
        parsed = -1.0
    if not 0 < parsed < float("inf"):
        raise ImproperlyConfigured(f"{name}={value!r}: use a number above 0.")
    return parsed


def words(name: str, default: Sequence[str] = ()) -> list[str]:
    """A list, its parts separated by commas."""
    parts = [part.strip() for part in text(name).split(",")]
    return [part for part in parts if part] or list(default)


def choice(name: str, default: str, allowed: Sequence[str]) -> str:
    """One of the allowed words."""
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value!r}: use one of {', '.join(allowed)}.")
    return value
