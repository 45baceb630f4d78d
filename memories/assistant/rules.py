"""A table of rules, the first that fits decides."""

from __future__ import annotations

import re
from collections.abc import Sequence

FACT, TALK = True, False
"""Worth remembering; or only talk."""
Rule = tuple[bool, re.Pattern[str]]


def rule(verdict: bool, *beginnings: str) -> Rule:
    """The verdict on a predicate that begins in one of these ways; a beginning ends at the end of a word."""
    return verdict, re.compile("(?:" + "|".join(beginnings) + r")(?!\w)")


def first_fit(table: Sequence[Rule], predicate: str) -> bool:
    """The verdict of the first rule that fits; talk if none does."""
    return next((verdict for verdict, pattern in table if pattern.match(predicate)), TALK)
