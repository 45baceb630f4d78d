"""Reads a yes or a no to what was asked, and which of several is meant."""

from __future__ import annotations

import re

from memories.assistant.plain import plain
from memories.assistant.words import any_of

_LEAD = r"(?:(?:oh|well|ok|okay|um|uh|hmm|ah|and|alright|right|great|cool|please|thanks|sorry|hey|haha|actually) )*"
_THEM = any_of("it that them this both all these those all_of_them all_of_it both_of_them that_one this_one")
_LATER = r"(?: (?:please|now|thanks|thank you|then|yes|for me|anyway))*$"
_DELETE = any_of("forget delete remove erase wipe")

# Words that agree, whatever follows them.
_YES_WORDS = any_of(
    "yes yea yeah yeh yep yup ya aye affirmative absolutely definitely certainly of_course indeed go_ahead go_for_it "
    "do_it "
    "do_that please_do confirm confirmed i_confirm proceed by_all_means yes_please sure_thing"
)
# Those that agree only if they are all that is said: "sure is cold today" does not.
_YES_WHOLE = (
    rf"(?:y|sure|correct|exactly|right|positive|why not|ok sure|i (?:do|am sure|agree)|that is (?:right|correct|the "
    rf"one)|"
    rf"(?:ok|okay|sure) (?:do|go|yes|please)(?: (?:it|that|so|ahead))?|do so|make it so|{_DELETE} {_THEM}|"
    rf"(?:ok|okay|sure) {_DELETE} {_THEM}|(?:both|all)(?: of (?:them|these|those))?|all (?:two|three|four|five)|"
    rf"(?:replace|update|change) (?:it|that|them))"
)
_YES = re.compile(rf"{_LEAD}(?:{_YES_WORDS}\b|{_YES_WHOLE}{_LATER})")
_NO_WORDS = any_of(
    "no(?!_(?:longer|one)) nope nah naw nay never_mind nevermind nvm cancel abort negative wait hold_on false_alarm "
    "rather_not "
    "please_keep on_second_thoughts? better_not neither do_not_(?:do|touch|bother) i_changed_my_mind "
    "i_would_rather_not "
    "i_do_not_want_(?:to|that) i_want_to_keep not_(?:now|yet|really|that|this|today|at_all|those|the|any)"
)
_NO_WHOLE = (
    rf"(?:n|do not|stop|skip|not sure|stop (?:it|that)|skip (?:it|that)|forget about it|none(?: of (?:them|these|"
    rf"those))?|"
    rf"do not {_DELETE} (?:{_THEM}|anything|any)|(?:keep|leave) (?:{_THEM}|everything|(?:it|that|them|this) .*)|keep|"
    rf"leave|"
    rf"keep (?:the|my) .*)"
)
_NO = re.compile(rf"{_LEAD}(?:{_NO_WORDS}\b|{_NO_WHOLE}{_LATER})")
_BACK = re.compile(r"\b(?:no|not|never|wait|cancel|stop|keep|leave|but|except|unless|actually|hold)\b")
_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
}
_ORDINAL = any_of("first second third fourth fifth sixth")
_PICK = re.compile(
    rf"(?:(?:yes|yeah|yep|ok|okay|sure|just|only|please|the|number|no|nr|numbers|item|option|memory|forget|delete|"
    rf"remove|erase|and|one|ones|do|with|but|that|it|go|ahead|is|two|three|four|five|six|{_ORDINAL}|\d{{1,2}})(?: |"
    rf"$))+$"
)
_PICKED = re.compile(rf"\b(?:{_ORDINAL}|\d{{1,2}}|number (?:one|two|three|four|five|six))\b")
_REMEMBER = re.compile(
    r"(?:(?:yes|please|ok|okay|sure|do|and|yeah) )*(?:remember|save|store|learn) (?:it|that|this|them)(?: "
    r"(?:again|after all|please|now|anyway|once more))*$"
)


def says_yes(text: str) -> bool:
    """Whether a message agrees, whatever else it says. Half a yes (`yes, but keep the job`) counts as a no."""
    if picked(text):
        return True
    first, words = _first(text), plain(text[:300])
    found = _YES.match(plain(first))
    return found is not None and not first.endswith("?") and not _BACK.search(words[found.end() :])


def says_no(text: str) -> bool:
    """Whether a message declines, or agrees with a reserve: what was asked must then not be done."""
    if picked(text):
        return False
    first = _first(text)
    if first.endswith("?"):
        return False
    return bool(_NO.match(plain(first))) or (bool(_YES.match(plain(first))) and not says_yes(text))


def picked(text: str) -> tuple[int, ...]:
    """Which of a numbered list is meant: `the second one` -> (2,); empty if none is named."""
    words = plain(text[:300])
    if not _PICK.match(words) or re.match(r"no\b(?! \d)", words):
        return ()
    found = [_number(word) for word in _PICKED.findall(words)]
    return tuple(dict.fromkeys(number for number in found if number > 0))


def wants_it_again(text: str) -> bool:
    """`Remember it again`, said to a fact that was once forgotten."""
    return bool(_REMEMBER.match(plain(text[:300])))


def _first(text: str) -> str:
    """The first sentence of a message, with its mark."""
    return re.split(r"(?<=[.!?\n])\s", text.strip()[:300], maxsplit=1)[0].strip()


def _number(words: str) -> int:
    word = words.split()[-1]
    return int(word) if word.isdigit() else _ORDINALS.get(word, 0)
