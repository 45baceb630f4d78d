"""What is kept for one person beside the database: cache entries, counters and files, all under their namespace.

Nothing else on this site may touch Django's cache or write a file; `tests/isolation/test_statements.py` holds that.
"""

from __future__ import annotations

import logging
import re
import shutil
import time
from pathlib import Path
from typing import Any, Literal, get_args

from django.conf import settings
from django.core.cache import cache

from memories.errors import IsolationBreach
from memories.owner import Owner

Name = Literal["turns", "searches", "exports", "imports", "model", "programs"]
"""Every name there is. Declared, because a cache cannot be searched: erasing has to know each key by itself."""
_FILE = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")

security = logging.getLogger("memsite.security")


class ScopedCache:
    """One owner's cache entries. The owner is fixed at construction; no method takes another."""

    __slots__ = ("_owner",)

    def __init__(self, owner: Owner) -> None:
        """TypeError for anything but an Owner: an entry without one would be everybody's."""
        self._owner = _checked(owner)

    def get(self, name: Name) -> Any:
        """What was set, or None. IsolationBreach when the entry says that it is another's."""
        held = cache.get(self._key(name))
        if held is None:
            return None
        whose, value = held
        if whose != self._owner.name:
            # The key already names the owner: this is a key that was built wrongly, or a cache that mixes keys up.
            security.critical("isolation breach: the cache gave owner %s an entry of another", self._owner.pk)
            raise IsolationBreach
        return value

    def set(self, name: Name, value: Any, *, seconds: int) -> None:
        """Keeps the value, which remembers whose it is, for so long at most."""
        cache.set(self._key(name), (self._owner.name, value), seconds)

    def delete(self, name: Name) -> None:
        """Forgets it; nothing happens when there is none."""
        cache.delete(self._key(name))

    def _key(self, name: Name) -> str:
        if name not in get_args(Name):
            raise ValueError(f"{name!r} is not a declared name of a cache entry.")
        return f"person:{self._owner.name}:{name}"


def within_limit(owner: Owner, name: Name, *, most: int, seconds: int) -> bool:
    """Counts one more use; False when this person alone has had more than `most` in the window of so many seconds.

    One person's uses never count against another. Two requests at the same instant may count as one: a limit
    protects the machine, it is no ledger.
    """
    entry = ScopedCache(owner)
    window = int(time.time()) // seconds
    last, count = entry.get(name) or (window, 0)
    count = count + 1 if last == window else 1
    entry.set(name, (window, count), seconds=seconds)
    return count <= most


def scoped_path(owner: Owner, name: str) -> Path:
    """Where a file of this person's is: DATA_DIR/people/<namespace>/<name>. The folder is made, for us alone to read.

    `name` is one plain part, such as "export.zip"; ValueError for anything that could lead elsewhere. IsolationBreach
    when a link stands in the way.
    """
    if not isinstance(name, str) or not _FILE.fullmatch(name) or ".." in name:
        raise ValueError("A file's name is lower-case letters, digits, dots, dashes and underscores.")
    folder = _folder(owner)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    if path.resolve() != folder.parent.resolve() / owner.name / name:
        security.critical("isolation breach: a link stands in the folder of owner %s", owner.pk)
        raise IsolationBreach
    return path


def held_for(owner: Owner) -> int:
    """How many cache entries and files there are, for an inventory."""
    return len(cache.get_many(_keys(owner))) + len(_files(owner))


def erase_for(owner: Owner) -> int:
    """Removes all of them; how many there were. For the erasure of an account or of everything in it."""
    found = held_for(owner)
    cache.delete_many(_keys(owner))
    folder = _folder(owner)
    if folder.is_symlink():
        # Follow nothing out of the folder: what a link points to is not this person's.
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)
    return found


def _checked(owner: object) -> Owner:
    if not isinstance(owner, Owner):
        raise TypeError(f"What is kept for a person needs their Owner, not {type(owner).__name__}.")
    return owner


def _keys(owner: Owner) -> list[str]:
    entries = ScopedCache(owner)
    return [entries._key(name) for name in get_args(Name)]


def _folder(owner: Owner) -> Path:
    return Path(settings.DATA_DIR) / "people" / _checked(owner).name


def _files(owner: Owner) -> list[Path]:
    folder = _folder(owner)
    return [] if folder.is_symlink() else [path for path in folder.rglob("*") if not path.is_dir()]
