"""What follows `I have`, `I had`, `I can`, `I will`, `I would` and the like."""

from __future__ import annotations

from memories.assistant.rules import FACT, TALK, rule
from memories.assistant.words import LOST, MONTHS, POINTING, WHEN, any_of

_SOME = (
    r"(?:(?:an?|another|some|one|any|no|the|two|three|several|lots of|so many|too many|so much|too much|enough|"
    r"much|many) )*"
)
_SIZE = (
    r"(?:(?:quick|small|big|little|few|couple of|more|follow[ -]up|final|last|new|similar|simple|real|bad|good|great|"
    r"funny|weird|"
    r"important|serious|silly|stupid|slight|strange|terrible|better|different|other) )*"
)
_SMALL_THINGS = any_of(
    "questions? ideas? clue problems? issues? feelings? doubts? requests? favou?rs? suggestions? points? thoughts? "
    "comments? "
    "concerns? complaints? confession tasks? bugs? errors? minutes? seconds? moments? look time choice fun go chat "
    "try blast "
    "headache cold cough "
    "hangover fever chance hunch reasons? answers? preference hard_time trouble dream lunch dinner breakfast plans "
    "stuff things? "
    "words? opinion text code file link list essay paragraph sentence joke riddle story day night evening weekend "
    "week doubt luck "
    "option options faith mercy say break"
)
_DATES = (
    r"(?:meeting|call|appointment|deadline|exam|interview|flight|test|date|class|presentation|party|wedding|"
    r"train|game|match)s?"
)
_ILLNESS = (
    r"(?:(?:an?|two|three|my|open|major|minor|knee|hip|back|eye|heart|brain|emergency) )*"
    r"(?:strokes?|surgery|operations?|attack|transplant|cancer|miscarriages?|c-section|seizures?|concussion|bypass|"
    r"covid|malaria|"
    r"measles|accident|baby|twins|reaction|allergic reaction|asthma|epilepsy|diabetes|depression|hysterectomy|"
    r"vasectomy|lasik)"
)
_LASTING_DONE = any_of(
    "lived worked moved quit retired decided_(?:to|not_to|against) stopped switched become became started given_up "
    "gone_vegan "
    "gone_vegetarian studied played known_\\w+_(?:since|for) written_(?:a|two|three|\\w+_books) published won "
    "graduated married "
    "lost_\\w+_(?:kilos|kg|pounds) booked visited travelled traveled adopted bought_(?:a|my|our)_\\w+ sold "
    "had_\\w+ signed_up joined "
    "run_(?:a|two|three|\\w+_marathons) completed finished_(?:my|school|university) trained taught owned suffered "
    "struggled "
    "recovered enrolled converted done_(?:yoga|karate|judo|ballet|pilates) met_(?:my|the) broken_(?:my|both|an?) smoked"
)
_TAKEN_IN = r"(?:seen|watched|read|finished|played|visited|heard|listened to)"
_AT_HAND = (
    rf"(?:(?:the|all|every|of) )*(?:{POINTING}|(?:docs?|documentation|manual|instructions?|messages?|answers?|code|"
    r"errors?|logs?|files?|e-?mails?|pages?|texts?|questions?|options|steps|comments|posts?|work|tasks?|homework)\b)"
)
"""What one reads for the task in hand."""
_SKILLS = any_of(
    "only speak play swim drive cook ride sing dance ski juggle code program bake sew knit eat drink fly type lift "
    "touch_type "
    "read_(?:music|braille|arabic|japanese|chinese|russian|lips) sign skate surf sail whistle tolerate digest paint "
    "draw"
)

HAVE = (
    rule(TALK, r"$", r"(?:i|we|have)"),
    rule(
        TALK,
        r"been (?:thinking|wondering|trying|meaning|waiting|looking|asking|told|having|feeling|getting|there|here|"
        r"busy|sick|tired|good|fine)",
        rf"been (?:ok|okay|great|better|up|reading|watching|using {POINTING}|working on {POINTING}|doing|wanting|"
        rf"hearing|seeing that|called|asked)",
    ),
    rule(FACT, rf"been (?!{POINTING})\w+"),
    rule(
        FACT,
        r"(?:to|got to) (?:avoid|limit|watch my|take (?:my |insulin|medication|pills|medicine)|wear (?:glasses|a|my|"
        r"hearing))",
        r"(?:to|got to) .{0,80}\b(?:every|each|daily|twice a|once a|weekly|regularly|because of my|for work)",
    ),
    rule(TALK, r"(?:got )?to"),
    rule(
        FACT,
        rf"(?:got )?an? {_SIZE}(?:\w+ ){{0,2}}{_DATES} .{{0,60}}{WHEN}",
        rf"(?:got )?an? (?:\w+ )?{_DATES} (?:on|at|in) \w+",
    ),
    rule(TALK, rf"(?:got )?an? {_SIZE}(?:\w+ )?{_DATES}"),
    rule(
        FACT,
        r"(?:got )?(?:a )?(?:bad |good |short |long |strong |photographic )(?:memory|eyesight|hearing|back|knees?|"
        r"heart)",
    ),
    rule(FACT, rf"(?:lunch|dinner|breakfast|time) .{{0,40}}(?:at \d|every|{WHEN})"),
    rule(
        TALK,
        rf"(?:got )?{_SOME}{_SIZE}{_SMALL_THINGS}(?! (?:sleeping|walking|hearing|seeing|breathing|concentrating|with "
        r"my (?:back|knee|heart|hip|eyes)))",
        rf"(?:got )?(?:{POINTING}|it|him|her|them|no one|better|a good|a great)",
    ),
    rule(
        FACT,
        r"had (?:(?!enough|it|to|fun|a (?:good|great|bad|long)).)*\b(?:since|for|twice|once|all my life)",
        rf"had {_ILLNESS}",
    ),
    rule(TALK, r"had"),
    rule(TALK, r"(?:got )?(?:everything|something|nothing|anything|enough|just|also|not|some|one|two)$"),
    rule(FACT, rf"{_LASTING_DONE}(?! {POINTING})", LOST, rf"taken up (?!{POINTING}|too|so|space|time|the)\w+"),
    rule(
        FACT,
        rf"{_TAKEN_IN} (?:all|every|each|both|most|half|the whole|the entire)(?: of)? (?!{_AT_HAND})\w+",
        rf"{_TAKEN_IN} (?!{_AT_HAND})\w.{{0,60}} (?:twice|\w+ times)$",
        rf"not got (?:an?|any) {_SIZE}(?!{_SMALL_THINGS}|time\b)\w+",
        rf"not (?!.*\b(?:you|this|that|it)\b)\w+(?: .{{1,60}})? (?:since (?:\d{{4}}|i (?:was|had|got|moved)|my|"
        rf"childhood|{MONTHS}|last \w+)|(?:for|in) (?:\w+ ){{1,3}}(?:years?|months|decades?|ages))",
    ),
    rule(FACT, rf"(?:loved|hated|liked|preferred|disliked) (?!{POINTING}|the)\w+"),
    # Other participles tell what just happened: "I have seen", "I have tried".
    rule(
        TALK,
        r"(?:not )?(?:seen|tried|read|heard|noticed|made|done|done|said|told|asked|written|forgotten|found|taken|"
        r"come|gone|eaten|felt|known|"
        r"thought|understood|learned|learnt|spent|left|put|sent|given|got (?:it|that|this|you|to)|gotten|kept|meant|"
        r"watched|run|begun|lost|slept|drunk|woken|chosen|brought|bought|no longer)",
        r"(?!(?:red|need|weed|bed|seed|hundred|limited|advanced|chipped|mixed|curved|blurred|impaired|adopted|"
        r"inherited|crooked|braided|dyed)\b)\w+ed",
        r"not",
    ),
    rule(FACT, r"(?:got )?\w+"),
)
"""After `have`. `I have never eaten ...` is decided by the habit, before this table."""

NEVER_HAVE = (
    rule(
        TALK,
        r"(?:heard|thought|said|known|understood|noticed|felt|told)",
        rf"(?:seen|done|tried|been so|had) (?:{POINTING}|so|such|any)",
    ),
    rule(FACT, r"\w+ \w+"),
)

ALWAYS_HAVE = (
    rule(
        TALK,
        r"(?:said|thought|known|wondered|told|believed|"
        r"felt)",
        rf"\w+ (?:{POINTING}|to (?:know|ask|say|see|hear))",
    ),
    rule(FACT, r"\w+ \w+"),
)

HAD = (
    rule(
        FACT,
        rf"{_ILLNESS}",
        r"(?:an? |my |two |three )?(?:\w+ ){1,6}(?:when i was|as a child|growing up|for \w+ years|removed|\w+ years "
        r"ago)",
    ),
    rule(FACT, r".{0,80}(?:in \d{4}|ago)"),
)

CAN = (
    rule(
        TALK,
        rf"(?:{_SKILLS} )?{POINTING}",
        r"only (?:see|find|think|imagine|hope|say|guess|be|do|get)",
        r"(?:play|eat|drink|drive|cook) along",
    ),
    rule(FACT, rf"{_SKILLS}"),
)

CAN_HABIT = (
    rule(FACT, rf"(?:meet|work|travel|come|attend|walk|lift|sleep|talk|call|eat|drink|afford) (?!{POINTING})\w+ \w+"),
)
"""After `can only`, `can never`: also what is no skill."""

CAN_NOT = (
    rule(FACT, rf"(?:go|come|work|attend|meet|travel) (?!{POINTING})\w+ .{{0,60}}{WHEN}"),
    rule(
        TALK,
        r"(?:believe|find|wait|remember|recall|think|tell|decide|say|help|seem|get|log|open|access|figure|understand|"
        r"imagine|make|do|choose|"
        r"complain|stress|thank|talk|install|connect|download|follow|come|be|go|stop|even|agree|let|guarantee|blame|"
        r"promise|argue|"
        r"express|sign|recommend|wrap|keep|put|feel|upload|reach|answer|explain|describe|decide|sleep$|sleep "
        r"(?:tonight|now)|i|we|sign)",
        r"(?:see|hear)(?! (?:well|colou?rs?|in |out of|red|from|with|without))",
        rf"\w+ (?:{POINTING}|the (?:answer|page|button|file|link|point|difference)|him|"
        rf"her)",
        r"(?!eat|drink|have)\w+ any(?:thing| more|more)",
    ),
    rule(FACT, r"\w+"),
)

WILL = (
    rule(
        FACT,
        rf"(?:be|turn|move|start|fly|travel|visit|marry|retire|graduate|begin|stay|spend|have|get|take|go|become|"
        rf"celebrate|attend|run) .{{0,80}}{WHEN}",
        r"(?:be|turn) (?:\d+|\w+ty)",
        rf"not (?:eat|drink|fly|use|touch|wear|work|buy|drive|travel) (?!{POINTING})\w+",
    ),
)

NEVER_WILL = (
    rule(TALK, rf"\w+ (?:to|with|for|on|at|about) {POINTING}"),
    rule(TALK, r"(?:forget|mind|know|understand|do|be|get|say|believe|give|let|leave|make|find|have|be)"),
    rule(FACT, rf"\w+ (?!{POINTING})\w+"),
)

WOULD = (
    rule(FACT, r"(?:like|love|prefer) to be (?:called|addressed)", r"(?:like|love) to be an? \w+"),
    rule(
        TALK,
        rf"rather (?:not )?(?:{POINTING}|say|know|talk|discuss|answer|see|hear|do|be|have (?:{POINTING}|the|a "
        rf"recipe)|just)",
    ),
    rule(FACT, r"rather (?:not )?\w+"),
    rule(TALK, rf"prefer (?:{POINTING}|if|to (?:know|not|see|hear)|not|a (?:list|summary|shorter|different))"),
    rule(FACT, r"prefer \w+"),
    rule(
        FACT,
        r"(?:like|love) to \w+ .{0,80}(?:someday|one day|some day|eventually|before i die|in the future|when i retire)",
    ),
)

SHOULD = (
    rule(FACT, rf"(?:not )?(?:avoid|eat|drink|lift|take my|have gluten|have dairy|limit) (?!{POINTING}|now|for)\w+"),
)
