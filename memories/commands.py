"""What a person asks of the memory itself in a chat: list it, forget something, the yes that follows. Read before any
assistant is asked, so that it works with each of them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from memories.assistant.clashes import clash
from memories.assistant.offline import (
    compose_forget_question,
    compose_forgotten,
    compose_kept,
    compose_nothing_to_forget,
    compose_overview,
    compose_wipe,
    quoted,
)
from memories.assistant.reading import Intent, Reading
from memories.chat_types import ReplyJob
from memories.errors import MemoryNotFound
from memories.scoped import ScopedMemory
from memories.text import normalised, terms
from memories.types import Memory

LISTED = 20
"""Memories that an overview quotes."""
CANDIDATES = 6
"""Memories that are offered for forgetting."""
NEAR = 0.6
"""A candidate is at least this near, as a part of the best one's score."""
_SEVERAL = re.compile(r"(?:,| and|, and) (?=(?:my|our|that|the|where|what|about)\b)", re.IGNORECASE)
"""`My birthday and my name`: two things to be forgotten."""
OFF = (
    "Memory is off for this chat, so I looked at nothing. "
    "Open [Your data]({url}) to see, change or delete what is kept."
)


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What to say to a command."""

    text: str
    shown: tuple[Memory, ...] = ()
    """The memories it was asked to show."""
    quoted: tuple[str, ...] = ()
    """Ids of memories whose words it says besides, those that it has just deleted too."""
    asks: Mapping[str, Any] | None = None
    """What a yes in the next turn does."""
    teaches: bool = False
    """The turn states facts besides."""


def answer_command(memory: ScopedMemory, job: ReplyJob, reading: Reading) -> Answer | None:
    """The answer, with the command carried out; None when the turn is none, or not only one."""
    asked = _pending(job)
    if asked is not None and reading.intent in (Intent.YES, Intent.NO, Intent.REMEMBER):
        return _answered(memory, asked, reading)
    intent = reading.otherwise
    if intent not in (Intent.OVERVIEW, Intent.FORGET):
        return None
    if job.conversation.mode != "on":
        return Answer(text=OFF.format(url=_your_data()))
    return _overview(memory, reading) if intent is Intent.OVERVIEW else _forget(memory, reading)


def _pending(job: ReplyJob) -> Mapping[str, Any] | None:
    last = job.earlier[-1] if job.earlier else None
    return last.asks if last is not None and last.role == "assistant" else None


def _overview(memory: ScopedMemory, reading: Reading) -> Answer:
    page = memory.page(size=LISTED)
    return Answer(
        text=compose_overview(page.items, page.total, _your_data()), shown=page.items, teaches=bool(reading.facts)
    )


def _forget(memory: ScopedMemory, reading: Reading) -> Answer:
    if reading.everything:
        return _everything(memory)
    found = list(memory.page(size=1).items) if reading.latest else candidates(memory, reading.topic)
    if not found:
        return Answer(text=compose_nothing_to_forget(reading.topic), teaches=bool(reading.facts))
    ids = [memory.id for memory in found]
    asks = {"do": "forget", "ids": ids}
    return Answer(text=compose_forget_question(found), quoted=tuple(ids), asks=asks, teaches=bool(reading.facts))


def _everything(memory: ScopedMemory) -> Answer:
    """Says where it is done, also to a yes: a wipe asks for a fresh proof of who one is, which a chat cannot."""
    count = memory.count()
    if not count:
        return Answer(text=compose_nothing_to_forget(""))
    return Answer(text=compose_wipe(count, reverse("memories:wipe")), asks={"do": "forget_all"})


def candidates(memory: ScopedMemory, topic: str) -> list[Memory]:
    """The memories a topic may mean, best first; the very words alone when they are there. Paused ones count too."""
    found = list(memory.page(query=topic, size=20).items)
    exact = [known for known in found if normalised(known.memory) == normalised(topic)]
    if exact:
        return exact
    parts = _SEVERAL.split(topic)
    if len(parts) > 1:
        each = {known.id: known for part in parts for known in candidates(memory, part)}
        return list(each.values())[:CANDIDATES]
    words = set(terms(topic))
    sharing = [known for known in found if words & set(terms(known.memory))]
    best = max((known.score or 0 for known in sharing or found), default=0)
    near = [known for known in sharing or found if (known.score or 0) >= NEAR * best]
    return [*near, *_rivals(topic, near, found)][:CANDIDATES]


def _rivals(topic: str, near: Sequence[Memory], found: Sequence[Memory]) -> list[Memory]:
    """What says the same of oneself otherwise (`I moved to Porto` beside `We live in Lisbon`, for `where I live`),
    unless the topic names which one is meant."""
    others = [known for known in found if known not in near and not clash(known.memory, topic)]
    return [other for other in others if any(clash(other.memory, known.memory) for known in near)]


def _answered(memory: ScopedMemory, asked: Mapping[str, Any], reading: Reading) -> Answer:
    if reading.intent is Intent.NO:
        return Answer(text=compose_kept())
    if asked["do"] == "remember":
        return _remember_again(memory, asked.get("texts", ()))
    if asked["do"] == "forget_all":
        return _everything(memory)
    ids = list(asked["ids"])
    chosen = [ids[number - 1] for number in reading.choices if number <= len(ids)] if reading.choices else ids
    if not chosen:
        return Answer(text="There is no such number on the list. Nothing was forgotten.", asks=asked)
    return Answer(text=_forgotten(memory, chosen), quoted=tuple(chosen))


def _forgotten(memory: ScopedMemory, ids: Sequence[str]) -> str:
    texts: list[str] = []
    for memory_id in ids:
        try:
            texts.append(memory.get(memory_id).memory)
            memory.delete(memory_id)
        except MemoryNotFound:
            continue
    return compose_forgotten(texts) if texts else "That was forgotten already."


def _remember_again(memory: ScopedMemory, texts: Sequence[str]) -> Answer:
    saved = [memory.remember_again(text) for text in texts]
    words = ", ".join(quoted(again.memory) for again in saved)
    return Answer(text=f"I'll remember that again: {words}", quoted=tuple(again.id for again in saved))


def _your_data() -> str:
    return reverse("memories:data")
