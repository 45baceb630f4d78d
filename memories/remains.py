"""What stays outside our reach after an erasure, in sentences without content."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import connection

from memories.inventory import Size
from memories.owner import Owner
from memories.storage.disclosures import sent_to


def remains_of(owner: Owner, size: Size, now: dt.datetime) -> list[str]:
    """Backups and until when, what each provider was sent, and what is the person's own to delete. One query."""
    return [_backups(now), *_provided(owner), *_housekeeping(), *_yours(size)]


def _backups(now: dt.datetime) -> str:
    days = settings.BACKUP_DAYS
    if not days:
        return "The operator of this site has declared no backups."
    end = now + dt.timedelta(days=days)
    return (
        f"Backups of the whole site are kept for {days} days: copies made before now are gone by "
        f"{end.day} {end:%B %Y}. Whoever restores one before then brings back what it holds."
    )


def _provided(owner: Owner) -> list[str]:
    sentences = []
    for provider, times, memories in sent_to(owner):
        requests = "once" if times == 1 else f"{times:,} times"
        held = f", with memories in them {memories:,} times" if memories else ""
        sentences.append(
            f"The language model's provider {provider} was written to {requests}{held}. "
            "What it keeps, and for how long, follows its own terms."
        )
    return sentences


def _housekeeping() -> list[str]:
    if connection.vendor == "sqlite":
        return []
    return ["PostgreSQL frees the places on the disk in its own housekeeping (vacuum), usually within a day."]


def _yours(size: Size) -> list[str]:
    if size == "account":
        return ["Files you exported and e-mails we sent you are where you keep them."]
    return ["Files you exported are where you keep them."]
