"""Splits a sentence into clauses, each with its own subject."""

from __future__ import annotations

import dataclasses
import re

from memories.assistant.questions import asks, requests, turns
from memories.assistant.third_person import finds_verb
from memories.assistant.words import any_of, each

_TOKEN = re.compile(r"\S+")
_JOINERS = each("and but plus & also yet then so or")
_MAX_JOINERS = 4
"""Joiners in a row that are looked back over."""
_DASHES = each("- -- – — | / • +")
_I = re.compile(r"(?:i|im|ive|we)$|(?:i|we)['’](?:m|ve|d|ll|re)$", re.IGNORECASE)
_MY = each("my our")
_STANDING = each("always never call please remember don't dont")
_LEADING = each(
    "when while whenever because since as after before although though if unless until once given even despite in on "
    "at for from "
    "during every by with without back whether these nowadays last this next being most"
)
# Verbs that may drop their repeated subject: "I live in Lisbon and work at a bank".
_SHARED = re.compile(
    any_of(
        "work live study speak have own drive play love like hate prefer enjoy grew_up moved studied teach run "
        "collect am was don't can't never always "
        "usually volunteer commute eat drink smoke go want need practi[sc]e take wear use"
    )
    + r"\s+\S",
    re.IGNORECASE,
)
_SIMPLE_HEAD = re.compile(
    r"(i|we)(?:['’]m|['’]re|['’]ve| am| are| was| were| have| live| work| study| speak| own| drive| play| love| like|"
    r" hate| prefer| enjoy| grew| moved| teach| run)\s+\S",
    re.IGNORECASE,
)
# "but my husband isn't", "but my daughter's is purple": it lives on the clause before.
_ELLIPTIC = re.compile(
    r"^(?:my|our) [\w ]{1,40} (?:is|are|was|does|do|did|can|will|has)(?: not|n['’]t)?(?: either| "
    r"too| so)?$|^(?:my|our) [\w ]{1,40}['’]s? (?:is|are|was|were)\b",
    re.IGNORECASE,
)
_HALVES = re.compile(r" (?:and|but) ")
_BINDS = re.compile(
    r"\b(?:to|who|that|which|whose|where|when|not|because|if|and|or|but|than|while)\b|n['’]t\b", re.IGNORECASE
)


@dataclasses.dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence that stands by itself."""

    joiner: str
    """The word before it that was left out (`and`, `but`), or what it was cut at (`,`); empty for the first."""
    text: str


def clauses(sentence: str) -> list[Clause]:
    """The clauses of a sentence, in order: cut where a new subject or a question begins. Linear in the sentence."""
    tokens = list(_TOKEN.finditer(sentence))
    found: list[Clause] = []
    start, joiner = 0, ""
    for index in range(1, len(tokens)):
        cut = _cut_before(sentence, tokens, index, start)
        if cut is None:
            continue
        found.append(Clause(joiner, _tidy(sentence[start : cut.end])))
        start, joiner = tokens[index].start(), cut.joiner
    found.append(Clause(joiner, _tidy(sentence[start:])))
    return [part for clause in found for part in _shared(clause)]


@dataclasses.dataclass(frozen=True, slots=True)
class _Cut:
    end: int
    joiner: str


def _cut_before(sentence: str, tokens: list[re.Match[str]], index: int, start: int) -> _Cut | None:
    joiner = ""
    last = index - 1
    while last > max(0, index - _MAX_JOINERS) and _joins(tokens[last].group()):
        if tokens[last].start() < start:
            return None
        joiner = tokens[last].group().lower().rstrip(",")
        last -= 1
    before = tokens[last].group()
    if tokens[last].end() <= start:
        return None
    marked = before[-1] in ",;:)…" or joiner in _DASHES or (not before[-1].isascii() and not before[-1].isalnum())
    rest = sentence[tokens[index].start() : tokens[index].start() + 120]
    question = turns(rest)
    if not (marked or joiner or question) or (joiner in ("so", "then", "or") and not (marked or question)):
        return None
    previous = sentence[start : tokens[last].end()]
    if question and not (marked or joiner) and not _could_stand(previous):
        return None
    if not (question or (_starts_clause(tokens, index, rest) and _stands(previous, before))):
        return None
    return _Cut(tokens[last].end(), joiner or ",")


def _joins(word: str) -> bool:
    return word.lower().rstrip(",") in _JOINERS or word in _DASHES


def _starts_clause(tokens: list[re.Match[str]], index: int, rest: str) -> bool:
    word = tokens[index].group().lower().replace("’", "'")
    if _I.match(word):
        return index + 1 < len(tokens)
    if word in _MY:
        return finds_verb(rest) and not _ELLIPTIC.search(rest)
    return word in _STANDING and index + 1 < len(tokens)


def _stands(previous: str, before: str) -> bool:
    """Whether what came before is a clause itself, and not `As a nurse,` or `My wife and`."""
    if before[-1] == ";":
        return True
    return _could_stand(previous)


def _could_stand(previous: str) -> bool:
    words = previous[:200].lower().replace("’", "'").split()
    if not words or words[0].strip(",") in _LEADING:
        return False
    if _I.match(words[0]) or words[0] in _STANDING:
        return len(words) > 1
    return (
        finds_verb(previous[:200])
        or asks(previous[:200])
        or requests(previous[:200])
        or (len(words) > 1 and words[0] in ("allergic", "vegetarian", "vegan", "lactose", "born", "married"))
    )


def _tidy(text: str) -> str:
    return text.strip(" ,;:–—-|/•")


def _shared(clause: Clause) -> list[Clause]:
    """Two clauses out of `I live in Lisbon and work at a bank`, if nothing in it binds the halves together."""
    head = _SIMPLE_HEAD.match(clause.text)
    halves = _HALVES.split(clause.text, maxsplit=1)
    first, found, second = halves[0], len(halves) > 1, halves[-1]
    if (
        not (head and found and _SHARED.match(second))
        or "," in first
        or _BINDS.search(first)
        or re.search(r"\b(?:it|this|that|both|them|there)\b", second, re.IGNORECASE)
    ):
        return [clause]
    if len(first.split()) < 3 and "'" not in first and "’" not in first:
        return [clause]
    subject = "I" if head.group(1).lower() == "i" else "We"
    return [Clause(clause.joiner, first.rstrip(" ,")), Clause("and", f"{subject} {second}")]
