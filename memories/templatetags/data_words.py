"""How "Your data" says things: moments, sources, verbs, and the way back to a turn."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

from django import template
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list

from memories.sensitive import is_secret, touches

register = template.Library()
SOME = "00000000-0000-4000-8000-000000000000"
"""Stands for an id in an address."""

SOURCES = {"chat": "From chats", "typed": "Typed", "imported": "Imported", "program": "By a program"}
KINDS = {"stated": "Stated", "inferred": "Inferred"}
STATES = {"active": "Active", "paused": "Paused", "review": "To review"}
VERBS = {
    "signed in": "Signed in",
    "key made": "Made a key for a program",
    "key revoked": "Revoked a key of a program",
    "keys revoked": "Revoked every key for programs",
    "key used": "A program's key was used that day",
    "saved": "Saved",
    "learned": "Learned from what was said",
    "recalled": "Used in a reply",
    "edited": "Edited",
    "deleted": "Deleted",
    "restored": "Taken back after deleting",
    "paused": "Paused",
    "resumed": "Resumed",
    "kept": "Kept after review",
    "unkept": "Put back for review",
    "dated": "Changed the end date",
    "exported": "Exported",
    "imported": "Imported",
    "switched": "Changed a switch",
    "wiped": "Wiped all memories",
    "wiped_all": "Wiped all memories and chats",
    "kept_for": "Changed how long memories are kept",
    "suspended": "Suspended the account",
    "admitted": "Opened the account again",
    "signed out": "Signed out on every device",
    "quota": "Changed how many memories fit",
    "glass opened": "Opened the memories to read, for so many minutes",
    "glass looked": "Looked at a page of the memories",
    "expired": "Forgotten, as you chose how long to keep",
}
DOORS = {
    "web": "this site",
    "chat": "your chats",
    "program": "a program",
    "command": "a command on the server",
    "admin": "the administration",
}
NEAR = 50
"""Turns before the end that a chat shows without leafing back; it shows 60."""


Moment = dt.datetime | str | None
"""A template reads `memory.created_at` as `memory["created_at"]`, which is mem0's way of saying it: ISO 8601."""


def _read(moment: Moment) -> dt.datetime | None:
    if isinstance(moment, str):
        return dt.datetime.fromisoformat(moment) if moment else None
    return moment


@register.filter
def when(moment: Moment) -> str:
    """Such as "today", "yesterday", "5 days ago", "14 March", "14 March 2024"."""
    at = _read(moment)
    if at is None:
        return ""
    # Asked once: each asking looks the zone up, and a list asks fifty times.
    zone = timezone.get_current_timezone()
    days = (dt.datetime.now(zone).date() - at.astimezone(zone).date()).days
    if 0 <= days < 14:
        return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
    return day(at)


@register.filter
def day(moment: Moment) -> str:
    """Such as "14 March", with the year where it is not this one."""
    at = _read(moment)
    if at is None:
        return ""
    local = timezone.localtime(at)
    return date_format(local, "j F" if local.year == timezone.localtime().year else "j F Y")


@register.filter
def exactly(moment: Moment) -> str:
    """Such as "14 March 2026, 09:30"."""
    at = _read(moment)
    return date_format(timezone.localtime(at), "j F Y, H:i") if at else ""


@register.filter
def source_words(source: str) -> str:
    return SOURCES.get(source, source)


@register.filter
def verb_words(verb: str) -> str:
    return VERBS.get(verb, verb.capitalize())


@register.filter
def door_words(via: str) -> str:
    return DOORS.get(via, via)


@register.filter
def past(moment: Moment) -> bool:
    """Whether the moment has come."""
    at = _read(moment)
    return at is not None and at <= timezone.now()


@register.simple_tag
def why_it_waits(text: str, kind: str) -> str:
    """A sentence for a memory that is held for review."""
    if kind == "inferred":
        about = touches(text)
        if about:
            return f"About {get_text_list([*about], 'and')}, and concluded, not said: that always waits for your yes."
        return "Concluded, not said in so many words."
    return "It looks like a secret or the number of a paper, a card or an account." if is_secret(text) else ""


@register.simple_tag
def turn_url(place: Any) -> str:
    """The way to a turn in its chat, however far back it is."""
    url = reverse("memories:conversation", args=[place.conversation_id])
    back = f"?before={place.position + NEAR // 2}" if place.last - place.position >= NEAR else ""
    return f"{url}{back}#turn-{place.message_id}"


@register.filter
def counted(number: int, word: str) -> str:
    """`3|counted:"memory,memories"` is "3 memories"."""
    one, many = word.split(",")
    return f"{number:,} {one if number == 1 else many}"


@register.filter
def short(text: str, most: int) -> str:
    """At most so many characters, the last of them "…" where some were left out. In place of `truncatechars`, which
    looks at each character: a list shortens fifty texts."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


@register.filter
def address(memory_id: str, name: str) -> str:
    """The address of a memory's page or act, as `{% url %}` gives it: a list asks for a hundred of them, and looking
    each up takes longer than all else in a row."""
    return _address(name, get_script_prefix()).replace(SOME, str(memory_id))


@functools.cache
def _address(name: str, _prefix: str) -> str:
    return reverse(f"memories:{name}", args=[SOME])
