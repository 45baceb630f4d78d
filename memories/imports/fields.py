"""Checks the fields of one item of a file. Each raises InvalidText with what is wrong."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from memories.errors import InvalidText

OLDEST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MAX_COUNT = 1_000_000_000


def moment(value: object, *, name: str, future: bool = False) -> dt.datetime | None:
    """ISO 8601 or seconds since 1970; None for none. Without a zone it is UTC."""
    if value is None or value == "":
        return None
    found = _parsed(value)
    if found is None:
        raise InvalidText(f"Its {name} is not a date.")
    latest = timezone.now() + dt.timedelta(days=1)
    if found < OLDEST or (found > latest and not future):
        raise InvalidText(f"Its {name} is {'before 1970' if found < OLDEST else 'in the future'}.")
    return found


def _parsed(value: object) -> dt.datetime | None:
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return dt.datetime.fromtimestamp(value, tz=dt.UTC)
        if not isinstance(value, str) or len(value) > 40:
            return None
        found = parse_datetime(value)
        if found is None:
            day = parse_date(value)
            found = dt.datetime.combine(day, dt.time.min) if day else None
        if found is None:
            return None
        return (found if timezone.is_aware(found) else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None


def word(item: Mapping[str, Any], name: str, allowed: tuple[str, ...], default: str) -> str:
    """One of the allowed words; the default where there is none."""
    value = item.get(name) or default
    if value not in allowed:
        raise InvalidText(f"Its {name} is none of {', '.join(allowed)}.")
    return str(value)


def whole(item: Mapping[str, Any], name: str, *, least: int = 0, default: int = 0) -> int:
    """A whole number that a database column holds."""
    value = item.get(name)
    if value is None or value == "":
        return default
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MAX_COUNT:
        raise InvalidText(f"Its {name} is not a whole number from {least}.")
    return value


def key(value: object, *, name: str = "id") -> uuid.UUID | None:
    """A UUID; None for none."""
    if value is None or value == "":
        return None
    try:
        return uuid.UUID(value) if isinstance(value, str) and len(value) == 36 else _no_key(name)
    except ValueError:
        return _no_key(name)


def _no_key(name: str) -> uuid.UUID:
    raise InvalidText(f"Its {name} is not an id.")
