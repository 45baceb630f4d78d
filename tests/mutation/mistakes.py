"""What a mistake is, and which tests are asked."""

from __future__ import annotations

import dataclasses

DOORS = ("tests/memories/test_scoped.py", "tests/isolation/test_sql.py", "tests/isolation/test_doors.py")
PORTS = ("tests/memories/engines/test_ports.py", "tests/isolation/test_engine_traps.py")
CACHE = ("tests/isolation/test_scoped_cache.py",)
PAGES = ("tests/isolation/test_people_matrix.py",)
PROGRAMS = ("tests/contract/test_api.py", "tests/contract/test_mcp.py", "tests/accounts/test_keys.py")
PROMPTS = ("tests/isolation/test_prompts.py",)
STREAMS = ("tests/isolation/test_stream_matrix.py",)
FILES = (
    "tests/memories/test_imports.py",
    "tests/memories/test_imports_others.py",
    "tests/memories/test_imports_hostile.py",
    "tests/memories/test_exports.py",
)
ERASING = (
    "tests/memories/test_erasure.py",
    "tests/memories/test_erasure_account.py",
    "tests/memories/test_erasure_pages.py",
    "tests/memories/test_inventory.py",
    "tests/memories/test_tombstones.py",
)
TENDING = ("tests/memories/test_tending.py", "tests/memories/test_retention.py")


@dataclasses.dataclass(frozen=True)
class Mutant:
    """One mistake."""

    file: str
    before: str
    """Exactly as it stands in the file, once."""
    after: str
    why: str
    """What would go wrong, in words."""
    tests: tuple[str, ...] = DOORS
    first: str = ""
    """The one test that is asked in the short list, which is part of `make test`; without it, it is in the long one
    alone."""


MINE = "owner_id=self._owner.pk"
