"""Judges one clause: does the person say something lasting of themselves or their own world?"""

from __future__ import annotations

import re

from memories.assistant import first_person, third_person
from memories.assistant.bearing import is_ordered, is_supposed
from memories.assistant.jests import allergic_in_jest
from memories.assistant.plain import plain
from memories.assistant.standing import answers_a_case, is_standing, is_wished
from memories.assistant.words import DIETS, POINTING, ROLES, WHEN, any_of

_FIRST = re.compile(r"(?:i|we) (?=\S)")
_SECOND_SUBJECT = re.compile(r"(?<!^)\b(?:i|we|my|our) (?=\S)")
_SHARE = re.compile(
    r"(?:both|half|most|all|some|one|two|three|several|none|neither|each|many|a few|the (?:eldest|youngest|oldest|"
    r"rest))(?: of)? (?=(?:my|our) )"
)
"""`Both my parents`, `one of our dogs`."""
_OF_US = re.compile(r"(?:both|neither|none|all|most|half|two|three|some|one|each) of us (?=\S)")
_KIN = re.compile(
    r"(?:mum|mom|dad|grandma|grandpa|granny)(?:'s \w+)? (?:is|was|has|lives?|lived|works?|loves?|hates?)\b"
)
"""`Mum's birthday is on 4 May`: whose she is goes without saying."""
_SUBORDINATE = (
    "when ",
    "while ",
    "whenever ",
    "because ",
    "since ",
    "as i ",
    "after ",
    "before ",
    "although ",
    "though ",
    "even though ",
    "until ",
    "once ",
    "despite ",
)
_UNREAL = re.compile(
    r"(?:if|unless|suppose|supposing|assume|assuming|imagine|pretend|say|let us say|lets say|let's say|what if|were "
    r"i|had i|hypothetically|as if|in theory|in case|"
    r"wish|i wish(?! to)|in my (?:opinion|view|dreams?|experience|novel|story|book|head)|in (?:this|the) (?:story|game|"
    r"novel|poem|song)|for example|for instance|"
    r"at first|in that case|in this case|otherwise|instead|(?:i am )?(?:just |only )*(?:kidding|joking))\b"
)
_ADVERBIAL = re.compile(
    r"(?:at|on|in|for|since|as|from|during|after|before|by|with|without|every|most|back|like my|unlike my|"
    r"these days|nowadays|last|"
    r"this|next|until|around|\w+ \w+ ago|"
    r"as of|thanks to|due to|once an?|twice an?|being an?|whenever|when|while|because|although|though|even though|"
    r"despite|right now|growing up|professionally|"
    r"sometimes|usually|often|currently|recently|normally|generally|lately|occasionally|originally|today|tomorrow|"
    r"tonight|personally|always|never|apart|besides)\b"
)

_KEYS = any_of(
    "name full_name first_name last_name nickname age birthday date_of_birth birthdate job occupation profession "
    "address phone phone_number email e-mail diet allergy allergies "
    "location city country hometown pronouns timezone time_zone language languages hobby hobbies nationality height "
    "weight blood_type shoe_size wifi favou?rite_\\w+"
)
# Statements without a subject.
_FRAGMENTS = (
    re.compile(
        rf"(?:(?:\w+[ -]){{0,3}}{DIETS}|(?:\w+[ -]){{0,2}}{ROLES}(?: of \w+)?) here(?:$| (?:no|and|with|since|for) )"
    ),
    re.compile(
        r"(?:(?:very|severely|mildly|deathly|highly|also|slightly|extremely) )?(?:allergic to|intolerant to|lactose "
        r"intolerant|gluten intolerant) ?(?!this|that|it\b|you).*"
    ),
    re.compile(
        r"(?:(?:currently|now|still) )?(?:born|raised|born and raised|based|living|located|settled) in "
        r"(?!this|that|it\b)\w+"
    ),
    re.compile(
        r"born on \w+|(?:happily )?married (?:to|with|for|since) \w+|originally from \w+|from \w+ originally|(?:\d+|"
        r"\w+ty) years old$"
    ),
    re.compile(rf"(?:an? )?(?:big|huge|massive|lifelong|great) fan of (?!{POINTING})\w+"),
    re.compile(r"(?:an? )?(?:early riser|night owl|morning person|late sleeper|picky eater|heavy sleeper)$"),
    re.compile(r"(?:proud )?(?:father|mother|mum|mom|dad|parent) (?:of|to) \w+"),
    re.compile(rf"(?:strict|lifelong|proud|committed) {DIETS}$|{DIETS} (?:since|for) \w+"),
    re.compile(r"no (?!problem|idea|need|worries|thanks|more questions|rush|hurry|way)\w+(?: \w+){0,4} for (?:me|us)$"),
    re.compile(r"(?:working|studying|employed) (?:as an?|at|for|in) \w+"),
    re.compile(
        r"(?:love|hate|prefer|enjoy|dislike|like)s? (?!(?:it|this|that|you|your|how|what|the|these|"
        r"those)\b)\w+.*(?:ing|es|s|food|music)$"
    ),
)
# "Got a new job", "Been vegan since 2019": the subject and perhaps its verb left out.
_ELIDED = (
    (
        "",
        re.compile(
            r"(?:just |recently |finally )?(?:moved|got|started|bought|quit|graduated|switched|became|retired|"
            r"adopted|grew up)\b"
        ),
    ),
    ("", re.compile(r"(?:do not|can not) (?:like|love|enjoy|stand|tolerate|drink|smoke|eat|drive|swim)\b")),
    ("have ", re.compile(r"been \w+ .*(?:since|for)\b")),
    (
        "am ",
        re.compile(rf"(?:moving|flying|getting married|retiring|travell?ing|expecting|starting|training)\b.*{WHEN}"),
    ),
)
_KEYED = re.compile(rf"{_KEYS}\s*[:=]\s*\S", re.IGNORECASE)


def is_fact(text: str) -> bool:
    """Whether a clause is a statement of the person about themselves that is worth remembering."""
    words = plain(text)
    if not words or (_UNREAL.match(words) and not answers_a_case(text)):
        return False
    if allergic_in_jest(words):
        return False
    if is_supposed(words) or is_ordered(words):
        return True
    if _FIRST.match(words):
        return _first_person(words)
    if among := _OF_US.match(words):
        return first_person.lasts(words[among.end() :])
    share = _SHARE.match(words)
    if _KIN.match(words):
        words = f"my {words}"
    if words.startswith(("my ", "our ")) or share:
        words = words[share.end() :] if share else words
        return third_person.tells_of_mine(words) or third_person.tells_of_me(words)
    if is_standing(text) or _KEYED.match(text) or any(pattern.match(words) for pattern in _FRAGMENTS):
        return True
    if third_person.tells_of_me(words):
        return True
    for left_out, pattern in _ELIDED:
        if pattern.match(words):
            return first_person.lasts(left_out + words)
    return bool(_ADVERBIAL.match(words)) and _after_adverbial(text, words)


def is_unreal(text: str) -> bool:
    """Whether a clause opens something that is not so (`if`, `I wish`); what is joined to it is not so either."""
    words = plain(text[:200])
    if answers_a_case(text[:200]):
        return False
    return bool(_UNREAL.match(words)) or (
        words.startswith(("i ", "we ")) and first_person.unreal(words.split(" ", 1)[1])
    )


def is_reported(text: str) -> bool:
    """Whether somebody else speaks in the clause: `my boss says I never listen`."""
    return bool(_REPORTED.match(plain(text[:200]))) or is_anothers(text)


def is_spoken(text: str) -> bool:
    """Whether it begins with the name of who says it."""
    return bool(_SPEAKER.match(text[:200]))


def is_anothers(text: str) -> bool:
    """Whether a sentence ends by telling who else said it."""
    return bool(_SAID_AFTER.search(text[-60:]))


_SAID_AFTER = re.compile(
    r",\s*(?:(?:said|says|asked|asks|replied|shouted|whispered|sang|answered) (?!(?:i|we)\b)[\w .]{2,40}|"
    r"as (?!i\b|we\b)(?:\w+ ){1,3}(?:said|says|sang|sings|wrote|put it)|"
    r"(?:or so |so |at least )?(?!(?:i|we|you)\b)(?:(?:my|our|the) )?[\w'’-]+(?: (?!(?:i|we|you)\b)[\w'’-]+){0,2} "
    r"(?:said|says|told (?:me|us)|tells (?:me|us)|replied|replies|answered|wrote|writes|whispered|shouted|sang|sings|"
    r"asks?|asked|thinks|thought|claims|claimed|insists|insisted|jokes|joked|complains|complained|wonders|wondered)"
    r"(?: to (?:me|us|him|her|them))?)$",
    re.IGNORECASE,
)
"""`..., said Tim`, `..., my sister says`: the words were theirs."""
_SPEAKER = re.compile(rf"(?!(?i:{_KEYS}):)[A-Z][a-z'’-]+(?: [A-Z][a-z'’-]+)?:\s(?=.*\b(?i:i|me|my|we|us|our|here)\b)")
"""`Tim: fish makes me sick`, as chats are copied."""
_REPORTED = re.compile(
    r"(?!(?:i|we)\b)(?:[\w'-]+ ){1,5}?(?:says?|said|thinks?|thought|told|tells|asked|claims?|claimed|insists?|"
    r"believes? (?:that|i|we)|wrote|texted|mentioned|replied|complains?|jokes?|"
    r"quotes?|goes like|(?:keeps?|kept) (?:telling|saying))\b"
    r"|according to |(?:the )?(?:song|lyrics|quote|poem|text|title|article|book) |i (?:said|told|quote|sang|heard|"
    r"asked|answered|replied|read that|read somewhere|wrote that)\b"
)


def is_declared(text: str) -> bool:
    """Whether a clause states anything that can stand alone; enough where the person asked for it to be remembered."""
    words = plain(text)
    if _NAMED.match(text):
        return True
    if _POINTS.match(words) or is_reported(text) or is_unreal(text):
        return False
    if _FIRST.match(words):
        return len(words.split()) > 2 and not _POINTS_SOON.match(words)
    return third_person.finds_verb(text)


_NAMED = re.compile(r"(?:(?:my|our|the) [\w' -]{1,40}[:=]\s*|(?:no|only) )\w", re.IGNORECASE)
"""`My locker code: 4711`, `no onions`: enough where it was asked to be kept."""
_POINTS = re.compile(
    any_of(
        "this that it to when who what where how why if me you he she they which whether these those him her them "
        "everything all about as"
    )
    + r"\b"
)
_POINTS_SOON = re.compile(rf"(?:\w+ ){{1,3}}(?:{POINTING}|say|said|think|thought|mean|wish|hope|wonder)")


def _first_person(words: str) -> bool:
    if is_wished(words):
        return True
    if " if " in words and re.search(r"\b(?:would|could|were|had)\b", words):
        return False
    return first_person.lasts(words.split(" ", 1)[1])


def _after_adverbial(text: str, words: str) -> bool:
    """`At home we speak Portuguese`, `When I was a child, my family lived in Peru`: the main clause decides."""
    _, comma, main = text.partition(",")
    if comma and re.match(r"\s*(?:i|we|my|our)\b", main, re.IGNORECASE):
        main_words = plain(main)
        return main_words.startswith(("i ", "we ", "my ", "our ")) and is_fact(main)
    found = _SECOND_SUBJECT.search(words)
    if found and words.startswith(_SUBORDINATE) and found.start() <= words.index(" ") + 1:
        found = _SECOND_SUBJECT.search(words, found.end())
    if not found or found.start() > 80:
        return False
    main_words = words[found.start() :]
    if found.group() in ("i ", "we "):
        # A plan is one by its day, wherever that stands: `next summer I'm going to Iceland`.
        when = words[: found.start()].strip()
        return _first_person(main_words) or (bool(re.match(WHEN, when)) and _first_person(f"{main_words} {when}"))
    following = re.search(r"\b(?:i|we) (?=\S)", main_words)
    if following and following.start() < 60:
        return _first_person(main_words[following.start() :])
    return third_person.tells_of_mine(main_words)
