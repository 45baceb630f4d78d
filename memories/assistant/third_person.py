"""Judges statements about the person's own world: `my wife is ...`, `our dog ...`, `fish makes me sick`."""

from __future__ import annotations

import re

from memories.assistant.first_person import lasts
from memories.assistant.plain import plain, without_adverbs
from memories.assistant.words import DAYS, PEOPLE, POINTING, WHEN, any_of

# My what: things of this conversation, or turns of phrase.
_THINGS_SAID = any_of(
    "questions? points? guess problems? issues? bad apologies mistake understanding concerns? prompts? requests? "
    "messages? "
    "answers? ideas? opinion suggestions? text essay script query program function tests? build turn thoughts? "
    "thinking "
    "assumption impression reasoning pleasure goodness god word eyes? input output data table file list code errors? "
    "loop "
    "app server internet wifi connection battery screen head brain mind sentence paragraph letter conversation chat "
    "experience bet planet species universe society"
)
_NOT_MINE = re.compile(
    r"(?:my|our) (?:(?:main|first|second|next|last|previous|final|only|actual|original|current|other|biggest) )?"
    rf"{_THINGS_SAID}(?= (?:is|are|was|were|has|does|do|keeps|says|will|would|went|hurts|and|in|on|to|about|just)\b)"
)
_NOT_OURS = re.compile(rf"\b(?:my|our) {_THINGS_SAID}(?!\w)")
_VERBS = any_of(
    "is are was were has have had does_not do_not did_not can can_not will would lives? works? studies studied "
    "likes? loves? hates? "
    "prefers? enjoys? speaks? plays? owns? drives? goes go wants? needs? eats? drinks? takes? wears? suffers? "
    "starts? begins? ends? "
    "finishes runs? teaches plans? turns? comes? came grew moved died passed married graduated retired became got "
    "bought sold lost "
    "used_to makes? gives? keeps? contains? costs? belongs? means? smokes? snores? barks? sings? collects? reads? "
    "cooks? swims? "
    "writes? rides? travels? flies visits? stays? opens? closes leaves arrives? happens? falls? allows? calls? "
    "stands_for expires? "
    "includes? involves? lets? uses? believes? knows? understands? dislikes? adores? attends? manages? supports? "
    "follows? weighs? "
    "measures? starts? started joined worked lived turned served taught won wrote broke had_to gets? has_to cannot "
    "never "
    "always usually often hurts? aches?"
)
_SUBJECT = re.compile(rf"(?:my|our) (?:[\w'.+#&/\ue000-\uf8ff-]+ ){{1,9}}?(?=(?:{_VERBS})(?!\w))")
_NAME_IS = re.compile(r"(?:my|our) (?:[\w'-]+ ){0,4}?([\w-]+)'s (?=\w)")
_REPORTS = re.compile(
    r"(?:\w+ly |always |never |just |also |often |once |has |had |have |still |sometimes )*(?:says?|said|thinks?|"
    r"thought|told|tells|asks?|asked|claims?|claimed|believes? (?!in)|insists?|wants? me|wants? us|"
    r"wants? to (?:know|ask|hear|talk)|(?:is|are|was|were) (?:asking|saying|telling|wondering)|"
    r"(?:keeps?|kept) (?:telling|saying|asking)|wrote (?:that|me)|texted|mentioned|suggested|replied|calls me "
    r"(?:lazy|stupid|crazy|an?|names)|"
    r"knows|understands|wishes|hopes|guesses|would|could|should|might|may)\b"
)
_PASSING = re.compile(
    r"(?:has|have) not (?:arrived|come|loaded|started|worked)|do(?:es)? not (?:work|load|open|start|compile|run|show|"
    r"fit in)|"
    r"(?:is|are|was|were) (?:not )?(?:locked|blocked|missing(?! (?:an?|one|two) )|delayed|down|"
    r"broken|not working|working|stuck|crashing|"
    r"slow|late|empty|killing me|"
    r"hurting|about to|ringing|on fire|"
    r"tired|hungry|asleep|here|back|happy|angry|busy|sleeping|crying|sad|full|closed|open|ready|done|that|this|it|"
    r"what|why|how|whether|if|"
    r"correct|wrong|right|fine|ok|okay|good|great|bad|gone|yours|waiting|coming$|calling|talking|over|the same|"
    r"annoying|"
    r"mad|upset)(?!\w)"
)
_WHEN_IT_HURTS = re.compile(r"\b(?:when|whenever|after|since|every|in (?:the )?(?:mornings?|winter|cold|evenings?))\b")
_LASTING_WAS = re.compile(
    r"(?:was|were) (?:not )?(?:born|raised|diagnosed|adopted|named|called|married|an? \w+|the \w+|from|vegan|"
    r"vegetarian|allergic|killed|in the \w+|"
    r"founded|built|polish|irish|german|french|italian|english|american|\w+ish|\w+ian|\w+ese)(?!\w)"
)
_MINE = re.compile(
    r"(?!(?:this|that|it|what|which|who|where|there|here|those|these|you|he|she|they|your|if|how|why|when|all|one|"
    r"everything|nothing|something)\b)"
    r"(?:[\w'.+#&\ue000-\uf8ff-]+ ){1,6}?(?:is|are|was|were) (?:also |one of |called |still )?(?:my|our) \w+"
)
_TO_ME = re.compile(
    r"(?!(?:this|that|it|what|which|who|where|there|here|those|these|you|he|she|they|your|if|how|why|when|let|please|"
    r"can|could|would|will|"
    r"do|does|did|everything|nothing|something|tell|give|make|to|also)\b)"
    r"(?:[\w'.-]+ ){1,4}?(?:makes?|gives?|keeps?|upsets?|triggers?|bores?|scares?|terrif(?:y|ies)|relax(?:es)?|"
    r"stress(?:es)?|annoys?|bothers?|irritates?|hurts?|"
    r"helps?|calms?) (?:me|my|us)\b \w+"
)
_TASTES = any_of(
    "love like hate dislike enjoy prefer adore fear miss eat drink play speak read watch use drive smoke collect cook"
)
_TIMES = rf"{DAYS}|mornings|afternoons|evenings|nights"
_OTHERS = re.compile(
    r"(?:it is|today is|tomorrow is|\w+ \w+ is|next \w+ is) (?:also )?(?:my|our) (?:\w+ )?(?:birthday|anniversary|"
    r"wedding)(?=$| (?:on|in|today|tomorrow|next|this|soon|\d))"
    r"|(?:people|everyone|everybody|(?:my |our )?(?:friends|family|colleagues|parents|kids)|they|most people|folks) "
    r"(?:\w+ )?calls? me (?!lazy|crazy|stupid|names|an?\b)\w+"
    r"|there (?:is|are) (?:\w+ )?(?:of us|people in (?:my|our)|kids in (?:my|our)|children in (?:my|our)) ?"
    rf"|(?:the |most )?(?:{_TIMES}) (?:are|is) (?:(?:\w+ )?(?:for|when|reserved for|kept for) )?(?:.{{0,40}} )?(?:i|my|"
    rf"our|me|us|we)\b(?! (?:question|problem))|(?:the |most )?(?:{_TIMES}) are (?:for|reserved for) (?!{POINTING})\w+"
    # What one likes, said the other way round.
    rf"|(?!.*\b(?:you|your|this|these)\b)(?:what |all |the (?:\w+ ){{1,2}}?(?:that )?)(?:i|we) "
    rf"(?:really |always |ever )?{_TASTES}"
    r" (?:\w+ ){0,4}?(?:is|are) \w+"
    rf"|there is (?:nothing|no \w+) (?:that )?(?:i|we) {_TASTES} more than (?!{POINTING})\w+"
    r"|it takes (?:me|us) (?!a (?:second|moment|while))\w+|(?:the )?name is \w+"
)
_LIVES_IN = re.compile(rf"(?:he|she|they|it) (?=(?:{_VERBS})(?!\w))")
_RELATIONS = re.compile(rf"\b(?:my|our|have|has|got)\b.*\b{PEOPLE}\b|\b(?:my|our) \w+ is called\b", re.IGNORECASE)


def finds_verb(text: str) -> bool:
    """Whether a clause that begins with `my` or `our`, or with a name, has its verb."""
    words = plain(text[:200])
    if words.startswith(("my ", "our ")):
        return bool(_SUBJECT.match(words) or _NAME_IS.match(words))
    return bool(re.match(rf"(?:[\w'-]+ ){{1,5}}?(?:{_VERBS})(?!\w)", words))


def tells_of_mine(words: str) -> bool:
    """Whether a plain clause that starts with `my` or `our` says something lasting of what is theirs."""
    if _NOT_MINE.match(words):
        return False
    subject = _SUBJECT.match(words)
    if subject and re.search(r" (?:that|which|what|this|it|you) ", subject.group()):
        return False
    if not subject:
        return _names(words)
    if words.startswith(("my wife and i ", "my husband and i ")) or " and i " in subject.group():
        return lasts(words[subject.end() :])
    predicate = without_adverbs(words[subject.end() :])[0]
    if (
        _REPORTS.match(words[len(subject.group().rstrip()) :].lstrip())
        or _PASSING.match(predicate)
        or _REPORTS.search(subject.group())
    ):
        return False
    if predicate.startswith(("was ", "were ")):
        return bool(_LASTING_WAS.match(predicate))
    if predicate.startswith(("will ", "would ", "had ")):
        return bool(re.search(WHEN, predicate))
    if predicate.startswith(("hurt", "ache")):
        return bool(_WHEN_IT_HURTS.search(predicate))
    if predicate.startswith("died") and not re.search(rf"\b{PEOPLE}\b", subject.group()):
        return False
    return len(predicate.split()) > 1 or predicate in ("snores", "smokes", "died", "barks", "passed away", "retired")


def _names(words: str) -> bool:
    """`My wife's vegan`."""
    named = _NAME_IS.match(words)
    return (
        named is not None
        and not _REPORTS.match(words[named.end() :])
        and not _PASSING.match("is " + words[named.end() :])
    )


def tells_of_me(words: str) -> bool:
    """Whether a plain clause with another subject still says something of the person: `peanuts give me hives`."""
    return bool((_MINE.match(words) and not _NOT_OURS.search(words)) or _TO_ME.match(words) or _OTHERS.match(words))


def goes_on(words: str, before: str) -> bool:
    """Whether `he is called Rex` tells of someone whom the fact before named."""
    subject = _LIVES_IN.match(words)
    if not subject or not _RELATIONS.search(before) or _REPORTS.match(words[subject.end() :]):
        return False
    predicate = without_adverbs(words[subject.end() :])[0]
    if predicate.startswith(("was ", "were ")):
        return bool(_LASTING_WAS.match(predicate))
    return not _PASSING.match(predicate) and not predicate.startswith(("will", "would", "had", "can ", "did"))
