"""Tells what asks for something: a question, with or without its mark, or a request."""

from __future__ import annotations

import re

from memories.assistant.plain import plain
from memories.assistant.words import ASKED_THINGS, any_of, each

_WHO = (
    r"(?:i|you|we|he|she|it|they|this|that|these|those|there|my|our|your|his|her|their|the|a|an|any(?:one|body|"
    r"thing)?|some\w*)"
)
_AUX = (
    r"(?:can|could|should|would|will|shall|may|might|must|do|does|did|am|is|are|was|were|have|has|had|"
    r"can not|do not|does not|did not|is not|are not|should not|could not|would not|will not|have not|has not)"
)
# Where the words turn round ("what should I", "can I", "is my"), or where an offer is asked for ("any ideas").
_QUESTION = re.compile(
    rf"(?:(?:what|which|who|whom|whose) |what|(?:how|why)(?: \w+)? {_AUX}\b|how (?:much|many|long|often|far|old|big|"
    rf"about|come|to)\b|why not\b|"
    rf"(?:where|when) {_AUX}\b|why\b|"
    rf"(?:in|at|on|for|to|with|from|by|about|of|during|under|since|until) (?:what|which|whom|whose)\b|"
    rf"{_AUX} {_WHO}\b|any (?:\w+ )?(?:ideas?|suggestions?|recommendations?|thoughts?|tips?|advice|chance|idea|"
    rf"recipes?|plans|questions)\b|"
    r"(?:do|does|did|is|are|was|were|has|have|can|could|will|would|should) (?!not\b)\w+ (?:\w+ )?(?:like|know|remember|"
    r"have|need|want|mean|work|speak|live|a|an|"
    r"the|ok|okay|safe|good|bad|healthy|allowed|better|suitable|dangerous|vegan|vegetarian|in|allergic)\b|"
    r"guess (?:what \w|who|where|how)\b|remind me\b|wanna\b|what if\b)"
)
# Sure signs only, since "my son, who is four" and "people who are deaf" are no questions.
_TURNED = re.compile(
    rf"(?:(?:what|how|why)(?: \w+){{0,2}} {_AUX} {_WHO}\b|(?:what|how|why) (?:is|are|about)\b|"
    rf"(?:which|who|where|when)(?: \w+)? (?:should|can|could|do|does|would|did|shall|might) {_WHO}\b|"
    r"(?:can|could|should|would|will|do|does|did|am|is|are|may|shall|might) (?:i|you|we|it|this|that|they|he|she|"
    r"there)\b|"
    r"(?:which|what) \w+ (?:should|can|could|do|would|is|are)\b|"
    r"any (?:\w+ )?(?:ideas?|suggestions?|recommendations?|thoughts?|tips?|advice)\b|what if\b)"
)
_TURNED_WORDS = each(
    "what how why which who where when can could should would will do does did am is are may shall might any what's "
    "how's"
)
_STATED_HOW = re.compile(
    r"(?:what|how|where|when|who) (?:i|we|my|our)\b|when(?:ever)? (?:i|we|my|our|\w+ing)\b|what (?:a|an) \w+"
)

_TAG = re.compile(rf"{_AUX} (?:i|you|we|he|she|it|they)(?: not)?")
_SURE_TAG = re.compile(
    r" (?:(?:am|is|are|do|does|did|have|has|was|were|can|should) not|are not) (?:i|we|you|he|she|it|they)$"
)

# Verbs with which one asks an assistant to make something.
_MAKE = any_of(
    "tell show give find help write draft compose explain describe translate summari[sz]e rewrite rephrase "
    "paraphrase proofread "
    "correct fix edit review analy[sz]e suggest recommend list plan book order search look_up look check compare "
    "calculate compute "
    "convert create make generate design build draw read recite sing play schedule set remind define solve count "
    "name_(?:a|an|some|the|me|two|three|five|ten|\\d+) pick choose "
    "decide guess teach advise continue finish complete repeat expand shorten improve debug refactor test send open "
    "start stop "
    "go let come do try say spell print buy get bring add put change turn run cook prepare wake email call text ask "
    "answer reply respond "
    "pretend imagine act consider assume suppose think believe wish hope brainstorm outline rank rate format sort "
    "fill provide share outline"
)
_REQUEST = re.compile(
    rf"(?:(?:please|just|kindly|then|now|also) )*(?:{_MAKE} |{_MAKE}$|(?:i|we) (?:really |just |also |now )*(?:need|"
    rf"want|would like|would love|would appreciate|require) "
    r"(?:you to|your|help|some help|advice|some advice|a hand|an answer|to (?:know|ask|hear|see|find out|understand|"
    r"check|book|order|talk|discuss))\b|"
    r"(?:i am|we are) (?:\w+ )?(?:looking for|asking|wondering|curious|trying to (?!lose|quit|stop|eat|cut|reduce|"
    r"conceive|have a|get pregnant|gain|save|avoid|drink)|hoping)|"
    rf"(?:i|we) (?:really |just |also |now )*(?:need|want|would like|would love|could use) {ASKED_THINGS}\b|"
    r"(?:let us|lets|let's) |(?:i|we) (?:wonder|wondered|was wondering|were wondering)\b)"
)
_ABOUT_TEXT = re.compile(
    r"(?:.{0,40}\b)?(?:translate|summari[sz]e|rewrite|rephrase|paraphrase|proofread|correct|fix|edit|review|"
    r"analy[sz]e|explain|spell.?check|"
    r"grammar|shorten|improve|reply to|respond to|answer|continue|complete|repeat|classify|format|convert|read|check|"
    r"critique|comment on|"
    r"write|draft|say|essay|letter|poem|lyrics|e-?mail|text|message|sentence|paragraph)\b",
    re.IGNORECASE,
)
_FOLLOWS = re.compile(
    r"\b(?:the following|this|these|below|the (?:text|sentence|paragraph|e-?mail|message) below)\b|:\s*$|:\s",
    re.IGNORECASE,
)

_TEXTS = r"(?:e-?mail|message|letter|text|note|post|review|tweet|quote|poem|bio|story)"
_BROUGHT = re.compile(
    rf"(?:here(?: is|['’]s)|this is|below is) .{{0,60}}?(?:\b{_TEXTS} .{{0,30}}?\b(?:from|by) (?!me\b)|"
    rf"\w['’]s? {_TEXTS}\b).{{0,40}}:(?:\s|$)",
    re.IGNORECASE,
)
"""`Here is an e-mail from Tim: ...`."""


def asks(text: str) -> bool:
    """Whether a clause begins like a question, whatever it ends with."""
    words = plain(text)
    return bool(_QUESTION.match(words)) and not _STATED_HOW.match(words)


def turns(text: str) -> bool:
    """As `asks`, but sure enough to cut a sentence before it: `I'm vegan what should I cook`."""
    first = text.split(" ", 1)[0].lower()
    if first not in _TURNED_WORDS:
        return False
    words = plain(text)
    return bool(_TURNED.match(words)) and not _STATED_HOW.match(words)


def tagged(text: str) -> bool:
    """Whether a statement is turned into a question by its end: `I live in Lisbon, don't I`, `my name is Jo, right`."""
    before, _, end = text.rpartition(",")
    return bool(before and _TAG.fullmatch(plain(end[:60]))) or bool(_SURE_TAG.search(plain(text[-60:])))


def requests(text: str) -> bool:
    """Whether a clause asks the assistant to do something."""
    return bool(_REQUEST.match(plain(text)))


def brings_material(text: str) -> bool:
    """`Translate this: ...`: what follows is material to work on and not about the person."""
    if _BROUGHT.match(text[:200]):
        return True
    if not (requests(text) or asks(text)):
        return False
    return bool(_ABOUT_TEXT.match(text[:200])) and bool(_FOLLOWS.search(text[:300]))
