"""Tells what is said in jest from what is meant."""

from __future__ import annotations

import re

from memories.assistant.plain import plain
from memories.assistant.sentences import Sentence
from memories.assistant.words import DAYS, DIETS, ROLES, any_of

_LAUGH = r"(?:lol|lmao|rofl|(?:ha){2,}h?|(?:he){2,}|xd|😂|🤣|😆|😜|🤪|😹|😝)"
_LAUGHS = re.compile(rf"^\W*{_LAUGH}(?![^\W_])|(?<![^\W_]){_LAUGH}\W*$", re.IGNORECASE)
_ONLY_LAUGHS = re.compile(rf"(?:{_LAUGH}|[\s,!])+", re.IGNORECASE)
_LOOKED_AT = 60
"""Characters at either end of a sentence in which one laughs."""
_FIGURE = re.compile(
    r"(?:i|we|(?:my|our) \w+) (?:am|are|is) (?:\w+ly |such |just |like )*(?:an?|the) "
    rf"(?!.*\b(?:{ROLES}|{DIETS}|fans?|person|m[ae]n|"
    r"wom[ae]n|girls?|boys?|guys?|owl|riser|eater|sleeper)\b)"
)
_NO_ALLERGENS = any_of(
    "my_(?:boss|job|ex|alarm) work working mornings? exercise meetings? people stupid\\w* drama nonsense bullshit "
    "maths? homework school responsibilit\\w+ fun losing failure idiots commitment waiting cleaning housework "
    "small_talk adulting bills taxes"
)
_ALLERGIC_IN_JEST = re.compile(rf"\ballergic to (?:{_NO_ALLERGENS}|{DAYS})\b")


def is_figure(text: str) -> bool:
    """`I'm a potato`: a figure of speech where one laughs about it; a nurse who laughs is one all the same."""
    return bool(_FIGURE.match(plain(text)))


def laughs(sentence: Sentence) -> bool:
    """Whether it begins or ends with a laugh."""
    text = sentence.text
    return bool(_LAUGHS.search(text[:_LOOKED_AT] + " " + text[-_LOOKED_AT:]))


def only_laughs(sentence: Sentence) -> bool:
    """Whether it is nothing but a laugh about what was said before it in the same line."""
    return not sentence.begins and bool(_ONLY_LAUGHS.fullmatch(sentence.text))


def allergic_in_jest(words: str) -> bool:
    """`I am allergic to mondays`, as plain words."""
    return bool(_ALLERGIC_IN_JEST.search(words))
