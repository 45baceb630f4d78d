"""What follows `I am` and `I was`: who the person is, or how they happen to be just now."""

from __future__ import annotations

import re

from memories.assistant.rules import FACT, TALK, rule
from memories.assistant.words import DIETS, POINTING, ROLES, WHEN, any_of

_NOT = r"(?:not )?"
_LITTLE = r"(?:rather |a bit |a little |kind of |sort of |a tad )?"
_A = r"(?:an?|the|my|our) (?:\w+ )?"

_PASSING = any_of(
    "sorry back here fine good ok okay alright great well sure unsure glad happy sad tired hungry thirsty bored busy "
    "ready done "
    "late early curious confused lost stuck worried upset angry mad sick ill cold hot warm sleepy exhausted serious "
    "certain "
    "positive aware unaware free home there away right wrong correct impressed grateful thankful thrilled "
    "pleased "
    "delighted surprised shocked amazed excited annoyed frustrated disappointed embarrassed stressed concerned "
    "relieved "
    "flattered honou?red convinced finished game fed_up new lonely nervous anxious guilty jealous speechless stunned "
    "overwhelmed awake asleep drunk full furious desperate hopeful skeptical sceptical doubtful unhappy interested "
    "keen "
    "intrigued eager inclined afraid better terrible awful dying dead broke safe lucky blessed dizzy amused touched "
    "moved "
    "puzzled baffled fascinated offended insulted hurt satisfied content comfortable uncomfortable live online offline "
    "ashamed scared terrified proud capable intrigued torn starving freezing bad mistaken famished"
)
_ONGOING = any_of(
    "living learning studying planning training recovering dating expecting moving flying travell?ing visiting "
    "staying starting "
    "retiring turning graduating marrying saving renovating selling switching quitting fasting breastfeeding raising "
    "teaching "
    "attending hosting using working reading joining running_for caring_for majoring volunteering interning "
    "homeschooling "
    "cutting_down cutting_out avoiding practi[sc]ing preparing_for suffering undergoing commuting adopting celebrating"
)
_PLANNED = any_of(
    "leaving buying changing giving_up building opening launching taking going coming driving running playing "
    "performing "
    "speaking competing meeting writing returning having getting seeing doing"
)
_WORKS = any_of(
    "phd degree master'?s? bachelor'?s? course internship thesis novel book dissertation house marathon company "
    "business startup "
    "apprenticeship residency memoir podcast"
)
_CURES = any_of(
    "medication medicine insulin antibiotics pills lessons classes courses? metformin statins antidepressants "
    "vitamins leave"
)

AM = (
    rule(TALK, r"(?:not)?$", r"(?:i|we|am|are)", r"(?:allergic|intolerant|sensitive)$"),
    # What one is for a day is no trait.
    rule(
        TALK,
        rf"(?:such )?(?:an?|the) (?!.*\b(?:{ROLES})\b).{{1,40}} "
        r"(?:today|tonight|this (?:morning|afternoon|evening)|rn|again)$",
    ),
    # Lasting traits that begin with a word for a passing state.
    rule(
        FACT,
        rf"{_NOT}(?:afraid|scared|terrified|frightened|fond|proud|sick) of (?!{POINTING}|being|the (?:answer|"
        rf"result))\w+",
        rf"{_NOT}(?:good|bad|great|terrible|awful|better|hopeless|rubbish|brilliant) (?:at|with) (?!{POINTING})\w+",
        rf"{_NOT}interested in (?!{POINTING}|know|hear|see|learning more|a (?:recipe|quote)|the )\w+",
        rf"{_NOT}(?:free|available|busy|off|off work|home|away|out|in) (?:on|until|from|at|every|after|before|next|"
        rf"most|"
        rf"during) \w+",
        r"out of (?:town|office|the office|the country)",
        rf"{_NOT}(?:used|allowed|able) to (?:eat|drink|have|drive|swim|fly|lift|walk|hear|exercise|smoke|work) "
        rf"(?!{POINTING})\w+",
        rf"{_NOT}used to (?!{POINTING}|be\b|the (?:idea|way))\w+",
        r"about to (?:become|turn|retire|graduate|marry|move|get married|be an? \w+|have (?:an?|our|my|twins))",
        r"off (?!the|to|in|on|for)\w+ (?:since|until|for) \w+",
        rf"{_NOT}allowed (?!{POINTING}|to)\w+",
        rf"{_NOT}(?:new to|here on|back on) (?!{POINTING})\w+",
        rf"{_NOT}(?:someone|somebody|one of those people|the (?:kind|sort|type) of person) (?:who|with|that)",
        r"(?:one|two|three|four|\d+) of \w+",
        r"no longer (?!sure|interested in|here|in the mood)\w+",
        r"(?:at|in) (?:university|uni|college)",
        r"more of an? \w+",
        rf"becoming (?:an? \w+|{DIETS})",
        rf"(?:watching|playing|listening to) (?!{POINTING}|tv)\w+.{{0,60}} (?:at the moment|these days|nowadays)$",
        r"(?:up|awake|in bed|home|at (?:work|school|my desk)) (?:at|by|before|until) .{1,30}(?:every|each|most|on)\b",
        r"on (?:call|duty) (?:every|on|this|next|until|most) \w+",
    ),
    # Where one is: a place lasts, a situation does not.
    rule(
        FACT,
        rf"on (?:holiday|vacation|birth|parental|maternity|paternity|{_CURES})",
        r"on (?:the (?:\w+ diet|spectrum|pill|board|team|waiting)|a (?:\w+[ -]){0,3}(?:diet|budget|visa|plan|"
        r"sabbatical|gap))",
        r"on (?:the )?(?:night|early|late|day|morning|evening|graveyard|weekend)[ -]shifts?",
        r"in (?:a (?:band|choir|wheelchair|relationship|long|club|team|book)|the (?:army|navy|military|process of))",
        r"in my (?:\w+ )?(?:twenties|thirties|forties|fifties|sixties|seventies|eighties|\d0s|\w+ year|first|final|"
        r"last)",
        r"with (?:vodafone|allianz|axa|verizon|at&t)",
        rf"to (?:be|start|move|marry|graduate) .{{0,60}}{WHEN}",
    ),
    rule(
        TALK,
        r"(?:on|at|off|up|down|over|about|with|like|by|under|for|to|of|against|behind|near|through)",
        r"in (?:an?|the|my|this|that|bed|pain|trouble|need|love|charge|agreement|class|doubt|shock|awe|here|there|on|"
        r"favou?r|control|tears)",
        rf"{_NOT}(?:about|supposed|able|allowed|used|willing|meant|likely|unlikely|bound|due|ready|set|prepared) to",
        rf"{_NOT}going to(?! (?:{_A}|(?:\w+ ){{1,6}}?(?:{WHEN})|(?:become|marry|retire|quit|move|have (?:a|twins|"
        rf"kids|surgery)|be an?)\b))",
        rf"{_NOT}going to (?:{POINTING}|the (?!netherlands|us|uk|usa|philippines)\w+$|bed|be sick)",
        r"the (?:one|same|only|best|worst|first|last|user|person|boss)(?! (?:child|girl|boy|of \w+ (?:children|kids|"
        r"siblings)))",
        rf"{_NOT}{_LITTLE}{POINTING}",
        r"(?:not )?(?:me|myself|him|her|someone|somebody|nobody|something|nothing|everything|alone|we|he|she|being|"
        r"as|if|"
        r"because|since|all|none|no|gone|such|less|same|but|and|or|one|more|when|here)",
    ),
    rule(
        FACT,
        rf"going to (?:the )?(?:\w+ )*?{WHEN}",
        r"going to (?:[a-z]+ )?(?:university|college|become|marry|retire|quit|move)",
    ),
    rule(FACT, r"going to (?:have (?:a|twins|kids|surgery)|be an? \w+|a \w+ \w+)"),
    # "-ing": what lasts or is planned; the rest is what one happens to be doing.
    rule(
        TALK,
        rf"{_NOT}(?:using|reading|attending|moving|planning on|starting|switching|saving|joining|avoiding|visiting|"
        rf"learning) (?:{POINTING}|on$|here)",
        rf"{_NOT}working (?:on (?:{POINTING}|something|a (?:bug|problem|question|report|presentation|script|task))|"
        rf"with you|here|now|$)",
        rf"{_NOT}(?:suffering|planning|staying|using|reading|learning)$",
    ),
    rule(
        FACT,
        rf"{_NOT}{_ONGOING}",
        rf"{_NOT}looking for (?:an? |some |a new )?(?:\w+ )?(?:work|jobs?|flat|house|apartment|home|partner|roommate|"
        rf"position|internship)",
        rf"{_NOT}getting (?:married|divorced|engaged|surgery|a (?:new )?(?:dog|cat|puppy|kitten|divorce|phd|degree|"
        rf"job))",
        rf"{_NOT}having (?:a (?:baby|boy|girl)|twins|surgery|an? (?:\w+ )?operation|kids)",
        rf"{_NOT}(?:doing|getting|finishing|writing|building|making|running) {_A}{_WORKS}",
        rf"{_NOT}(?:eating|drinking) (?:less|more|only|vegan|vegetarian|keto|low|no)",
        rf"{_NOT}(?:taking|on) (?:\w+ ){{0,3}}{_CURES}",
        rf"{_NOT}seeing (?:a|my|the) (?:therapist|psychologist|psychiatrist|counsell?or|specialist|physio\w*)",
        rf"{_NOT}(?:trying|attempting) to (?:lose|quit|stop|eat|cut|reduce|conceive|have a|get pregnant|gain|save|"
        rf"avoid|drink less)",
        rf"{_NOT}{_PLANNED} .{{0,60}}{WHEN}",
    ),
    rule(TALK, rf"{_NOT}(?!{DIETS})\w{{2,}}ing"),
    # States that pass.
    rule(
        TALK,
        r"(?:in|out)$|out of",
        rf"{_NOT}{_LITTLE}{_PASSING}(?! (?:school|owner|york|zealander|cook|sleeper|riser|bird))",
        r"(?:not )?a (?:bit(?! of an? )|little|lot|mess|fool|wreck|step|moment|minute|few|failure|genius)",
        r"(?:not )?an (?:idiot|hour)",
    ),
    (FACT, re.compile("")),
)

HABITUAL = (
    rule(
        FACT,
        r"(?:not )?(?:in bed|home|at|late|early|up|awake|busy|tired|hungry|cold|broke|out|the "
        r"(?:first|last)) ?",
    ),
)
"""After `am always`, `am usually`."""

WAS = (
    rule(
        FACT,
        r"(?:not )?(?:born|raised|brought up|adopted|diagnosed|married|divorced|widowed|named|promoted|fired|laid "
        r"off|hired)",
        r"(?:not )?(?:elected|vegan|vegetarian|once an?|allergic|homeschooled|educated|deployed|stationed|made "
        r"redundant)",
        r"in the (?:army|navy|military|air force|scouts|marines)",
        r"an? (?!(?:bit|little|few|lot|mess|moment|minute|hour|day|week|second|tad|fool|wreck|couple|while|good|"
        r"great)\b)\w+",
    ),
)
