"""Reads a yes or a no to what was asked, and which of several is meant."""

from __future__ import annotations

import re

from memories.assistant.plain import plain
from memories.assistant.words import any_of

_YES = re.compile(
    r"(?:(?:oh|well|ok|okay|um|uh|hmm|ah|and|alright|all right|right|great|cool|please) )*"
    r"(?:yes|yea|yeah|yep|yup|yeh|ya|yas+|ye|y|sure(?: thing)?(?= *$| (?:do|go|please|forget|delete|yes|ok|why|both|"
    r"all|the|that|thing|thanks|remove|erase))|aye|affirmative|absolutely|definitely|certainly|of course|indeed|"
    r"correct(?= *$)|exactly(?= *$)|go ahead|go for it|do it|do that|do so|please do|confirm(?:ed)?|i confirm|i "
    r"(?:do|am sure|agree)(?= *$| please)|proceed|make it so|by all means|why not(?= *$)|that is (?:right|correct|"
    r"the one)|"
    r"yes please|please (?:do|forget|delete|remove|erase) (?:it|that|them|this|both|all)|(?:forget|delete|remove|"
    r"erase|wipe) (?:it|that|them|this|both|all of them|all|those|these|that one|this one)(?: all)?(?: please| "
    r"now)*(?= *$)|"
    r"(?:both|all)(?: of (?:them|these|those))?(?: please)?(?= *$)|all (?:two|three|four|five)(?= *$)|positive(?= "
    r"*$)|ok (?:do|delete|forget|go|remove)|okay (?:do|delete|forget|go|remove)|replace (?:it|that|them)|update it)\b"
)
_NO = re.compile(
    r"(?:(?:oh|well|ok|okay|um|uh|hmm|ah|actually|wait|hold on|please|sorry|hey|thanks|yeah|haha) )*"
    r"(?:no|nope|nah|naw|nay|n|never mind|nevermind|nvm|do not(?= *$| (?:do|forget|delete|remove|touch|you|please|"
    r"erase|worry))|cancel|stop|abort|keep(?= *$| (?:it|that|them|this|both|all|everything|those|these|the|my))|"
    r"leave (?:it|that|them|this|everything)|"
    r"not (?:now|yet|really|that|this|sure|today|at all|those|the|any)|negative|wait|hold on|i (?:changed my mind|"
    r"would rather not|do not want|want to keep)|rather not|please keep|on second thoughts?|forget about it|false "
    r"alarm|skip(?= *$| it| that)|do not bother|better not|neither|none(?: of (?:them|these|those))?)\b"
)
_BACK = re.compile(r"\b(?:no|not|never|wait|cancel|stop|keep|leave|but|except|unless|actually|hold)\b")
_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
}
_ORDINAL = any_of("first second third fourth fifth sixth")
_PICK = re.compile(
    rf"(?:(?:yes|yeah|yep|ok|okay|sure|just|only|please|the|number|no|nr|numbers|item|option|memory|forget|delete|"
    rf"remove|erase|and|one|ones|do|with|but|that|it|go|ahead|is|{_ORDINAL}|\d{{1,2}}) ?)+$"
)
_PICKED = re.compile(rf"\b(?:{_ORDINAL}|\d{{1,2}}|number (?:one|two|three|four|five|six))\b")
_REMEMBER = re.compile(
    r"(?:(?:yes|please|ok|okay|sure|do|and|yeah) )*(?:remember|save|keep|store|learn) (?:it|that|this|them)(?: "
    r"(?:again|after all|please|now|anyway|once more))*$"
)


def says_yes(text: str) -> bool:
    """Whether a message agrees, whatever else it says. Half a yes (`yes, but keep the job`) counts as a no."""
    words = plain(text[:300])
    if picked(text):
        return True
    found = _YES.match(words)
    return bool(found) and not text.rstrip().endswith("?") and not _BACK.search(words[found.end() :] if found else "")


def says_no(text: str) -> bool:
    """Whether a message declines, or agrees with a reserve: what was asked must then not be done."""
    if picked(text):
        return False
    words = plain(text[:300])
    return bool(_NO.match(words)) or (bool(_YES.match(words)) and not says_yes(text))


def picked(text: str) -> tuple[int, ...]:
    """Which of a numbered list is meant: `the second one` -> (2,); empty if none is named."""
    words = plain(text[:300])
    if not _PICK.match(words) or re.match(r"no\b(?! \d)", words):
        return ()
    found = [_number(word) for word in _PICKED.findall(words)]
    return tuple(dict.fromkeys(number for number in found if number > 0))


def wants_it_again(text: str) -> bool:
    """`Remember it again`, said to a fact that was once forgotten."""
    return bool(_REMEMBER.match(plain(text[:300])))


def _number(words: str) -> int:
    word = words.split()[-1]
    return int(word) if word.isdigit() else _ORDINALS.get(word, 0)
