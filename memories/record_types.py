"""The values that say what was done and what left the site. Frozen; the log holds no content."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

from memories.types import Memory, Paged


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class ActivityLine:
    """One line of the log. No content."""

    at: dt.datetime
    verb: str
    count: int
    via: str
    device: str
    address: str
    actor: str
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class ActivityFilter:
    """Which lines of the log to show. Empty fields do not narrow."""

    verb: str = ""
    actor: str = ""
    since: dt.datetime | None = None
    """At or after; aware."""
    until: dt.datetime | None = None
    """Before; aware."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class ActivityPage(Paged[ActivityLine]):
    """One page of the log, newest first."""

    verbs: Mapping[str, int]
    """How many lines there are of each verb, under the other filters."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """One time that memories left the site."""

    at: dt.datetime
    provider: str
    model: str
    purpose: str
    """`reply` or `learning`."""
    memories: tuple[Memory, ...]
    """Those that are still there, as they read today."""
    gone: int
    """How many of what was sent has been deleted since."""
    conversation_id: str = ""
    title: str = ""
    message_id: str = ""
    position: int = 0
    last: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class SentPage(Paged[Sent]):
    """One page of what left the site, newest first."""
