"""Finds what a person states about themselves or their own world in a message."""

from __future__ import annotations

import dataclasses
import re

from memories.assistant import commands, statements
from memories.assistant.answered import answered
from memories.assistant.clauses import Clause, clauses
from memories.assistant.jests import is_figure, laughs, only_laughs
from memories.assistant.plain import plain
from memories.assistant.questions import asks, brings_material, requests, tagged, turns
from memories.assistant.sentences import Sentence, Text, is_quotation, sentences
from memories.assistant.speakers import own
from memories.assistant.third_person import goes_on
from memories.assistant.wrappers import only_asks_to_remember, starts_by_asking_to_remember, unwrapped
from memories.text import normalised
from memories.types import Kind

MAX_FACTS = 20
"""Facts taken from one message."""
MAX_LENGTH = 500
"""Characters of one fact; a longer statement is left out rather than cut."""

# From here on the message is a game or a story.
_PLAY = re.compile(
    r"(?:please |can you |could you |let us |let's |lets )?(?:pretend|imagine|role ?-?play|suppose|supposing|assume|"
    r"act as|act like|you are (?:now )?an? |"
    r"play (?:a game|the role|along)|in (?:this|the|my) (?:story|game|novel|dream|screenplay|scenario)|"
    r"hypothetically|once upon a time|for the sake of argument|"
    r"let us say|let's say|lets say|write (?:me )?(?:a|an|my|another) (?:\w+ ){0,3}(?:story|poem|song|essay|letter|"
    r"novel|script|monologue|dialogue|bio|cover letter|email))\b"
)
_JEST = re.compile(
    r"(?:^ (?:(?:haha|lol|ha|no) ){0,3}| )(?:i am |we are )?(?:(?:just|only|obviously) ){1,3}(?:kidding|"
    r"joking)(?: lol)?$| jk$"
)
_TAIL = 60
"""Characters at the end of a sentence in which a jest is looked for."""
_QUOTING = re.compile(
    r"\b(?:say|says|saying|said|tell|tells|telling|told|if|mean|means|translate|spell|pronounce|write|called|lyrics|"
    r"(?:true|right|correct|possible|likely) that|wonder(?:ing)? whether)\b"
)
_BECAUSE = re.compile(
    r"\b(?:because|since|given that|considering(?: that)?|as|seeing as|now that|when)\s+(?=(?:i['’]?m|i am|i have|"
    r"i['’]ve|i can|i do|i don|we|my)\b)",
    re.IGNORECASE,
)
_ANOTHER = re.compile(r"\b(?:i|we)\b", re.IGNORECASE)
_CUT_SHORT = re.compile(r"\b(?:an?|the|and|or|but|my|our)$", re.IGNORECASE)
_SOMEONE = re.compile(r"\b(?:my|our|your|his|her|the) [\w'’-]+$", re.IGNORECASE)
"""What `and I` goes on from in `do you think my wife and I live in Lisbon?`."""
_HALF_QUOTED = re.compile(r"(?<!\d)[\"“”«»]")
"""A quotation mark without its other half; after a number it means inches."""
_SINCE = re.compile(
    r"(?:because|since|given that|considering(?: that)?|as|seeing as|seeing that|now that)\s+(?=(?:i|we|my|our|im|"
    r"ive)\b)",
    re.IGNORECASE,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Fact:
    """One self-contained statement, in the person's own words."""

    text: str
    """1 to 500 characters, first letter in upper case, no mark at its end."""
    kind: Kind = "stated"


def facts(message: str) -> list[Fact]:
    """What the person states of themselves, in order, at most twenty, each once. Linear in the message."""
    text = answered(sentences(message))
    found: list[_Found] = []
    for sentence in own(text.sentences):
        if _PLAY.match(plain(sentence.text[:120])):
            break
        if brings_material(sentence.text):
            break
        if only_asks_to_remember(sentence.text):
            _keep_previous(found)
        elif jest := _JEST.search(f" {plain(sentence.text)}"[-_TAIL:]):
            _take_back(found, whole=not jest.start())
        elif not (commands.is_command(sentence.text) or only_laughs(sentence)):
            _extend(found, sentence)
        _laugh_off(found, sentence)
    return _finished(found, text)


@dataclasses.dataclass(slots=True)
class _Found:
    """A clause that was looked at: a fact, or what `please remember that` may still make one."""

    text: str
    counts: bool


def _extend(found: list[_Found], sentence: Sentence) -> None:
    asked = starts_by_asking_to_remember(sentence.text)
    bare = unwrapped(sentence.text)
    parts = clauses(bare.text)
    question = sentence.asks and not asked
    if tagged(bare.text) or statements.is_anothers(bare.text):
        return
    if (
        question
        and not any(_is_question(part.text) for part in parts[1:])
        and not (parts and _is_question(parts[0].text))
    ):
        return
    told = bare.asked or asked
    after_question = doubtful = someone = False
    for part in parts:
        clause = unwrapped(part.text)
        if _is_question(clause.text) or (requests(clause.text) and not statements.is_fact(clause.text)):
            _add_reason(found, clause.text)
            after_question = True
            doubtful = doubtful or bool(_QUOTING.search(plain(clause.text)))
            someone = bool(_SOMEONE.search(clause.text))
            continue
        doubtful = doubtful or (someone and part.joiner == "and" and not plain(clause.text).startswith("i am "))
        doubtful = (doubtful and part.joiner != "but") or _doubtful(clause.text, told)
        if doubtful or (after_question and not _may_follow_question(part)):
            found.append(_Found("", False))
            continue
        _add(found, clause.text, told or clause.asked)


def _doubtful(text: str, told: bool) -> bool:
    return statements.is_unreal(text) or statements.is_reported(text) or (not told and statements.is_spoken(text))


def _may_follow_question(part: Clause) -> bool:
    return bool(re.match(r"(?:i|we|my|our)\b", plain(part.text)))


def _is_question(text: str) -> bool:
    return asks(text) or turns(text)


def _add_reason(found: list[_Found], text: str) -> None:
    """The statement inside `what can I eat since I'm vegan`."""
    reason = _BECAUSE.search(text)
    if reason and reason.start() and not _QUOTING.search(plain(text[: reason.start()])):
        _add(found, text[reason.end() :], False)


def _add(found: list[_Found], text: str, told: bool) -> None:
    text = _without_since(text)
    if not text or all(is_quotation(character) for character in text if not character.isspace()):
        return
    words = plain(text[: 2 * MAX_LENGTH])
    before = next((one.text for one in reversed(found) if one.counts), "")
    if found and found[-1].counts and goes_on(words, before):
        found[-1].text = f"{found[-1].text}. {_capital(text)}"
    else:
        counts = statements.is_fact(text) or _names_again(words, before) or (told and statements.is_declared(text))
        found.append(_Found(text, counts))


def _without_since(text: str) -> str:
    """`As I'm vegan` without its first word, unless a main clause follows (`since I was a child I've loved trains`)."""
    found = _SINCE.match(text)
    if not found or "," in text or _ANOTHER.search(text, found.end() + 2):
        return text
    return text[found.end() :]


def _names_again(words: str, before: str) -> bool:
    """`Mia is allergic to nuts` after `my daughter is called Mia`."""
    name = words.split(" ", 1)[0]
    known = re.search(rf"\b{re.escape(name)}\b", before, re.IGNORECASE) if len(name) > 1 else None
    return bool(known and known.group()[0].isupper()) and goes_on("she " + words.partition(" ")[2], before)


def _laugh_off(found: list[_Found], sentence: Sentence) -> None:
    """`I'm a potato lol`, or a laugh right after it, is no fact."""
    if not found or not laughs(sentence) or not is_figure(found[-1].text):
        return
    if found[-1].text in sentence.text or only_laughs(sentence):
        found[-1].counts = False


def _take_back(found: list[_Found], *, whole: bool) -> None:
    """A sentence that ends in `just kidding` states nothing; alone, it takes back the one before."""
    if whole and found:
        found[-1].counts = False


def _keep_previous(found: list[_Found]) -> None:
    if found and found[-1].text and not found[-1].counts:
        found[-1].counts = statements.is_declared(found[-1].text)


def _finished(found: list[_Found], text: Text) -> list[Fact]:
    kept: dict[str, Fact] = {}
    for one in found:
        shown = _capital(text.shown(one.text).strip())
        if one.counts and 0 < len(shown) <= MAX_LENGTH and not _broken(one.text):
            kept.setdefault(normalised(shown), Fact(shown))
    return list(kept.values())[:MAX_FACTS]


def _broken(text: str) -> bool:
    return bool(_HALF_QUOTED.search(text) or _CUT_SHORT.search(text[-20:]))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
