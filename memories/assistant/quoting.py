"""Quotes a memory inside a reply, so that nothing in it is taken for formatting."""

from __future__ import annotations

import datetime as dt
import re

from memories.types import Memory

MAX_QUOTED = 500
"""Characters of a memory that a reply quotes; the page shows the whole."""

_SPECIAL = re.compile(r"([\\`*_\[\]<>&|~$#!])")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f]+")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


def quoted(text: str) -> str:
    """The text in emphasis, literal for Markdown, on one line, at most 500 characters, its direction kept inside."""
    line = " ".join(_CONTROLS.sub(" ", text).split())
    if len(line) > MAX_QUOTED:
        line = line[:MAX_QUOTED].rstrip() + "…"
    line = _SPECIAL.sub(r"\\\1", line)
    if _RIGHT_TO_LEFT.search(line):
        line = f"\u2068{line}\u2069"
    return f"*{line}*" if line else ""


def day(moment: dt.datetime, now: dt.datetime) -> str:
    """`today`, `yesterday`, `on 14 March`, with the year if it is another one; in the time zone of `now`."""
    local = moment.astimezone(now.tzinfo)
    days = (now.date() - local.date()).days
    if days in (0, 1):
        return ("today", "yesterday")[days]
    named = f"on {local.day} {_MONTHS[local.month - 1]}"
    return named if local.year == now.year else f"{named} {local.year}"


def origin(memory: Memory, now: dt.datetime) -> str:
    """Where a memory comes from: `You told me on 14 March`. Says no more than the row does."""
    when = day(memory.created_at, now)
    if memory.kind == "inferred":
        start = f"I gathered {when}"
    else:
        start = {
            "chat": f"You told me {when}",
            "typed": f"You typed in {when}",
            "imported": f"You imported {when}",
            "program": f"A program saved for you {when}",
        }[memory.source]
    if memory.version > 1:
        changed = day(memory.updated_at, now)
        start += f" (changed {changed})"
    return start


def cited(memory: Memory, now: dt.datetime) -> str:
    """`You told me on 14 March: *I am vegetarian*`."""
    return f"{origin(memory, now)}: {quoted(memory.memory)}"
