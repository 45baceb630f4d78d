"""Bytes, not rows: marked words go through every part of the site, and after an erasure no file holds one of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.nursery import Nursery
from tests.faults.site import NOT_OURS
from tests.memories import acts

WAYS = ("utf-8", "utf-16-le")
PROCESSES = (("begin", "chat"), ("edit", "search", "typed"), ("import", "many", "held"))

pytestmark = pytest.mark.slow


class Site:
    """A data folder, the processes that do something in it, and what they have logged."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder.with_name(folder.name + ".log")
        ours = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}
        ours |= {"MEMSITE_DATA_DIR": str(folder), "MEMSITE_DEBUG": "1", "MEMSITE_LOG_LEVEL": "DEBUG"}
        self.nursery = Nursery(ours | {"DJANGO_SETTINGS_MODULE": "memsite.settings"}, self.log)

    def act(self, *names: str) -> None:
        """In a process of its own, which has ended before anything else happens."""
        self.nursery.run("tests.memories.acts:act", *names)

    def found(self, *words: str) -> set[tuple[str, str]]:
        """Where a word is, in either way of writing letters as bytes, upper or lower case: file and word."""
        held = set()
        for path in self.folder.rglob("*"):
            if path.is_file():
                raw = path.read_bytes().lower()
                held |= {(path.name, word) for word in words for way in WAYS if word.encode(way) in raw}
        return held


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two people have used it; each word is in its files."""
    lived = Site(tmp_path_factory.mktemp("data"))
    for names in PROCESSES:
        lived.act(*names)
    there = {word for _, word in lived.found(*acts.CANARIES.values())}
    assert there == set(acts.CANARIES.values()) - {acts.CANARIES["search"]}
    yield lived
    lived.nursery.close()


def test_what_is_deleted_is_in_no_file_and_nothing_was_ever_logged(site: Site) -> None:
    """What is deleted, at once; what was held, with the next pass after its undo window; then what is wiped; then who
    is erased. What is another person's stays."""
    assert not site.found(acts.CANARIES["search"])
    site.act("tend")
    assert not site.found(acts.CANARIES["held"])

    site.act("wipe")
    assert not site.found(*acts.CANARIES.values())
    assert site.found(acts.KEPT) and site.found("zyxperson")

    site.act("erase")
    assert not site.found("zyxperson")
    assert site.found(acts.KEPT) and site.found("zyxneighbour")

    # On the log is the last receipt too, as the letter that it is. No other line has a word of anyone, even where
    # everything is logged.
    logged, letters = re.subn(r"(?ms)^Content-Type: .*?^-{79}$", "", site.log.read_text())
    assert letters == 1 and "POST" in logged
    assert [line for line in logged.splitlines() if "zyx" in line.lower()] == []
