"""Tells when two things said of oneself can hardly both be true. Few, sure patterns: it only asks, it never decides."""

from __future__ import annotations

import re

from memories.assistant.plain import plain

_NOW = r"(?:now |currently |just |recently |have |has |actually )*"
_LIVING = "live|living|lives|moved|move|relocated|based|reside"
_MINE = r"favou?rite \w+|birthday|phone number|e ?mail|address|job|age|boss|wife|husband|partner|girlfriend|boyfriend"
_SLOTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<who>i|we) (?:am |are )?{_NOW}(?:{_LIVING}) (?:to|in|at|back to) (?P<what>.+)",
        r"(?P<who>my name) is (?P<what>.+)",
        r"(?:please )?(?P<who>call me) (?P<what>.+)",
        r"(?P<who>i) am (?P<what>\d{1,3}) years old",
        rf"(?P<who>i) {_NOW}(?:work|working|am working) (?:at|for) (?P<what>.+)",
        rf"(?P<who>my (?:{_MINE})) is (?P<what>.+)",
    )
)
_OFTEN = r"i (?:really |absolutely |also |still |now )*"
_LIKES = re.compile(rf"{_OFTEN}(?:like|love|enjoy|prefer|adore) (?P<what>.+)")
_DISLIKES = re.compile(
    rf"{_OFTEN}(?:hate|dislike|detest|do not like|do not enjoy|can not stand|no longer like) (?P<what>.+)"
)
_STATES = "vegetarian|vegan|married|single|divorced|pregnant|employed|unemployed|retired"
_AM = re.compile(rf"i am (?P<no>not |no longer )?(?:an? )?(?P<what>{_STATES})\b")
_OF_THE_USER = re.compile(r"(?:the )?user(?:'s)? ")
_SAID = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (r"^(?:the )?user's ", "my "),
        (r"^(?:the )?user ", "i "),
        (r"^i is ", "i am "),
        (r"^i has ", "i have "),
        (r"^i does not ", "i do not "),
        (r"^(i (?:\w+ly )?)(live|work|like|love|enjoy|prefer|adore|hate|dislike|detest|reside)s ", r"\1\2 "),
    )
)
_ENDED = re.compile(
    rf"(?:i|we) {_NOW}(?:no longer|used to|stopped|quit|gave up|do not(?=.* any ?more$)) (?P<what>.+?)(?: any ?more)?$"
)
_GOES_ON = re.compile(rf"(?:i|we) {_NOW}(?P<what>.+)")
_EXCLUDE = frozenset(map(frozenset, (("married", "single"), ("employed", "unemployed"), ("married", "divorced"))))


def clash(newer: str, older: str) -> bool:
    """Whether the two say different things of the same, such as where one lives."""
    new, old = _as_said(newer), _as_said(older)
    return (
        _ended(new, old)
        or _ended(old, new)
        or _same_slot(new, old)
        or _turned(new, old)
        or _turned(old, new)
        or _being(new, old)
    )


def _as_said(text: str) -> str:
    """`User lives in Porto`, as a model puts it, reads as the person would say it: `i live in porto`."""
    words = plain(text)
    if not _OF_THE_USER.match(words):
        return words
    for pattern, said in _SAID:
        words = pattern.sub(said, words, count=1)
    return words


def _same_slot(new: str, old: str) -> bool:
    for slot in _SLOTS:
        first, second = slot.match(new), slot.match(old)
        if first and second and _person(first["who"]) == _person(second["who"]):
            return _head(first["what"]) != _head(second["what"])
    return False


def _ended(one: str, other: str) -> bool:
    """`I no longer live in Lisbon`, `I used to`, and that one does."""
    past, present = _ENDED.match(one), _GOES_ON.match(other)
    return past is not None and present is not None and _head(past["what"]) == _head(present["what"])


def _person(who: str) -> str:
    return "i" if who == "we" else who


def _turned(new: str, old: str) -> bool:
    likes, dislikes = _LIKES.match(new), _DISLIKES.match(old)
    return bool(likes and dislikes and _head(likes["what"]) == _head(dislikes["what"]))


def _being(new: str, old: str) -> bool:
    first, second = _AM.match(new), _AM.match(old)
    if not first or not second:
        return False
    if first["what"] == second["what"]:
        return bool(first["no"]) != bool(second["no"])
    return not first["no"] and not second["no"] and frozenset({first["what"], second["what"]}) in _EXCLUDE


def _head(words: str) -> str:
    """`lisbon with my daughter` and `lisbon now` are one place."""
    return re.split(r",| (?:with|now|since|and|for|because|these|right|at the)\b", words, maxsplit=1)[0].strip(" .")
