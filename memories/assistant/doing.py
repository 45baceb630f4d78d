"""What follows `I` when it is a verb of its own: a habit, a taste, an event that lasts, or only talk."""

from __future__ import annotations

from memories.assistant.rules import FACT, TALK, rule
from memories.assistant.words import ASKED_THINGS, DAYS, LOST, PEOPLE, POINTING, WHEN, any_of

_LIKING = (
    r"(?:like|love|hate|dislike|prefer|enjoy|adore|despise|detest|loathe|miss|favou?r|trust|loved|hated|liked|enjoyed)"
)
_CARE = (
    r"(?:avoid|eat|take|wear|limit|watch|drink|sleep|rest|exercise|use (?:a|my)|follow a|be careful|stay away|"
    r"inject|cut)"
)
_HABIT = (
    rf".*\b(?:every (?:day|week|month|year|morning|evening|night|hour|other|two|few|{DAYS})|on {DAYS}|"
    rf"(?:once|twice|times) a (?:day|week|month|year)|daily|weekly)\b"
)
"""What is needed again and again is a fact; what is needed once is an errand."""
_GOALS = any_of(
    "learn become be_(?:an?|healthier|fitter) move live travel_to study work start_a retire lose get_(?:married|fit|"
    "a_dog|a_cat|a_job|better_at) have_(?:kids|children|a_\\w+) "
    "quit stop run_a own visit climb adopt save_(?:money|up|for) eat_(?:less|more|healthier) improve_my "
    "change_(?:jobs?|careers?) go_back_to"
)
_TALK_VERBS = any_of(
    "think guess mean see understand hope wonder wish suppose bet agree disagree said say swear feel doubt promise "
    "assume imagine "
    "expect apologi[sz]e appreciate thank beg ask admit insist remember recall forget forgot let look sound seem did "
    "give tell told "
    "hear heard notice figure reckon recommend suggest care fear regret demand propose come came get got go went saw "
    "ate had took "
    "made found thought knew felt kept put ran sat mind keep call order copy paste type send click press lol dunno "
    "meant "
    "dreamed dreamt "
    "dream pretend stand rest concur confirm declare accept decline refuse deserve dare gather presume conclude "
    "suspect acknowledge "
    "mention point repeat quote request am are is do does has have can could will would should shall might may must "
    "i we you he she "
    "they it the an? my our your his her and or but for in on at to of with from by as if not no yes was were be "
    "been sent left wrote "
    "bought lost won taught caught spent slept drank drove flew gave met began broke chose drew fell grew held hid "
    "hit hurt laid "
    "led lent lied paid rang rode rose sang sold shot sold spoke stole stood swam threw tore woke wore cut quit "
    "became need want try "
    "hereby what where when who why how which there here this that these those so too very also me us all both pass"
)
_ALONE = any_of(
    "smoke drink drive swim run cook paint draw knit snore code dance sing ski surf garden sew jog cycle hike "
    "meditate stammer "
    "stutter vape climb fast pray bake write travel row sail fish hunt skate snowboard volunteer sleepwalk commute "
    "freelance "
    "scuba_dive box crochet teach work_out exercise lipread"
)
_PLACE = any_of(
    "university college school uni high_school primary_school boarding_school med_school law_school art_school"
)
_EVENTS = any_of(
    "moved grew_up graduated studied married got_married got_divorced got_engaged got_promoted got_diagnosed "
    "got_laid_off got_fired "
    "got_accepted got_hired got_into quit retired stopped switched became sold adopted joined lived worked gave_up "
    "gave_birth "
    "founded inherited trained served competed published fractured injured tore left_home converted emigrated "
    "immigrated settled "
    "separated divorced dropped_out majored taught coached volunteered interned renovated underwent survived "
    "relocated enrolled "
    "signed_up_for grew_out_of developed booked visited backpacked passed_away died was_born were_born broke_up "
    "owned earned played "
    "went_vegan went_vegetarian went_blind went_deaf used_to smoked"
)
_EVENTS_WITH = (
    r"got (?:an?|my|our) (?!(?:\w+ )?(?:error|message|e-?mail|question|headache|cold|call|bit|lot|problem|idea|point|"
    r"answer|feeling|text|reply|letter|notification)\b)\w+",
    r"started (?!the\b|this|that|it\b|with|by|to (?:feel|think|wonder)|laughing|crying|thinking|wondering|feeling|"
    r"reading|working on)\w+",
    r"bought (?:an?|my|our|the) (?:\w+ )?(?:house|flat|apartment|home|car|boat|dog|farm|land|bike|motorbike|van|"
    r"piano|guitar|cottage|cat|horse)",
    r"learn(?:ed|t) (?!that|about|from|how you|it\b|this)\w+",
    r"wrote (?:an?|my) (?:\w+ )?(?:book|novel|thesis)",
    r"broke (?:my|both|an?) \w+",
    LOST,
    r"left (?:my|the) (?:\w+ )?(?:job|company|wife|husband|army|church|country|university|school)",
    r"met (?:my|our) \w+",
    rf"took up (?!{POINTING}|too|so|space|time|the)\w+",
    r"(?:hurt|sprained|twisted|pulled|strained|dislocated) (?:my|both) \w+",
    rf"(?:\w+ed|ran|went|built|wrote|won|made|took|met|flew|swam|drove|"
    rf"sang) (?!{POINTING})\S.{{0,80}} (?:in (?:19|20)\d\d|"
    r"years? ago|last (?:year|summer|winter|spring|autumn))$",
    r"(?:named|called) (?:my|our) \w+ \w+",
    r"met (?:in|at|through) (?!person|the (?:chat|end)|once)\w+",
    r"passed (?:my|the) (?:\w+ )*?(?:exams?|bar|test)",
    r"won (?:an?|the) \w+",
    r"changed (?:my name|jobs|careers|schools)",
    r"had to give up \w+",
    r"spent (?:\w+ ){1,3}(?:years?|months?|childhood) (?:in|at|as|with|abroad)",
    r"(?:ran|finished|completed|climbed|opened|launched) (?:an?|my|our|the) (?:\w+ )*?(?:marathon|company|business|"
    r"shop|phd|degree|everest|mount)",
    rf"(?:went to|finished|attended) (?:\w+ )?{_PLACE}",
    r"turned (?:\d+|\w+ty|eighteen|vegan|vegetarian)",
    r"travell?ed to \w+",
    r"(?:travell?ed|flew|went) .{0,60}(?:last (?:year|summer|winter|spring)|in \d{4}|years ago)",
)

HABITUAL = (
    rule(TALK, rf"\w+ (?:{POINTING}|it|him|her|errors?|an error)"),
    rule(
        FACT,
        rf"(?:{_ALONE}|fly|vote|gamble|walk|tip)$",
        r"(?:forget|order|call|ask for|send|get|put|sit|sleep|stand|let|try|keep|bring|find|give|come|go|look "
        r"for|read|run|pay|carry) \w+",
    ),
)
"""After `always`, `usually`, `never`: also verbs that are talk without it."""

DO_NOT = (
    rule(
        FACT,
        rf"(?:have|need) any (?:\w+ )?(?:{PEOPLE}|allerg(?:y|ies)|intolerances?|tattoos?|hobbies|religion|savings|"
        rf"(?:dietary|medical) \w+)(?! (?:for|to))",
    ),
    rule(
        TALK,
        r"(?:know|understand|think|care|see|get|remember|recall|mean|agree|feel|wish|doubt|suppose|expect|blame|"
        r"recommend|say|let|give|"
        r"be|worry|go there|need to|quite|follow you|even know|really know|mind (?:if|it|that|waiting|at all|the))",
        r"(?:believe(?! in)|trust you|want (?:to (?:talk|know|hear|bother|be rude|go there|do|see|discuss|waste|"
        r"sound)|any|an answer)|want$)",
        r"(?:need|have) (?:help|any(?:thing| more| ideas?| questions?| time| problem)?|to|an? (?:idea|answer|"
        r"question|preference|clue|problem|choice)"
        r"|time|much|the (?:time|link|answer|energy|money)|enough)",
        r"like (?:how|what|where|the (?:way|sound|idea|answer|new|first|second|last))",
        rf"\w+ (?:{POINTING}|it|so|too|either|him|her)",
        r"(?:know|mind|care|think|want|like|need|have|do|eat|go|work|sleep|follow|want to|care to)$",
    ),
    rule(FACT, r"\w+"),
)

DID_NOT = (
    rule(FACT, r"(?:finish|go to|attend|study|grow up|graduate|marry|have (?:a|any) (?:\w+ )?(?:siblings?|childhood))"),
)

DOING = (
    rule(TALK, r"(?:i|we|you|sure|for one|second)\b"),
    rule(TALK, r"no longer (?:know|understand|think|care|see|need|want|have|remember)"),
    rule(FACT, rf"no longer (?!{POINTING})\w+"),
    rule(
        FACT, r"(?:eat|drink|like|love|hate|watch|read) (?:everything|anything|nothing) (?:but|except|apart from) \w+"
    ),
    rule(FACT, r"used to (?!it|this|that|you|them|think i\b)\w+"),
    rule(
        TALK,
        rf"(?:{_LIKING}|want|need|use|play|drive|own|eat|drink|read|watch|write|do|make|support|follow|speak|require|"
        rf"run|teach|study)"
        rf" (?:{POINTING}(?! (?:when|if) (?!you|this|that|it\b))|him|her\b(?! \w)|so|them)",
        rf"{_LIKING} (?:to (?:know|see|hear|think|say|ask|admit|bother|interrupt|disappoint|break it)|"
        rf"when (?:you|this|that|it happens)|the (?:way|sound|answer|part|new|look|first|second|last|"
        rf"previous|one|joke|story)|i|we|if|"
        r"being able|both|all|us|me|one|my (?:answer|reply))",
        rf"need (?:you|to(?! {_CARE}|{_HABIT})|{ASKED_THINGS}|"
        rf"(?:\w+ ){{0,4}}(?:now|asap|today|tonight|immediately|urgently))",
        rf"want (?:you|{ASKED_THINGS}|(?:\w+ ){{0,4}}(?:now|asap|today|tonight|immediately)|in|out|more|pizza$|"
        rf"food$|to(?! {_GOALS}))",
        r"want to (?:learn (?:more|about|how)|be (?:sure|clear|honest|able)|start (?:with|by|a new chat))",
    ),
    rule(FACT, rf"(?:{_LIKING}|need|want) \w+"),
    rule(FACT, rf"(?:hope|wish|plan|intend|aim) to (?:be called|{_GOALS})(?! (?:you|it|this|that|how|more))"),
    rule(
        FACT,
        r"believe in (?!you|it|that)\w+",
        r"know (?:how to \w+|a (?:bit|little) of \w+|some \w+|basic \w+|\w+ (?:very well|well|personally|inside out))",
        r"come from (?!the future)\w+",
        r"(?:go by|go to|go running|go swimming|go hiking|go climbing|go fishing|go cycling|go camping|go skiing|go "
        r"dancing|go jogging) (?!bed|sleep)\w+",
        r"(?:get up|wake up|get off work|get home|go to bed|go to sleep|fall asleep) (?:at|around|before|early|late|"
        r"every)",
        r"go (?:running|swimming|hiking|climbing|fishing|cycling|camping|skiing|dancing|jogging)",
        r"get (?:\w+ )?(?:migraines|headaches|hives|stomach ?aches?|seasick|carsick|airsick|anxious|"
        r"panic attacks|cramps|heartburn|"
        r"nosebleeds|rashes|vertigo)",
        r"get (?:sick (?:if|when|from)|motion sick(?:ness)?|hay fever|paid|a rash|cold easily|bored easily|along with)",
        r"(?:call|keep) (?:my|our) (?!eye|mind|word)\w+",
        r"keep (?:kosher|halal|bees|chickens|goats|horses|sheep|rabbits|fish|a (?:diary|journal|dog|cat|low))",
        r"try (?:not )?to (?:avoid|eat|drink|exercise|run|walk|limit|sleep|buy|cook|keep|learn|save)",
        rf"do (?!(?:think|know|see|believe|feel|hope|understand|mean|so|too|agree|not|my best|have|want|need|like|"
        rf"love|care|remember|{POINTING})\b)\w+",
        rf"take (?!{POINTING}|back|note|care|the (?:point|first|second)|issue)\w+",
        r"find (?:it (?:hard|difficult|easy)|\w+ (?:difficult|boring|relaxing|disgusting|hard|exhausting|stressful))",
        r"(?:turn|hit) (?:\d+|\w+ty|eighteen)",
        r"feel (?:\w+ )?(?:best|better|worse|sick|anxious|unwell|dizzy|cold|safe) (?:when|if|in|around|with|after) "
        r"(?!you|this|that)\w+",
    ),
    rule(FACT, rf"dream (?:of|about) \w+ing (?!{POINTING})\w+"),
    rule(TALK, r"(?:come|go|went|came) (?:now|home|ahead|on|back|away|there|here)", r"know"),
    rule(FACT, rf"{_EVENTS}(?! (?:{POINTING}|reading|talking|laughing|thinking|working))", *_EVENTS_WITH),
    rule(TALK, _TALK_VERBS, r"believe"),
    rule(FACT, rf"{_ALONE}(?:$| {WHEN}| every| in | on | at | with | for )"),
    rule(FACT, rf"{_ALONE}$"),
    rule(TALK, r"(?!(?:need|feed|breed|bleed|weed|speed|embed|shed|wed)\b)\w+ed"),
    rule(TALK, rf"\w+ (?:{POINTING}|him|her$|us$|me$)"),
    rule(FACT, r"[a-z][a-z-]+ \S.*"),
)
