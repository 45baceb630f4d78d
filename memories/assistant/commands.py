"""Reads what is asked of the memory itself: forget something, or list everything."""

from __future__ import annotations

import dataclasses
import re

from memories.assistant.plain import plain
from memories.assistant.wrappers import unwrapped

# One word or phrase a round, none inside another: nested repeats would make a failing match exponential.
_ASK = (
    r"(?:(?:can|could|would|will) (?:you|u) |(?:i want|i would like|i need|id like|i'd like) you to |you (?:can|"
    r"should|may) |"
    r"(?:please|now|just|also|kindly|then|and|go ahead and|let us|no|so|yes|ok|okay|actually) )*"
)
_DELETE = (
    r"(?:delete|remove|erase|wipe|clear|purge|drop|unlearn|unremember|discard|get rid of|scrub|destroy|throw away)"
)
_STOP = (
    r"(?:(?:do not|stop|no longer|quit|never) (?:please )?(?:remember|remembering|keep|keeping|store|storing|"
    r"save|saving|hold on to|know|knowing|bring up|bringing up|retain|retaining)(?: track of)?)"
)
_KNOWN = (
    r"(?:what(?:ever)?|everything|anything|all|all that|the (?:things|stuff|facts|part|bit|memory|memories|note|"
    r"notes|information|info|fact|entry|entries|data|record|one)|your (?:memory|memories|notes?))"
    r"(?: (?:that )?(?:you|u) (?:know|have|remember|saved|stored|learned|learnt|keep|kept|have (?:saved|stored|"
    r"learned|on me))(?: on me)?| i (?:have )?(?:told|said|mentioned|shared)(?: you| to you)?| saying| which says| "
    r"that says)?"
    r"(?: (?:about|regarding|concerning|of|on|where|with|that))?"
)
_FORGET = re.compile(
    rf"{_ASK}(?:forget|{_DELETE}|{_STOP}|i (?:do not|no longer) want you to (?:remember|know|keep|store|use|save))\b "
    rf"?(?P<rest>.*)"
)
_NOT_FORGET = re.compile(rf"{_ASK}(?:do not|never|not|did you|do you|did i|i|you) (?:ever )?(?:forget|delete|remove)\b")
_ABOUT = re.compile(
    rf"(?:about |that |the fact that |{_KNOWN} |(?:all )?(?:of )?my (?:memory|memories|notes|facts) (?:about|of|on|"
    rf"that) |how |when )+(?=\S)"
)
_IDLE_TAIL = re.compile(
    r"(?:^|[ ,])(?:any ?more|any longer|from (?:your|the) (?:memory|memories|notes|records)|from now on|please|now|"
    r"right now|thanks|thank you|completely|entirely|for ever|forever|permanently|ok|okay|again|at all|about me|"
    r"immediately)$"
)
_EVERYTHING = re.compile(
    r"(?:(?:absolutely |literally )?(?:everything|all|it all|all of it|all of this|all of that|me|all of them|every "
    r"?(?:single )?(?:thing|memory|fact)|all (?:of )?(?:my|the|your|our) (?:memories|memory|data|facts|notes|"
    r"information|info|things)|"
    r"(?:my|the|your|our) (?:whole |entire |complete )?(?:memory|memories|data)|what you know|whatever you know|"
    r"anything|all (?:that )?you know|everything (?:that )?(?:you (?:know|have|remember|saved|stored|learned|learnt|"
    r"have saved|have stored|have learned)|i (?:have )?(?:ever )?(?:told|said)(?: you| to you)?)|"
    r"all (?:data|memories|information|info|facts)|what(?:ever)? you (?:have )?(?:know|remember|saved|stored|learned|"
    r"learnt|have saved))"
    r"(?: (?:that )?(?:you (?:know|have|remember|saved|stored|learned|have saved|have stored|have)(?: on me)?|i "
    r"(?:have )?(?:ever )?told you))?(?: (?:about|on|of) me)?)$"
)
_LATEST = re.compile(
    r"(?:that|this|it|the last (?:one|thing|part|bit|memory|fact|message)(?: i (?:said|told you|mentioned))?|what i "
    r"(?:have )?(?:just )?(?:said|told you|wrote|mentioned)(?: just now| before| last)?|"
    r"(?:that|the) last (?:thing|one|bit)|my last (?:message|memory)|that (?:one|thing|memory|fact))$"
)
_MINE = re.compile(
    r"\b(?:i|my|me|mine|we|our|memory|memories|remember|you know|facts?|"
    r"(?:everything|anything|all) (?:you have )?(?:about|on|regarding))\b"
)

_YOU = r"(?:you|u|the (?:site|system|assistant))"
_KNOW = (
    r"(?:know|remember|recall|have|saved?|stored?|learn(?:ed|t)?|got|keep|kept|remembered|know so far|noted?|"
    r"recorded?|collected?|gathered?|memori[sz]ed?)"
)
_SELF = r"(?: (?:about|on|of|regarding|concerning) (?:me|myself|us))"
_SO_FAR = (
    r"(?: (?:so far|already|now|right now|at the moment|currently|until now|up to now|in total|exactly|these "
    r"days|to date|in (?:your |the )?memory|from (?:before|our chats|our conversations)|please|to remember|and "
    r"remember|"
    r"all together))*"
)
_OVERVIEW = tuple(
    re.compile(pattern + _SO_FAR + "$")
    for pattern in (
        rf"(?:and |so |then |now )*(?:what|how much|which (?:things|facts|memories))(?: all| else| exactly| things| "
        rf"facts| information| info| data| memories| stuff)? (?:do|did|have|has|can|are|is|does) {_YOU} (?:already |"
        rf"actually |currently |all )?(?:{_KNOW}|been told|have (?:saved|stored)|storing|keeping|remembering)(?: "
        rf"(?:saved|stored|recorded|in mind|stored away|on file))?{_SELF}?",
        rf"(?:what|how much) (?:have i|did i|i have|i) (?:already |ever )?(?:told|shared|said|tell|"
        rf"mention(?:ed)?)(?: with)?(?: to)?(?: you)?{_SELF}?",
        rf"(?:please |can you |could you |would you |will you )*(?:list|show|tell|give|read|display|print|see|recite|"
        rf"share|summari[sz]e|recap|repeat)(?: me| us)?(?: back)?(?: a list of| a summary of| an overview of)? "
        rf"(?:all |everything|every|what(?:ever)?|all of |my|the|your|anything|things)+ ?(?:the |my |of |your "
        rf")*(?:memories|memory|facts|things|stuff|saved memories|stored memories|notes|information|info|data)?(?: "
        rf"of mine)?(?: (?:that )?(?:{_YOU} )?(?:have |had |can )?(?:{_KNOW})(?: (?:saved|stored))?)?{_SELF}?",
        r"(?:what is|what's|whats|what are) (?:in |on |all )?(?:my|your|the) (?:memory|memories|saved memories|"
        r"notes|facts|profile)(?: of me| about me)?",
        rf"(?:which|what) memories (?:do|have) (?:you|i) (?:have|saved|stored|got){_SELF}?",
        rf"(?:do|did|have) {_YOU} (?:know|remember|saved?|stored?|have|learned) (?:anything|something|much|a lot|any "
        rf"?thing|any (?:memories|facts|information|info))(?: saved| stored)?{_SELF}?",
        r"(?:do|can) you (?:still )?(?:remember|know|recogni[sz]e) (?:me|who i am|about me)|who am i|(?:tell|show|"
        r"remind) me (?:(?:something |anything |more |a fact )?about|who) (?:myself|me|i am)"
        r"|describe me|what am i like|what (?:is|do you have) on file(?: "
        r"about me)?",
        r"(?:please )?(?:my memories|show memories|list memories|memories|overview of my memories|everything you "
        r"(?:know|remember|have saved)(?: about me)?|tell me about me)",
        rf"(?:please |can i |could i |i want to |i would like to |let me )+(?:see|know|view|check|read|hear|look at) "
        rf"(?:all |everything |what(?:ever)? |my |the )+(?:memories|memory|facts|notes)?(?: ?(?:that )?{_YOU} "
        rf"(?:have )?{_KNOW})?{_SELF}?",
    )
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    """What is to be forgotten."""

    topic: str = ""
    """In the person's words, plain: `i am vegetarian`, `my job`."""
    everything: bool = False
    latest: bool = False
    """What was said or saved last."""


def forget(sentence: str) -> Forget | None:
    """What a sentence asks to forget, or None if it does not."""
    words = plain(sentence[:600])
    if _NOT_FORGET.match(words):
        return None
    found = _FORGET.match(words)
    if not found:
        return None
    rest = _cut_tail(found.group("rest"))
    if _EVERYTHING.match(rest):
        return Forget(everything=True)
    if rest in ("it", "about it", "about that") and "forget" in words[: found.start("rest")]:
        return None  # an idiom: never mind
    if _LATEST.match(rest):
        return Forget(latest=True)
    bare = not words[: found.start("rest")].rstrip().endswith("forget")
    if not rest or (bare and not _MINE.search(found.group("rest"))):
        return None
    about = _ABOUT.match(rest)
    topic = _own_words(sentence, rest[about.end() :] if about else rest)
    return Forget(topic=topic) if topic else None


def asks_overview(sentence: str) -> bool:
    """Whether a sentence asks for everything that is remembered."""
    words = plain(unwrapped(sentence[:300]).text)
    whole = plain(sentence[:300])
    return any(pattern.match(words) or pattern.match(whole) for pattern in _OVERVIEW)


def is_command(sentence: str) -> bool:
    """Whether a sentence is meant for the memory and states nothing."""
    return forget(sentence) is not None or asks_overview(sentence)


def _cut_tail(rest: str) -> str:
    for _ in range(4):
        shorter = _IDLE_TAIL.sub("", rest).strip()
        if shorter == rest or not shorter:
            break
        rest = shorter
    return rest


def _own_words(sentence: str, topic: str) -> str:
    """The topic as it was typed, if it can be found there (`I'm vegetarian`, not `i am vegetarian`)."""
    words = sentence[:600].replace(",", " ").split()
    for start, word in enumerate(words):
        said = ""
        for end in range(start, len(words)) if topic.startswith(plain(word)) else ():
            said = f"{said} {plain(words[end])}".strip()
            if said == topic:
                return " ".join(words[start : end + 1]).strip(" .,;:!?")
            if not topic.startswith(said):
                break
    return topic
