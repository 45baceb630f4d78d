"""A clause as the rules see it: lower case, contractions opened, no punctuation."""

from __future__ import annotations

import re

from memories.assistant.words import HABITS, LY_VERBS, NOT_HABITS, each

# Typed forms, with and without the apostrophe, and what they stand for.
_OPENED = {
    "i'm": "i am",
    "im": "i am",
    "iam": "i am",
    "i've": "i have",
    "ive": "i have",
    "i'd": "i would",
    "i'll": "i will",
    "ima": "i will",
    "u": "you",
    "ur": "your",
    "we're": "we are",
    "we've": "we have",
    "we'd": "we would",
    "we'll": "we will",
    "you're": "you are",
    "he's": "he is",
    "she's": "she is",
    "they're": "they are",
    "they've": "they have",
    "it's": "it is",
    "that's": "that is",
    "there's": "there is",
    "what's": "what is",
    "who's": "who is",
    "name's": "name is",
    "birthday's": "birthday is",
    "ain't": "am not",
    "cannot": "can not",
    "can't": "can not",
    "cant": "can not",
    "won't": "will not",
    "wont": "will not",
    "wanna": "want to",
    "gonna": "going to",
    "gotta": "got to",
    "dont": "do not",
    "doesnt": "does not",
    "didnt": "did not",
    "isnt": "is not",
    "arent": "are not",
    "havent": "have not",
    "hasnt": "has not",
    "wasnt": "was not",
    "favorite": "favourite",
    "fav": "favourite",
    "fave": "favourite",
}
_HELPERS = each("am are is was were have has had do does did can could will would should must not")
"""Verbs that an adverb may follow and still stand before the one that counts."""
_WORD = re.compile(r"[^\W_]+(?:['’ʼ`´.+#&/-]+[^\W_]+)*(?:\+\+|#)?|[\ue000-\uf8ff]")
_HURRIED = (
    (re.compile(r"\bid (?=(?:like|love|prefer|rather)\b)"), "i would "),
    (re.compile(r"\bmy names (?!are\b|and\b)"), "my name is "),
)
"""Words that are others without their apostrophe, and what comes after tells which."""
_APOSTROPHES = str.maketrans("’ʼ`´", "''''")


def plain(text: str) -> str:
    """The words in lower case, contractions opened (`I'm` -> `i am`), what is hidden as `hidden`. Linear."""
    words = _WORD.findall(text.translate(_APOSTROPHES).lower())
    opened = " ".join(_opened(word) for word in words)
    for hurried, meant in _HURRIED:
        opened = hurried.sub(meant, opened)
    return opened


def without_adverbs(rest: str) -> tuple[str, bool]:
    """A predicate without the adverbs among its first words, and whether one of them made it a habit.

    >>> without_adverbs("am currently living in rome")
    ('am living in rome', False)
    """
    words = rest.split(" ", 12)
    kept: list[str] = []
    while words and (_is_adverb(words[0]) or words[0] in _HELPERS):
        word = words.pop(0)
        if not _is_adverb(word):
            kept.append(word)
    habit = any(word in HABITS for word in rest.split(" ", 6)[:6])
    return " ".join(kept + words), habit


def _opened(word: str) -> str:
    if word[0] >= "\ue000" and word[0] <= "\uf8ff":
        return "hidden"
    if word in _OPENED:
        return _OPENED[word]
    return word[:-3] + " not" if word.endswith("n't") else word


def _is_adverb(word: str) -> bool:
    if word in NOT_HABITS or word in HABITS:
        return True
    return word.endswith("ly") and len(word) > 4 and word not in LY_VERBS
