"""Recognises standing instructions: how the person wants to be treated from now on."""

from __future__ import annotations

import re

from memories.assistant.plain import plain
from memories.assistant.words import LANGUAGES, any_of

_THIS = r"(?!(?:this|that|it|these|those|me$)\b)"
_FROM_NOW = r"(?:from now on|in (?:the )?future|going forward|as a rule|by default|for future reference)"
_SERVICES = any_of(
    "answer reply respond use give call address suggest recommend mention include offer show write speak talk ask "
    "keep put add avoid "
    "explain start end book order choose pick remind refer send cite check assume translate tell provide format "
    "consider plan prefer "
    "spell serve make be round quote share propose bring sign greet take let treat convert list summari[sz]e double "
    "discuss contact "
    "schedule reserve seat cook buy select default stick"
)
_UNITS = any_of(
    "metric imperial celsius fahrenheit british american emojis? 24 12 simple plain formal informal gender they he she "
    "my_(?:first|last|full|nick) short bullet kilomet euros? dollars? pounds us uk"
)
_NOT_A_NAME = any_of(
    "later back tomorrow at when if an? crazy old stupid today tonight on now that it again what maybe soon please "
    "anytime before after in up when"
)
_WHEN_ASKED = re.compile(
    r"(?:please )?(?:when|whenever|every time|each time|if) (?:i|we) (?:ask|say|write|talk|mention|request|want) "
    r"(?!(?:it|this)\b).{2,60} "
    r"(?:use|give|answer|keep|include|avoid|always|never|show|reply|suggest|write|do not|call|prefer) .*"
)
_WISHED = re.compile(
    r"(?:i|we) (?:want|would like|need|prefer|would prefer) (?:you to|that you|it if you|if you) .{0,40}"
    r"(?:always|never|from now on|in (?:the )?future|every time|whenever|call me|address me|answer (?:me )?in|reply "
    r"in|use (?:metric|simple|they))\b"
    r"|(?:i|we) (?:\w+ )?(?:want|like|love|prefer|would like) (?:\w+ )?(?:short|brief|concise|long|detailed|simple|"
    r"direct) (?:answers|replies|responses|explanations)\b"
)
_INSTRUCTIONS = tuple(
    re.compile(r"(?:please )?" + pattern)
    for pattern in (
        rf"{_FROM_NOW} (?:please )?(?!i\b|we\b|my\b|our\b)\w+ \w+",
        rf"(?:always|never) (?:\w+ly )?{_SERVICES} \S+",
        rf"{_SERVICES} .{{2,80}} (?:{_FROM_NOW}|always|every time)$",
        rf"(?:do not|never) (?:ever )?(?:call|address|suggest|recommend|use|mention|include|offer|serve|assume|"
        rf"propose|share|book) {_THIS}"
        rf"(?!me (?:{_NOT_A_NAME}\b|$))\w+",
        rf"(?:do not|never) (?:ever )?(?:give me|ask me about|show me|bring up|speak|talk|answer|reply|respond) "
        rf"{_THIS}(?!the |to me$)\w+",
        rf"use (?:only )?{_UNITS}",
        rf"(?:always )?(?:answer|reply|respond|write|talk|speak|communicate)(?: to me| with me| me)? (?:only )?in "
        rf"(?:\w+ )?{LANGUAGES}$",
        rf"(?:just |always )?(?:call|address) me (?:as )?(?!{_NOT_A_NAME}\b)\w+",
        rf"you (?:can|may|should|could) (?:just |also |always )?(?:call|address) me (?:as )?(?!{_NOT_A_NAME}\b)\w+",
        r"keep (?:(?:all|the|of|your) )*(?:answers|replies|responses|explanations|messages) \w+",
        r"(?:be|stay) (?:always |more )?(?:brief|concise|formal|informal) (?:with me|in your|when)\b",
        rf"avoid (?:using|suggesting|recommending|mentioning) {_THIS}\w+",
        rf"stop (?:calling me|suggesting|recommending|using|mentioning|asking me about) {_THIS}\w+",
    )
)


def is_standing(text: str) -> bool:
    """Whether a clause tells how to treat the person from now on: `never suggest seafood`, `call me Sam`."""
    words = plain(text)
    return answers_a_case(text) or is_wished(words) or any(pattern.match(words) for pattern in _INSTRUCTIONS)


def answers_a_case(text: str) -> bool:
    """`When I ask for code, use Python`: a condition, but an instruction all the same."""
    return bool(_WHEN_ASKED.fullmatch(plain(text)))


def is_wished(words: str) -> bool:
    """`I want you to always answer in French`, as plain words."""
    return bool(_WISHED.match(words))
