"""Recognises what one does not eat, or cannot bear, where it is said less than plainly."""

from __future__ import annotations

import re

from memories.assistant.words import DIETS, POINTING

_ILLS = r"(?:allergy|allergies|intolerance|asthma|adhd|diabetes|hay fever|coeliac|celiac|migraines|reflux|ibs)"
_REASON = (
    rf"(?:i|we|my \w+(?: \w+)?) (?:(?:am|are|is) (?:\w+ly )?(?:allergic|intolerant|sensitive|{DIETS}|pregnant|"
    r"on an? (?:[\w-]+ )?diet|muslim|jewish|hindu)|"
    rf"(?:have|has) (?:an? )?(?:\w+ ){{0,2}}(?:{_ILLS}|stomach|condition|disease)|"
    r"(?:do|can|does) not (?:eat|have|drink|tolerate|digest|stand))\b"
)
_NO_DISH = (
    r"(?!problem|idea|need|worries|worry|thanks|thank|more|rush|hurry|way|offen[cs]e|doubt|wonder|one\b|joke|matter|"
    r"kidding|pun|stress|pressure)"
)
_ORDERED = re.compile(
    rf"(?:no|nothing|without) {_NO_DISH}\S+(?: \S+){{0,3}}?(?: (?:please|pls|thanks))* "
    rf"(?:(?:because|since|as) )?{_REASON}"
)
_BARE = re.compile(r"(?:i am|we are|my \w+ is) (?:\w+ly )?(?:allergic|intolerant)(?: to (?:them|it|those|that))?")
_IS = r"(?:am|is|are|be|getting|becoming) (?:\w+ly )?(?:an? )?(?:bit |little )?"
_AILS = (
    rf"(?:{_IS}(?:allergic to|(?:\w+ )?intolerant|sensitive to|asthmatic|ana?emic)|"
    rf"(?:have|has) (?:an? )?(?:\w+ )?{_ILLS})(?! {POINTING})"
)
_TRAITS = (
    rf"(?:{_AILS}|{_IS}(?:{DIETS}|pregnant|night owl|morning person|early riser|left-handed|colou?r-?blind|dyslexic|"
    r"autistic))"
)
_WHO = r"(?:i|we|my \w+|our \w+)"
_SUPPOSED = re.compile(
    r"(?:(?:(?:i|we) (?:\w+ly )?(?:think|believe|suspect|guess|suppose|reckon)|"
    r"i am (?:pretty|fairly|quite|almost|rather|very) (?:sure|certain)|maybe|perhaps|probably) "
    rf"(?:that )?(?!.*\bmaybe not\b){_WHO} (?:\w+ly )?(?:(?:might|may|could) )?{_TRAITS}"
    rf"|{_WHO} (?:might|may) {_AILS})"
)


def is_ordered(words: str) -> bool:
    """`No nuts please, I'm allergic`, as plain words: what is not wanted, and why."""
    return bool(_ORDERED.match(words))


def is_bare(words: str) -> bool:
    """`I am allergic`, as plain words: to what, the sentence before tells."""
    return bool(_BARE.fullmatch(words))


def is_supposed(words: str) -> bool:
    """`I think I am allergic to shrimp`, as plain words. Kept no surer than it was said, and only where it is of the
    kind that one had better know: of other things one often only thinks aloud."""
    return bool(_SUPPOSED.match(words))
