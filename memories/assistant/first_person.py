"""Judges what follows `I` or `we`: something lasting about the person, or only talk."""

from __future__ import annotations

import re

from memories.assistant import being, doing, having
from memories.assistant.plain import without_adverbs
from memories.assistant.rules import Rule, first_fit
from memories.assistant.words import DIETS, ROLES

_UNREAL = ("wish ", "hope ", "imagine ", "dream ", "dreamed ", "dreamt ", "pretend ", "suppose ")

_AIMED = ("hope to ", "wish to ", "dream of ", "dream about ")

# The words a predicate may start with, longest first, and the table that judges the rest.
_TABLES: tuple[tuple[str, tuple[Rule, ...]], ...] = (
    ("do not ", doing.DO_NOT),
    ("did not ", doing.DID_NOT),
    ("can not ", having.CAN_NOT),
    ("could not ", ()),
    ("should not ", having.SHOULD),
    ("must not ", having.SHOULD),
    ("would not ", ()),
    ("am ", being.AM),
    ("are ", being.AM),
    ("was ", being.WAS),
    ("were ", being.WAS),
    ("have ", having.HAVE),
    ("had ", having.HAD),
    ("can ", having.CAN),
    ("will ", having.WILL),
    ("would ", having.WOULD),
    ("should ", having.SHOULD),
    ("must ", having.SHOULD),
    ("could ", ()),
    ("might ", ()),
    ("may ", ()),
    ("shall ", ()),
)
_NEVER: dict[str, tuple[Rule, ...]] = {
    "have ": having.NEVER_HAVE,
    "will ": having.NEVER_WILL,
    "would ": having.NEVER_WILL,
}
_HABITUAL: dict[str, tuple[Rule, ...]] = {
    "am ": being.HABITUAL,
    "are ": being.HABITUAL,
    "can ": having.CAN_HABIT,
}


_AS_IF = re.compile(
    rf"(?:am|are) (?:basically|literally|practically|virtually) (?:an?|the) (?!(?:\w+ )?(?:{ROLES}|{DIETS})\b)"
)
"""`Am literally a child` is how one feels."""


def lasts(predicate: str) -> bool:
    """Whether a plain predicate (`am living in rome`) says something worth remembering of its subject."""
    if _AS_IF.match(predicate):
        return False
    adverbs = predicate.split(" ", 3)[:2]
    rest, habit = without_adverbs(predicate)
    for start, table in _TABLES:
        if (rest + " ").startswith(start):
            if habit and start in _NEVER and "never" in adverbs:
                table = _NEVER[start]
            elif start == "have " and "always" in adverbs:
                table = having.ALWAYS_HAVE
            elif habit and first_fit(_HABITUAL.get(start, ()), rest[len(start) :]):
                return True
            return first_fit(table, rest[len(start) :])
    return first_fit(doing.DOING, rest) or (habit and first_fit(doing.HABITUAL, rest))


def unreal(predicate: str) -> bool:
    """`wish I were rich`: what comes after it is not so."""
    bare = without_adverbs(predicate)[0]
    return (bare.startswith(_UNREAL) and not bare.startswith(_AIMED)) or predicate.startswith("would be ")
