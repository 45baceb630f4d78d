"""The word lists that the rules of this room share."""

from __future__ import annotations


def any_of(words: str) -> str:
    """A regex group that matches any of the words; an underscore stands for a space within one."""
    return "(?:" + "|".join(word.replace("_", " ") for word in words.split()) + ")"


def each(words: str) -> frozenset[str]:
    """The words as a set."""
    return frozenset(words.split())


MONTHS = any_of(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sept sep oct nov dec"
)
DAYS = any_of("mondays? tuesdays? wednesdays? thursdays? fridays? saturdays? sundays? weekends? weekdays?")
SEASONS = any_of("spring summer autumn fall winter christmas easter")
COUNT = any_of("a an one two three four five six seven eight nine ten few couple_of several") + "|\\d+"

WHEN = (
    rf"\b(?:tomorrow|someday|one day|soon|until|till|annually|yearly|weekly|monthly|daily|"
    rf"(?:next|last|this) (?:week|month|year|weekend|term|semester|{DAYS}|{MONTHS}|{SEASONS})|"
    rf"(?:every|each|most) \w+|(?:on|this|by|from) (?:the )?(?:{DAYS}|{MONTHS}|\d)|\d{{1,2}}(?:st|nd|rd|th)\b|"
    rf"(?:in|by|since|around|before|after|until) (?:(?:early|late|mid) )?(?:{MONTHS}|(?:the )?{SEASONS}|\d{{4}})|"
    rf"(?:in|for) (?:about |the next |the last |over )?(?:{COUNT}) (?:days?|weeks?|months?|years?)|"
    rf"\w+ (?:weeks?|months?|years?) ago|\d{{1,2}} {MONTHS}|{MONTHS} \d{{1,2}})\b"
)
"""A day or a span that a plan or an event is pinned to."""

POINTING = r"(?:this|that|these|those|it|its|you|your|yours|him|them|what|how|where|why|who|which|everything|nothing)\b"
"""Objects that mean nothing outside the conversation they were said in."""

NOT_HABITS = each(
    "really also just actually currently now still very so too quite pretty totally completely absolutely "
    "simply already even finally honestly truly definitely probably possibly maybe kinda personally "
    "extremely super highly severely mildly deeply newly once recently myself originally incredibly both"
)
HABITS = each(
    "always never usually often sometimes normally typically generally mostly rarely seldom occasionally regularly "
    "mainly hardly barely ever only frequently strictly exclusively religiously"
)
"""Adverbs that turn a verb into a habit."""
LY_VERBS = each("fly rely apply supply bully reply multiply family italy july early daily only ally")

_ASKED = any_of(
    "help advice ideas? recipes? poems? story stories info information answers? suggestions? recommendations? tips? "
    "lists? summary summaries plan essay letter e-?mail translation script code function quote names? jokes? "
    "explanation examples? hand minute break favou?r moment second details link table report titles? logo song "
    "caption version clarification confirmation opinion way_to reminder refund itinerary outline draft workout words? "
    "synonyms? antonyms? definitions? formulas? templates? rhymes? snippets? slogan headline tagline checklist "
    "diagrams? spreadsheet playlist proof estimate comparison feedback "
    "nap coffee drink shower change thing something anything haircut taxi rest milk bread food file lift ride bathroom"
)
_AMOUNT = r"(?:(?:an?|the|some|any|another|more|two|three|five|ten|\d+|your) )*"
ASKED_THINGS = _AMOUNT + r"(?!my |our )(?:\w+ ){0,2}?" + _ASKED
"""What one needs or wants of the assistant just now, and not in life."""

PEOPLE = (
    r"(?:wife|husband|partner|spouse|girlfriend|boyfriend|fianc[eé]e?|daughters?|sons?|kids?|child|children|baby|"
    r"twins?|"
    r"mother|mom|mum|father|dad|parents?|brothers?|sisters?|siblings?|aunt|uncle|cousins?|nieces?|nephews?|"
    r"grand\w+|friends?|boss|manager|neighbou?rs?|colleagues?|doctor|therapist|dogs?|cats?|pupp(?:y|ies)|kittens?|"
    r"horses?|"
    r"rabbits?|parrots?|hamsters?|pets?|roommates?|flatmates?|in-laws?|step\w+|stud?ents?|teachers?|landlord)"
)
"""Those whom `he`, `she` or `they` in the next sentence can stand for."""

LOST = (
    rf"lost (?:(?:my|our) (?:job|sight|eyesight|hearing|voice|home|house|licen[cs]e|leg|arm|hair|sense of|{PEOPLE})|"
    r"weight|\d+|\w+ (?:kilos|kg|pounds))"
)
"""A loss that lasts, unlike that of the keys."""

LANGUAGES = any_of(
    "english french german spanish portuguese italian dutch polish russian ukrainian turkish arabic hebrew hindi urdu "
    "bengali tamil chinese mandarin cantonese japanese korean vietnamese thai greek swedish norwegian danish finnish "
    "czech hungarian romanian catalan irish welsh latin esperanto persian farsi swahili"
)

DIETS = any_of(
    "vegetarian vegan pescatarian pescetarian flexitarian carnivore omnivore coeliac celiac diabetic teetotal halal "
    "kosher "
    "keto paleo lactose_intolerant gluten_intolerant gluten_free dairy_free gluten-free dairy-free lactose-free"
)
ROLES = any_of(
    "nurse teacher doctor engineer developer programmer student lawyer accountant architect designer chef cook baker "
    "musician artist writer journalist scientist researcher professor pilot driver farmer carpenter electrician "
    "plumber "
    "mechanic photographer translator librarian paramedic firefighter soldier veteran dentist vet pharmacist therapist "
    "psychologist manager consultant freelancer founder entrepreneur pensioner retiree mum mom dad father mother "
    "parent "
    "runner cyclist gamer climber swimmer immigrant expat widow widower twin introvert extrovert beginner waiter "
    "barista"
)
