"""Breaking the glass: an administrator reads one person's memories, for a bounded time, and the person knows at once.

Off unless MEMSITE_BREAK_GLASS says for how many minutes. What opens the view is a line in the person's own log, and
nothing else: where there is no such line, or it is too old, or its account is gone, there is nothing to look through.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import uuid

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import User
from memories.engines import engine_for
from memories.errors import Unavailable
from memories.owner import PROGRAM, Door, owner_of_any
from memories.record_types import ActivityLine
from memories.storage.activity import ActivityLog
from memories.storage.owner_scope import reading, writing
from memories.types import Filter, Page

security = logging.getLogger("memsite.security")
OPENED, LOOKED = "glass opened", "glass looked"
SIZE = 25
"""Memories on one page; each page looked at is a line of the log."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """One page of somebody's memories."""

    page: Page
    until: dt.datetime
    reason: str


def minutes() -> int:
    """How long a view stays open; 0 where nobody may have one."""
    return int(settings.BREAK_GLASS)


def break_glass(person: User, admin: User, reason: str) -> uuid.UUID:
    """Opens the view: writes it into the person's log, tells them by e-mail, and returns what it is known by.

    It says that an administrator did it, and why; who of them stands in the administrators' own log, and goes with
    their account. Unavailable where the site allows none. Where the e-mail cannot be sent the error rises, and the
    name of the view, without which nobody can look, is lost: the person knows, or nothing is seen.
    """
    if not minutes():
        raise Unavailable("This site is set up so that nobody can look. Nothing was opened.")
    owner, grant = owner_of_any(person), uuid.uuid4()
    with writing(owner, bump=False, closed=True):
        ActivityLog(owner, _door(reason)).append(OPENED, object_id=grant, count=minutes())
    security.warning("glass broken: administrator %s opened the memories of owner %s", admin.pk, owner.pk)
    words = {"reason": reason, "minutes": minutes(), "now": timezone.now()}
    body = render_to_string("admin/glass_told.txt", words)
    EmailMessage(subject="An administrator opened your memories", body=body, to=[person.email]).send()
    return grant


def look(person: User, grant: uuid.UUID, *, number: int = 1) -> Look:
    """One page, newest first, after a line in the person's log says that it was looked at. Reads, and can do nothing
    else. Unavailable once the view is over."""
    owner = owner_of_any(person)
    with writing(owner, bump=False, closed=True):
        opened = _opened(ActivityLog(owner, PROGRAM), grant)
        ActivityLog(owner, _door(opened.reason)).append(LOOKED, object_id=grant)
    with reading(owner):
        page = engine_for(owner, _door(opened.reason)).page(
            Filter(), query="", number=number, size=SIZE, order="newest"
        )
    return Look(page=page, until=_end(opened), reason=opened.reason)


def _opened(log: ActivityLog, grant: uuid.UUID) -> ActivityLine:
    line = log.line(OPENED, grant)
    if line is None or timezone.now() >= _end(line) or not minutes():
        raise Unavailable("The view is over. Nothing is shown any more.")
    return line


def _end(line: ActivityLine) -> dt.datetime:
    """As long as was promised when it was opened, and no longer than the site allows now."""
    return line.at + dt.timedelta(minutes=min(line.count, minutes()))


def _door(reason: str) -> Door:
    return Door(via="admin", actor="admin", reason=reason)
