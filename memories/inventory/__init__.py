"""Every place where a person's words or identity can be: what is there, how it is erased, and how that is checked.

The one list. Erasing runs down it, receipts and the page "What we hold and where" are written from it, and
`tests/memories/test_inventory.py` holds it against the columns of every table: a new one without an entry fails.
"""

from __future__ import annotations

from django.conf import settings

from memories.inventory import account, said
from memories.inventory.account import NOBODYS
from memories.inventory.elsewhere import BESIDE, PLACES, PLATFORM, SERVICE
from memories.inventory.entries import SIZES, Nature, Place, Size, Table

TABLES: tuple[Table, ...] = (*said.TABLES, *account.TABLES)
"""In this order they are emptied: what points to something goes before it."""


def tables(size: Size) -> tuple[Table, ...]:
    """What a wipe of this size empties, in order."""
    reach = SIZES.index(size)
    return tuple(table for table in TABLES if SIZES.index(table.goes_with) <= reach)


def stays(size: Size) -> tuple[Table, ...]:
    """What a wipe of this size leaves."""
    gone = tables(size)
    return tuple(table for table in TABLES if table not in gone)


def places() -> tuple[Place, ...]:
    """The other places of this site as it is set up."""
    absent = {"The demo's passwords"} if not settings.DEMO else set()
    absent |= {PLATFORM} if not settings.MEM0_API_KEY else set()
    absent |= {SERVICE} if not settings.SOCIALACCOUNT_PROVIDERS else set()
    return tuple(place for place in PLACES if place.store not in absent)


__all__ = [
    "BESIDE",
    "NOBODYS",
    "PLACES",
    "SIZES",
    "TABLES",
    "Nature",
    "Place",
    "Size",
    "Table",
    "places",
    "stays",
    "tables",
]
