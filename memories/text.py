"""Text as the ranking and the duplicate check see it: stems for searching, one plain form for comparing."""

from __future__ import annotations

import functools
import re
import unicodedata

from memories.stemming import built_in_stems, stem
from memories.stopwords import LIGHT_WORDS, STOP_WORDS

QUESTION = "?"
"""The term that marks a text ending in a question: it asks for a fact more often than it holds one."""
SPEAKER = "@"
"""What the stem of a speaker's name begins with in a verbatim turn ("Ana: hello" -> "@ana")."""
TO_YOU = "&"
"""The last term of a verbatim turn that says "you": it may be about whom it speaks to."""

_YOU = frozenset(("you", "your", "yours", "yourself", "youre", "youve", "youll", "youd", "u", "ur"))
_WORD = re.compile(r"[a-z0-9]+")
_UNICODE_WORD = re.compile(r"[^\W_]+")
# The name before the colon of a verbatim turn: one to three capitalised words.
_SPEAKER = re.compile(r"\s*([^\W\d_][^\W\d_'.-]*(?: [^\W\d_][^\W\d_'.-]*){0,2}): ")
# U+0300..U+036F only: the accents of Latin, Greek and Cyrillic. Vowel signs of other scripts are letters and stay.
_ACCENTS = re.compile("[\u0300-\u036f]+")
_AFTER_MARK = " \t\n!\"')*\u201d\u00bb"
_APOSTROPHES = str.maketrans("\u2019\u2018\u02bc\uff07`\u00b4", "''''''")
# Scripts written without spaces (Thai to Khmer, kana, Han) or with particles joined on (Hangul).
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_CONTRACTIONS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), long)
    for pattern, long in (
        (r"\bwon't\b", "will not"),
        (r"\bshan't\b", "shall not"),
        (r"\b(?:can't|cannot)\b", "can not"),
        (r"\blet's\b", "let us"),
        (r"n't\b", " not"),
        # As they are typed in a hurry. "ill", "its", "were", "well" and "id" are words of their own and stay.
        (r"\b(do|does|did|is|are|was|were|has|have|had|could|should|would)nt\b", r"\1 not"),
        (r"\bcant\b", "can not"),
        (r"\bwont\b", "will not"),
        (r"\bim\b", "i am"),
        (r"\bive\b", "i have"),
        (r"\bi'm\b", "i am"),
        (r"'re\b", " are"),
        (r"'ve\b", " have"),
        (r"'ll\b", " will"),
        (r"\b(i|you|he|she|it|we|they)'d\b", r"\1 would"),
        # After a noun 's is a possessive, so only these words are known to hide "is".
        (r"\b(he|she|it|that|this|there|here|what|who|where|when|how)'s\b", r"\1 is"),
    )
)
# Phrases that mean what their words alone do not: "living" by itself is about where, and "based" about anything.
_PHRASES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:for|make|makes|made|making|earn|earns|earned) (?:a|my|his|her|our|their) living\b"), "job"),
    (re.compile(r"\b(am i|are we|i am|im|we are|he is|hes|she is|shes) based\b"), r"\1 living"),
)
_MAY_BE_MEANT = re.compile("living|based")
_MAY_CONTRACT = re.compile(r"'|nt\b|\bcannot\b|\bim\b|\bive\b")


MAX_NAME = 3
"""Words of a name."""
_SAME_NAME = (
    (("my", "name", "is"), "i am"),
    (("user", "s", "name", "is"), "i am"),
    (("i", "am"), "my name is"),
)


def terms(text: str) -> list[str]:
    """The stems to index or look up, in order, repeats kept, stop words left out.

    Lower case, without accents; runs of a script without spaces become pairs of characters. Three marks may be added:
    `SPEAKER` + stem for the name a verbatim turn begins with (the name itself is a term too), `QUESTION` at the end of
    a question, and `TO_YOU` at the end of a verbatim turn that speaks to somebody.
    """
    speaker = _SPEAKER.match(text)
    if speaker and speaker[1][0].islower():  # "note to self: ..." is no one's name
        speaker = None
    body = text[speaker.end() :] if speaker else text
    words = _words(body)
    found = [stem(word) for word in words if word not in STOP_WORDS]
    if speaker:
        names = [stem(word) for word in _words(speaker[1])]
        found = [SPEAKER + name for name in names] + names + found
    if body.rstrip(_AFTER_MARK).endswith("?"):
        found.append(QUESTION)
    if speaker and not _YOU.isdisjoint(words):
        found.append(TO_YOU)
    return found


@functools.cache
def light_terms() -> frozenset[str]:
    """The terms of LIGHT_WORDS."""
    return built_in_stems(LIGHT_WORDS)


def normalised(text: str) -> str:
    """One plain form for what a person would call the same sentence; "" where there is nothing but punctuation.

    NFC, case folded, common English contractions written out, punctuation and white space squeezed to one space.
    Characters that nobody sees (soft hyphens, joiners, marks of direction) are left out.
    Signs that change the meaning stay ("C#" is not "C", "5 %" is not "5"). Two texts are duplicates, and a text is
    covered by a tombstone, when these forms are equal.
    """
    seen = text if text.isascii() else "".join(char for char in text if unicodedata.category(char) != "Cf")
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", seen).casefold()).translate(_APOSTROPHES)
    if _MAY_CONTRACT.search(plain):
        for pattern, long in _CONTRACTIONS:
            plain = pattern.sub(long, plain)
    return " ".join("".join(char if _carries_meaning(char) else " " for char in plain).split())


def reworded(text: str) -> str | None:
    """The same said the other common way, where there is one: "I'm Sam" and "My name is Sam". A text that nobody would
    write ("My name is tired") does no harm: it is only compared."""
    words = normalised(text).split()
    for heads, other in _SAME_NAME:
        name = words[len(heads) :]
        if tuple(words[: len(heads)]) == heads and 0 < len(name) <= MAX_NAME:
            return " ".join([other, *name])
    return None


def _carries_meaning(char: str) -> bool:
    """Letters, marks, numbers and symbols do; separators, controls and most punctuation do not."""
    return char.isalnum() or char in "#%&@" or unicodedata.category(char)[0] in "LMNS"


def _words(text: str) -> list[str]:
    """Lower-case words without accents, apostrophes closed up ("don't" -> "dont")."""
    if text.isascii():
        return _WORD.findall(_meant(text.lower().replace("'", "")))
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_APOSTROPHES)).replace("'", "")
    plain = _meant(unicodedata.normalize("NFC", _ACCENTS.sub("", plain)))
    found: list[str] = []
    for word in _joined(plain):
        found += _pairs(word) if _UNSPACED.fullmatch(word) else [word]
    return found


def _meant(plain: str) -> str:
    # Each search comes by here, and hardly any holds one of them.
    if not _MAY_BE_MEANT.search(plain):
        return plain
    for phrase, meant in _PHRASES:
        plain = phrase.sub(meant, plain)
    return plain


def _joined(plain: str) -> list[str]:
    """Words of any script. `\\w` leaves out vowel signs (Mn, Mc), so these are turned into word characters first."""
    spaced = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in plain)
    return _UNSPACED.sub(lambda run: f" {run[0]} ", spaced).split()


def _pairs(run: str) -> list[str]:
    """Overlapping pairs of characters, the usual unit for text written without spaces; a lone character is kept."""
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]
