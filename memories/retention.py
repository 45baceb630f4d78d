"""How long a person wants their memories kept: chosen with a preview, purged with a receipt."""

from __future__ import annotations

import dataclasses

from django.utils import timezone

from memories.engines import platform_erasing
from memories.erasure import write_receipt
from memories.errors import InvalidText, Unavailable
from memories.owner import Door, Owner
from memories.remains import remains_of
from memories.storage.activity import ActivityLog
from memories.storage.erasing import erase_ended, erase_expired_chats
from memories.storage.expiring import MONTHS, Expiring
from memories.storage.memories import MemoryRows
from memories.storage.owner_scope import reading, writing
from memories.storage.preferences import change_preferences
from memories.types import Memory

BASES = ("saved", "unused")
SHOWN = 5
SITE = Door(via="command", actor="site")
"""Who purges: the site itself, on the person's standing wish."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What a choice would erase today."""

    months: int | None
    basis: str
    count: int
    newest: tuple[Memory, ...]
    """At most five."""


def preview(owner: Owner, months: int | None, basis: str) -> Preview:
    """Three queries. InvalidText for a choice there is not."""
    _check(months, basis)
    with reading(owner):
        rows = Expiring(owner).would_go(months, basis)
        newest = MemoryRows(owner).values(rows.order_by("-created_at", "-id")[:SHOWN])
        return Preview(months=months, basis=basis, count=rows.count(), newest=tuple(newest))


def choose(owner: Owner, door: Door, months: int | None, basis: str) -> None:
    """From now on. What is due vanishes from use at once, and is erased by the next background pass. InvalidText."""
    _check(months, basis)
    with writing(owner) as state:
        change_preferences(state, {"retention_months": months, "retention_basis": basis})
        ActivityLog(owner, door).append("kept_for", count=months or 0)


def purge(owner: Owner) -> int:
    """Erases what is due for one owner, with a receipt; how many memories. Twice is once."""
    started = timezone.now()
    with writing(owner, closed=True):
        counts = Expiring(owner).erase_due()
        if not counts:
            return 0
        gone = counts[-1].removed
        ActivityLog(owner, SITE).append("expired", count=gone)
        write_receipt(owner, "memories", "retention", started, counts, remains_of(owner, "memories", started))
    return gone


def purge_ended(owner: Owner) -> int:
    """Erases what was deleted and can no longer be taken back, and temporary chats that are over."""
    # No new version: what goes was in no list and no index any more.
    with writing(owner, bump=False, closed=True) as state:
        return erase_ended(owner, state) + erase_expired_chats(owner)


def _check(months: int | None, basis: str) -> None:
    if months not in (None, *MONTHS) or basis not in BASES:
        raise InvalidText("Choose one of the times on the page. Nothing was changed.")
    if months is not None and platform_erasing.configured():
        raise Unavailable("Memories on mem0's platform stay until they are deleted there. Nothing was changed.")
