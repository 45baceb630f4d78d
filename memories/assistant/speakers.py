"""Tells whose words a sentence is: after `he said:` the rest of the line is still his."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from memories.assistant.sentences import Sentence, is_quotation
from memories.assistant.words import any_of
from memories.assistant.wrappers import unwrapped

_LOOKED_AT = 160
"""Characters at the beginning of a sentence in which its speaker is looked for."""
_SAYS = any_of(
    "says said say told tells asks asked wrote writes texted replied answered shouted sang sings whispered insists "
    "insisted claims claimed posted tweeted emailed messaged"
)
_TO_WHOM = (
    r"(?: (?:to|me|us|him|her|them|back|this|that|today|yesterday|once|always|again|just now|"
    r"(?:on|in|at) (?:(?:an?|the|his|her|my) )?\w+)){0,4}"
)
_THEY_SAY = re.compile(
    rf"(?:(?:as|and|but|so|then|well|today|yesterday) )?(?!(?:i|we|me)\b)(?:"
    rf"(?:[\w'’-]+ ){{1,6}}{_SAYS}{_TO_WHOM}|(?:quote|lyrics)|according to [\w'’ -]{{1,40}})\s*:\s*",
    re.IGNORECASE,
)
"""`My boss said:`, `According to Tim:`, `Quote:`."""
_NAMED = re.compile(
    r"(?!(?:Me|Work|Job|Food|Family|Home|House|Health|Diet|Allerg\w+|Hobb\w+|Sports?|Music|Pets?|School|Kids|Travel|"
    r"Holidays?|Location|Age|Likes|Dislikes|Languages?|Background|Occupation|Profession|Plans?|Goals?|Today|Tomorrow|"
    r"Answer|Question|Warning|Important|Status)\b)"
    r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?:\s+(?=(?:I|I['’]\w+|My|We|Our)\b)"
)
"""`Tim: I ...`, as chats are copied; the words of a heading are no names."""
_I_SAY = re.compile(
    rf"(?:(?:so|and|but|then) )?(?:(?:i|we) (?!was|were|got|am|are)(?:\w+ )?{_SAYS}\b|me:)", re.IGNORECASE
)


def own(sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    """The sentences without those that somebody else speaks: after `he said:` all of that line, or where the line
    ends there, all that follows up to the person's own `I said`. Words in quotation marks end with them."""
    theirs = below = False
    for sentence in sentences:
        if sentence.begins and not below:
            theirs = False
        words = _theirs(sentence.text)
        if words is not None:
            theirs, below = not (words and is_quotation(words[0])), not words
        elif _I_SAY.match(sentence.text):
            theirs = below = False
        if not theirs:
            yield sentence


def _theirs(text: str) -> str | None:
    """What another one says in it, None where nobody else speaks."""
    if ":" not in text[:_LOOKED_AT]:
        return None
    bare = unwrapped(text).text
    # `Remember: I ...` is no name: what is only wrapping is off by now.
    said = _THEY_SAY.match(text) or _THEY_SAY.match(bare + ":" * text.endswith(":")) or _NAMED.match(bare)
    return said.string[said.end() :] if said else None
