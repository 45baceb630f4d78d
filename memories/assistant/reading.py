"""Reads a message: what is wanted, what is stated, what is asked."""

from __future__ import annotations

import dataclasses
import enum

from memories.assistant import commands
from memories.assistant.answered import answered
from memories.assistant.answers import picked, says_no, says_yes, wants_it_again
from memories.assistant.clauses import clauses
from memories.assistant.facts import Fact, facts
from memories.assistant.questions import asks, requests, tagged, turns
from memories.assistant.sentences import Sentence, Text, sentences
from memories.assistant.smalltalk import Small, small_talk
from memories.assistant.statements import is_fact
from memories.assistant.wrappers import only_asks_to_remember, starts_by_asking_to_remember, unwrapped


class Intent(enum.Enum):
    """What a message wants first of all; it may state facts besides."""

    SMALLTALK = "smalltalk"
    STATEMENT = "statement"
    QUESTION = "question"
    """A question or a request."""
    OVERVIEW = "overview"
    """Everything that is remembered."""
    FORGET = "forget"
    YES = "yes"
    NO = "no"
    REMEMBER = "remember"
    """`Remember it again`: answers the offer made when a forgotten fact was said once more."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A message, understood."""

    intent: Intent
    facts: tuple[Fact, ...] = ()
    topic: str = ""
    """FORGET: what is to be forgotten, in the person's words; empty with `everything` or `latest`."""
    question: str = ""
    """What is asked or requested, as typed; to be searched for. Set with QUESTION, also beside facts."""
    everything: bool = False
    """FORGET: all memories."""
    latest: bool = False
    """FORGET: what was said or saved last (`forget that`)."""
    choices: tuple[int, ...] = ()
    """YES: which of the numbered candidates, from 1; empty means each one that was asked about."""
    small: Small | None = None
    """SMALLTALK: its kind."""
    otherwise: Intent = Intent.SMALLTALK
    """What it is if no answer was awaited: the same, but for YES, NO and REMEMBER what they mean out of the blue."""

    def unasked(self) -> Reading:
        """The same message where no answer was awaited."""
        return dataclasses.replace(self, intent=self.otherwise)


def read(message: str) -> Reading:
    """What a message wants, states and asks. Deterministic; linear in the message."""
    text = answered(sentences(message))
    stated = tuple(facts(message))
    order = next((found for found in (commands.forget(one.text) for one in text.sentences) if found), None)
    question = _question(text)
    small = _small(message, text)
    intent = _intent(text, order is not None, bool(question), bool(stated), small)
    answer = _answer(message)
    return Reading(
        intent=answer or intent,
        facts=stated,
        topic=text.shown(order.topic) if order else "",
        question=question if intent is Intent.QUESTION else "",
        everything=order.everything if order else False,
        latest=order.latest if order else False,
        choices=picked(message),
        small=small or (Small.OK if intent is Intent.SMALLTALK else None),
        otherwise=intent,
    )


def _intent(text: Text, forgets: bool, asked: bool, stated: bool, small: Small | None) -> Intent:
    if forgets:
        return Intent.FORGET
    if small and not stated:
        return Intent.SMALLTALK
    if any(commands.asks_overview(one.text) for one in text.sentences):
        return Intent.OVERVIEW
    if asked:
        return Intent.QUESTION
    return Intent.STATEMENT


def _answer(message: str) -> Intent | None:
    if wants_it_again(message):
        return Intent.REMEMBER
    if says_yes(message):
        return Intent.YES
    return Intent.NO if says_no(message) else None


def _small(message: str, text: Text) -> Small | None:
    """Small talk if every sentence is; the last telling one names the kind (`Ok. Thanks!` is thanks)."""
    whole = small_talk(message)
    if whole or not text.sentences:
        return whole or Small.UNCLEAR
    kinds = [small_talk(one.text) for one in text.sentences[:10]]
    telling = [kind for kind in kinds if kind not in (None, Small.OK, Small.UNCLEAR)]
    if None not in kinds:
        return telling[-1] if telling else kinds[-1]
    answers = [len(one.text.split()) < 5 and (says_yes(one.text) or says_no(one.text)) for one in text.sentences[:3]]
    return Small.OK if all(answers) and len(text.sentences) <= 3 and not any(map(_asked, text.sentences)) else None


def _question(text: Text) -> str:
    """All that is asked, one after the other, as typed."""
    return " ".join(text.shown(found) for found in map(_asked, text.sentences) if found)


def _asked(sentence: Sentence) -> str:
    """What one sentence asks, without what it states before; empty if it asks nothing."""
    if commands.is_command(sentence.text) or only_asks_to_remember(sentence.text) or small_talk(sentence.text):
        return ""
    bare = unwrapped(sentence.text).text
    if not bare or (
        not sentence.asks and len(bare) < 30 and _answer(sentence.text) and not (asks(bare) and " " in bare[5:])
    ):
        return ""
    if starts_by_asking_to_remember(sentence.text):
        return sentence.text + "?" if sentence.asks and not facts(sentence.text) else ""
    parts = [part.text for part in clauses(bare)]
    mark = "?" if sentence.asks else ""
    if tagged(bare):
        return bare + mark
    for index, part in enumerate(parts):
        clause = unwrapped(part).text
        if asks(clause) or turns(clause) or (requests(clause) and not is_fact(clause)):
            return bare[bare.find(part) :] + mark if index and part in bare else bare + mark
    return bare + mark if sentence.asks else ""
