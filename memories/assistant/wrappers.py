"""Takes politeness and framing off a sentence: `by the way, I'm vegan, please remember that` -> `I'm vegan`."""

from __future__ import annotations

import dataclasses
import re

from memories.assistant.sentences import is_hidden

_REMEMBER = (
    r"(?:remember(?:ed|ing)?|not(?:e|ed|ing)|memori[sz]e|keep(?:ing)? in mind|bear(?:ing)? in mind|mak(?:e|ing) "
    r"(?:a )?note|tak(?:e|ing) note|save|store|record|write down|not(?:e)? down|jot down|don['’]?t (?:ever )?forget|"
    r"do not forget|never forget|learn|be aware|know)"
)
_THAT = (
    r"(?: (?:for (?:me|later|next time|the future)|this|the following|about me))?"
    r"(?:\s*[:,–—-]\s*|\s+(?:that|also)\b,?\s*|\s+)"
)

# "Remember that ...", "Can you please note: ...", "I want you to know that ...": the person asks for it to be kept.
_ASKED = re.compile(
    r"(?:(?:can|could|would|will) you |(?:i['’]?d|i would) (?:like|love|want) you to |i (?:also )?(?:want|need) you "
    r"to |"
    r"you (?:should|must|need to|have to) |i (?:do )?hope (?:that )?you (?:can |will )?|i hope you['’]?ll |"
    r"(?:it would|it['’]?d|would) be (?:\w+ )?(?:great|nice|good|helpful|useful|lovely|kind|wonderful|cool) if you "
    r"(?:could |would |can )?|(?:i['’]?d|i would) (?:really )?appreciate it if you (?:could |would |can )?|"
    r"(?:(?:could|can|may) i|(?:i['’]?d|i would) like to) ask you to |i was hoping (?:that )?you (?:could|would) |"
    r"(?:make|be) sure (?:that )?(?:you |to )|(?:would|do) you mind |do me a favou?r and |"
    r"if you (?:do not|don['’]?t|would not|wouldn['’]?t) "
    r"mind,? |if (?:it is |it['’]?s )?possible,? |"
    r"(?:please|also|just|always|do|and|so|kindly|maybe) )*"
    rf"{_REMEMBER}{_THAT}(?=\S)",
    re.IGNORECASE,
)
# "I want to let you know that ...": framing only.
_TELL = (
    r"(?:mention|add|tell you(?: something)?|say|note|share|point out|let you know|clarify|inform you|admit|confess)"
)
_FRAMED = re.compile(
    r"(?:"
    rf"(?:i (?:just |also )*(?:wanted to|want to|need to|should(?: probably)?|forgot to|have to|must)|(?:i['’]?d|i "
    rf"would) (?:just |also )*like to|(?:just |also )*(?:wanted|want|have) to|"
    rf"let me|allow me to)(?: just| also)* {_TELL}|"
    r"i meant?(?: to say)?(?=,? (?:that )?(?:i|my|we|our)\b)|"
    r"you (?:may|might) (?:want|like) to know|let it be known|"
    r"it (?:may|might|could|would) (?:help|be (?:useful|helpful|good|worth)) (?:for you )?to know|"
    r"as i (?:said|mentioned|told you)(?: before| earlier)?|like i said|i (?:already )?(?:told|mentioned to) you(?: "
    r"before| already)?|"
    r"it['’]?s (?:also )?important (?:to (?:know|note|remember)|for you to know)|"
    r"the (?:thing|truth|fact) is|(?:it )?turns out|one (?:more )?thing (?:about me|you should know)(?: is)?|"
    r"(?:something|one thing|a (?:fun )?fact|an important fact) about me is|another thing is|"
    r"just so you know|so you know|(?:just )?for the record|for your info(?:rmation)?|as you (?:may |might )?know|"
    r"in case you(?: were)? wonder(?:ed|ing)?|by the way|to be (?:honest|clear|fair|precise)|in fact|of course|"
    r"sorry (?:to|for|about) [\w ]{2,40}?(?:,? but|(?=, (?:i|i['’]\w+|my)\b))|no,? (?:thanks|thank you)(?=,)|"
    r"first of all|last but not least|on (?:another|a side) note"
    r")(?:\s*[:,–—-]\s*|\s+that\b,?\s*|\s+|$)",
    re.IGNORECASE,
)
# The same as a heading, only with a mark after it: "About me: ...".
_HEADED = re.compile(
    r"(?:something about me|(?:one|another) thing to (?:note|know|remember)|(?:(?:great|good|bad|sad|big|happy|some|"
    r"small|quick|little) )?(?:news|update)|(?:(?:a|some|one|another|one more|(?:a )?few|(?:a )?couple of|"
    r"(?:a )?quick|(?:a )?fun) )?(?:things?|facts?|"
    r"notes?|details?|bit|little)"
    r"(?: (?:more )?about (?:me|myself))?|(?:all )?about (?:me|myself)|correction|note to self|reminder|my "
    r"(?:details|profile|info)|"
    r"(?:some |for )?(?:context|info|(?:future )?reference|background)|"
    r"(?:(?:a|one|just a) )?(?:quick |small |little |short )?(?:notes?|info|heads[ -]?up)(?: (?:for|to) you)?|"
    r"(?:my )?preferences|(?:very )?important|to sum (?:it )?up|in short|long story short|(?:two|three) things|"
    r"before i forget|while i (?:remember|am at it)|for what it['’]?s worth|(?:(?:just )?in case|if) (?:it|that|this) "
    r"(?:matters|helps|is (?:relevant|useful|of use))|truth be told|to tell (?:you )?the truth|guess what|you see|"
    r"scratch that|what i meant (?:is|was))\s*[:,–—-]\s*",
    re.IGNORECASE,
)
# Single words that only open a sentence. "no" and "yes" answer what was asked; what follows may be a fact.
_OPENERS = re.compile(
    r"(?:please|pls|plz|lol|lmao|(?:ha){2,}h?|(?:he){2,}|"
    r"(?:hey|hi|hello)(?: (?:there|again|all|assistant|bot))?|good (?:morning|"
    r"afternoon|evening)|dear "
    r"assistant|ok(?:ay)?|so|well|"
    r"actually|also|oh|ah|and|but|anyways?|(?:just )?(?:btw|fyi)|jsyk|tbh|honestly|frankly|personally|basically|"
    r"unfortunately|fortunately|luckily|sadly|obviously|secondly|second|firstly|first|third|thirdly|finally|lastly|additionally|plus|"
    r"however|yes|yeah|yep|yup|no|nope|nah|sure|right|hmm+|um+|uh+|er+m*|thanks|thank you|cool|great|nice|sorry|wait|"
    r"listen|look|see|"
    r"besides|moreover|ps|p\.s\.)(?:[\s,:!.…–—-]+|$)",
    re.IGNORECASE,
)
_NOT_OPENERS = re.compile(
    r"(?:no|so|right|second|first|third|look|see|sure|great|nice|cool|sorry|thanks|listen|wait|besides|plus)\s+"
    r"(?!(?:i|i['’]\w+|im|ive|my|we|our|we['’]\w+|please)\b)",
    re.IGNORECASE,
)

_KEEP = (
    r"(?:(?:can|could|would|will) you |please |pls |kindly |also |just |do |and |so |you should )*"
    r"(?:remember|note|memori[sz]e|save|store|record|keep|don['’]?t forget|do not forget|never forget|make (?:a "
    r")?note of|take note of)"
    r"(?: (?:that|this|it|them|these|those|all (?:of )?(?:that|this|it)))?"
    r"(?: (?:in mind|down|about me|for (?:me|later|next time|the future|future reference)|please|in (?:the )?future|"
    r"too|ok(?:ay)?))*"
)
_ASKED_AFTER = re.compile(rf"{_KEEP}$", re.IGNORECASE)
_AFTER = re.compile(
    r"(?:by the way|btw|fyi|jsyk|thanks(?: a lot| so much)?|thank you(?: very much| so much)?|thx|please|pls|(?:just "
    r")?so you know|"
    r"you know|ok(?:ay)?|lol|haha+|for the record|for (?:your information|context|reference)|if (?:that|it) (?:helps|"
    r"matters)|as you (?:may )?know|"
    r"(?:just )?in case(?: you (?:were )?wonder(?:ed|ing)?)?|tbh|to be honest|honestly|actually|though|(?:so |"
    r"please )*(?:be careful|take care|beware|watch out))$",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\s?[,;:()–—]\s?|\s-+\s|\s(?=(?:please|btw|fyi|thanks|thank you|thx|lol|haha|by the way)\b)|\s(?=(?:and|so) "
    r"(?:please )?(?:remember|note|don))",
    re.IGNORECASE,
)
_TAIL = 80
_OPENING, _CLOSING = "([€$£#+'’", ")]%°\"'’+#*€$£"
_ROUNDS = 10


@dataclasses.dataclass(frozen=True, slots=True)
class Bare:
    """A sentence without its wrapping."""

    text: str
    asked: bool
    """The person asked in so many words that it be remembered."""


def unwrapped(text: str) -> Bare:
    """The sentence without politeness around it. At most ten rounds over it, each linear."""
    asked = False
    text = _trimmed(text)
    for _ in range(_ROUNDS):
        shorter, more = _without_tail(_without_head(text))
        if shorter == text:
            break
        asked = asked or more or bool(_ASKED.match(text))
        text = shorter
    return Bare(text, asked)


def only_asks_to_remember(text: str) -> bool:
    """`Please remember that`: it names nothing itself, it means what was said just before."""
    return bool(_ASKED_AFTER.match(_trimmed(text))) and not re.fullmatch(
        r"(?:please )?(?:note|save|keep|store|record)", text
    )


def starts_by_asking_to_remember(text: str) -> bool:
    """`Could you remember I'm allergic to nuts`: in the shape of a question, but not one."""
    return bool(_ASKED.match(_trimmed(text)))


def _trimmed(text: str) -> str:
    """Without the marks and emojis at both ends. Loops, since a regex for the tail would be quadratic."""
    start, end = 0, len(text)
    while start < end and not (text[start].isalnum() or is_hidden(text[start]) or text[start] in _OPENING):
        start += 1
    while end > start and not (text[end - 1].isalnum() or is_hidden(text[end - 1]) or text[end - 1] in _CLOSING):
        end -= 1
    return text[start:end]


def _without_head(text: str) -> str:
    for pattern in (_HEADED, _ASKED, _FRAMED, _OPENERS):
        found = pattern.match(text)
        if found and found.end() and not (pattern is _OPENERS and _NOT_OPENERS.match(text)):
            return _trimmed(text[found.end() :])
    return text


def _without_tail(text: str) -> tuple[str, bool]:
    """Cuts what follows the last comma or dash, or a bare `thanks`, where it is only politeness."""
    for cut in _CUT.finditer(text, max(0, len(text) - _TAIL)):
        tail = _trimmed(text[cut.end() :])
        if cut.start() and _ASKED_AFTER.match(tail):
            return _trimmed(text[: cut.start()]), True
        if cut.start() and _AFTER.match(tail):
            return _trimmed(text[: cut.start()]), False
    return text, False
