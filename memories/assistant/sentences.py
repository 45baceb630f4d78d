"""Splits a message into the person's own sentences; what was pasted or quoted does not come through as theirs."""

from __future__ import annotations

import dataclasses
import re

MAX_READ = 8_000
"""Characters of a message that are looked at; the chat takes no longer one."""

_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_QUOTED_LINE = re.compile(r"\s{0,3}>")
_BULLET = re.compile(r"\s*(?:[-*•·–]|\d{1,2}[.)])\s+")
# A line of a program, a log or markup. One sign is enough; ordinary English has none of them.
_CODE_LINE = re.compile(
    r"\s*(?:def |class \w+[(:]|import \w+$|from [\w.]+ import |#include|function \w*\(|const \w+ =|let \w+ =|var \w+ =|"
    r"return\b.*;|public |private |SELECT |INSERT |Traceback |File \"|at [\w.$]+\(|\$ |</?\w+[ >]|"
    r"[\w.]+\([^)]*\);?\s*$|"
    r"[\w.\[\]\"']+ ?(?:=|\+=|==) ?\S)|[^\n]*(?:[{}]|\);|=>|->)\s*$"
)
# From these lines on the rest is a letter or a log that somebody wrote.
_LETTER_LINE = re.compile(r"\s*(?:(?:from|to|subject|cc|sent|date):\s|dear \w+)", re.IGNORECASE)

# Each is hidden behind one private character while rules look at the text, so that nothing in it is taken for a word.
_QUOTES = re.compile(
    r"\"[^\"]+\"|“[^“”]+”|„[^„“”]+[“”]|«[^«»]+»|`[^`\n]+`|(?<!\w)‘[^‘]{1,300}?’(?!\w)"
    r"|(?<![\w'])'(?:[^'\n]|(?<=\w)'(?=\w)){1,300}'(?!\w)"
)
_GOES_ON = r"(?!\s+(?:I\b|My |We |Our |Please )|\s*$)"
_WHOLES = re.compile(
    r"https?://[^\s<>]{1,500}|www\.[^\s<>]{1,300}|(?<![\w.+-])[\w.+-]{1,64}@\w[\w-]{0,62}(?:\.\w[\w-]{0,30}){1,4}"
    rf"|\b(?:[Dd]r|[Mm]rs?|[Mm]s|Mx|[Pp]rof|[Ss]t|Mt|Ft|Jr|Sr|Rev|Gen|Sgt|Capt|Lt|vs|approx|[Dd]ept|Inc|Ltd|Co|ca|cf)\.{_GOES_ON}"
    rf"|\b(?:e\.g|i\.e|a\.k\.a)\.?|\b(?:[A-Z]\.){{2,4}}{_GOES_ON}|\b(?:[ap]\.m|etc)\.{_GOES_ON}"
    rf"|\b(?!I\b)[A-Z]\.(?=\s[A-Z]){_GOES_ON}|\bNo\.(?=\s?\d)"
)
_END = re.compile(r"(?<![.!?…。？！])(?:[.!?…。？！]+[\"')\]]*(?=\s|$)|[.!?]+(?=(?:I|My|We|Our|Please)\b))")
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_OPEN_END = re.compile(r"\b(?:in|at|to|of|with|for|from|on|the|an?|and|my|our|is|are|am)\s*$", re.IGNORECASE)
_SUBJECT = re.compile(
    r"\s*(?:i|i['’]\w+|im|ive|my|we|our|we['’]\w+|please|always|never|what|how|can|do)\b", re.IGNORECASE
)
_QUOTE_BASE, _WHOLE_BASE, _ROOM = 0xE000, 0xF000, 0x8FF


@dataclasses.dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, without its end mark, quotations hidden (see `Text.shown`)."""

    text: str
    asks: bool
    """It ended in a question mark."""
    begins: bool = True
    """It is the first of its line."""


@dataclasses.dataclass(frozen=True, slots=True)
class Text:
    """A message in sentences, and what was hidden in them."""

    sentences: tuple[Sentence, ...]
    hidden: dict[str, str]

    def shown(self, text: str) -> str:
        """The text with what was hidden put back, as the person wrote it."""
        for _ in range(2):  # an address can hold a quotation
            text = _PRIVATE.sub(lambda found: self.hidden.get(found.group(), ""), text)
        return text


def is_hidden(character: str) -> bool:
    """Whether this character stands for something that was hidden."""
    return _QUOTE_BASE <= ord(character) <= 0xF8FF


def is_quotation(character: str) -> bool:
    """Whether this hidden character stands for something in quotation marks."""
    return _QUOTE_BASE <= ord(character) < _WHOLE_BASE


def sentences(message: str) -> Text:
    """The person's own sentences, in order. Code, quoted lines and letters are left out. Linear in the message."""
    text = _UNSEEN.sub("", _PRIVATE.sub("", message[:MAX_READ]))
    hidden: dict[str, str] = {}
    text = _hide(_WHOLES, _hide(_QUOTES, _own_lines(text), hidden, _QUOTE_BASE), hidden, _WHOLE_BASE)
    found = [part for line in _lines(text) for part in _split(line)]
    return Text(tuple(found), hidden)


def _own_lines(text: str) -> str:
    kept: list[str] = []
    fenced = False
    for line in text.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        elif _LETTER_LINE.match(line):
            break
        elif not (fenced or _QUOTED_LINE.match(line) or _CODE_LINE.match(line)):
            kept.append(line)
    return "\n".join(kept)


def _hide(pattern: re.Pattern[str], text: str, hidden: dict[str, str], base: int) -> str:
    def put_away(found: re.Match[str]) -> str:
        if len(hidden) >= _ROOM:
            return " "
        mark = chr(base + len(hidden))
        hidden[mark] = found.group()
        return mark

    return pattern.sub(put_away, text)


def _lines(text: str) -> list[str]:
    """Lines, with those joined that are only wrapped: the next goes on in lower case and starts no clause."""
    joined: list[list[str]] = []
    for line in text.split("\n"):
        bare = _BULLET.sub("", line, count=1) if _BULLET.match(line) else line
        goes_on = bare[:1].islower() and bare is line and not _SUBJECT.match(bare)
        if joined and joined[-1] and bare is line and (goes_on or _OPEN_END.search(joined[-1][-1])):
            joined[-1].append(bare)
        else:
            joined.append([bare.strip()] if bare.strip() else [])
    return [" ".join(parts) for parts in joined if parts]


def _split(line: str) -> list[Sentence]:
    found: list[Sentence] = []
    start = 0
    for end in _END.finditer(line):
        found.append(_sentence(line[start : end.start()], end.group(), begins=not found))
        start = end.end()
    found.append(_sentence(line[start:], "", begins=not found))
    return [sentence for sentence in found if sentence.text]


def _sentence(text: str, end: str, *, begins: bool) -> Sentence:
    return Sentence(" ".join(text.split()), "?" in end or "？" in end, begins)
