"""Reads two sentences as the one statement that they are together: `My birthday? It's on 3 May.`"""

from __future__ import annotations

import dataclasses
import re

from memories.assistant.bearing import is_bare, is_ordered
from memories.assistant.plain import plain
from memories.assistant.sentences import Sentence, Text
from memories.assistant.words import MONTHS, any_of
from memories.assistant.wrappers import unwrapped

_TOPIC = re.compile(r"(?:my|our) [\w'’ -]{2,40}|(?:name|birthday|age|favou?rite [\w ]{2,20})", re.IGNORECASE)
_VERB = re.compile(r"\b(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|not|and i)\b")
"""A topic with one of these is a question of its own: `my name is Jo?`"""
_IT_IS = re.compile(
    r"(?:it|he|she)(?:['’]s| (is|was|has|lives|works|loves|hates|likes))\s+(?=\S)"
    r"|they(?:['’]re| (are|were|have|live|work|love|hate|like))\s+(?=\S)",
    re.IGNORECASE,
)
_DATED = re.compile(rf"(?:(?:on )?(?:the )?\d[\w ./-]{{0,30}}|(?:on )?{MONTHS} \d[\w ,]{{0,20}})", re.IGNORECASE)
_NAME = re.compile(r"[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+){0,2}")
_TASTE = re.compile(r"[\w'’-]+(?: [\w'’-]+){0,2}")
_SHORT = {"name": _NAME} | dict.fromkeys(("birthday", "anniversary", "age", "phone", "number"), _DATED)
"""What is answered with no more than a name or a number."""
_NO_ANSWER = re.compile(
    r"\b"
    + any_of(
        "no yes none not nothing never guess secret what who why you your same whatever unknown forgot idea forget "
        "sure maybe ask tell depends obviously classified private good great well thanks ok okay hm hmm skip next "
        "please story complicated"
    )
    + r"\b",
    re.IGNORECASE,
)


def answered(text: Text) -> Text:
    """The text with each short question about one's own, and the answer beside it, as the one sentence it means; and
    `No nuts please. I'm allergic.` likewise."""
    found: list[Sentence] = []
    for sentence in text.sentences:
        joined = _joined(found[-1], sentence) if found and not (sentence.begins or sentence.asks) else ""
        if joined:
            found[-1] = dataclasses.replace(found[-1], text=joined, asks=False)
        else:
            found.append(sentence)
    return dataclasses.replace(text, sentences=tuple(found))


def _joined(question: Sentence, answer: Sentence) -> str:
    """`My birthday is on 3 May`; empty where the two are not one statement."""
    topic, told = unwrapped(question.text).text, unwrapped(answer.text).text
    if not question.asks and is_bare(plain(told)):
        both = f"{topic}, {told if told[0] == 'I' else told[:1].lower() + told[1:]}"
        return both if is_ordered(plain(both)) else ""
    if not question.asks or not _TOPIC.fullmatch(topic) or _VERB.search(plain(topic)) or _NO_ANSWER.search(told):
        return ""
    if said := _IT_IS.match(told):
        verb = said.group(1) or said.group(2) or ("are" if told[:4].lower() == "they" else "is")
        return f"{topic} {verb} {told[said.end() :]}"
    words = plain(topic)
    fits = _TASTE if "favourite " in words else _SHORT.get(words.split()[-1])
    if not fits or not fits.fullmatch(told):
        return ""
    return f"{topic} is {told}" if topic[:3].lower() in ("my ", "our") else f"{topic}: {told}"
