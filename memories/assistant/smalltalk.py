"""Recognises what is said only to be friendly."""

from __future__ import annotations

import enum
import re
import unicodedata

from memories.assistant.plain import plain


class Small(enum.Enum):
    """The kind of small talk."""

    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    HOW_ARE_YOU = "how are you"
    ABOUT_YOU = "about you"
    SORRY = "sorry"
    PRAISE = "praise"
    OK = "ok"
    UNCLEAR = "unclear"


_NAME = (
    r"(?: (?:there|all|everyone|again|assistant|bot|buddy|mate|friend|folks|you|team|to you|and welcome|my friend))*"
)
_MUCH = (
    r"(?: (?:so much|a lot|a bunch|very much|again|you|for (?:that|this|the|your|everything|help|all|remembering|"
    r"letting)\b.*|a million|mate|friend|buddy|man|anyway|though|then|indeed))*"
)
_PLACED = (
    (
        Small.HOW_ARE_YOU,
        r"(?:(?:hi|hey|hello)(?: there)? |and |so )?(?:how (?:are|is) (?:you|u|it going|things|everything|life|your "
        r"day)\b.*|how do you do|how have you been|how r u|what is up|whats up|sup|what is new|how you doing|you "
        r"(?:ok|okay|alright)|are you (?:ok|okay|alright|there|well))",
    ),
    (
        Small.ABOUT_YOU,
        r"(?:so |and |hi |hey )?(?:(?:who|what) (?:are|r) (?:you|u)|what is your name|do you have a name|what can "
        r"(?:you|u|i) do(?: here| for me)?|how (?:do|can) (?:i use|you help)\b.*|help|help me|how does this work|"
        r"what is this|what do you do|are you (?:a |an )?(?:human|robot|bot|ai|real|person|chatgpt|model|real "
        r"person)|introduce yourself|tell me about yourself|what should i (?:say|do here|tell you))",
    ),
    (
        Small.THANKS,
        rf"(?:(?:ok|okay|great|cool|nice|perfect|wow|no|yes|oh|awesome|good|got it|alright|fine|many) )*(?:thanks|"
        rf"thank you|thx|ty|cheers|much appreciated|i appreciate (?:it|that|this)|thank u|thankyou|appreciated|"
        rf"tysm){_MUCH}",
    ),
    (
        Small.GOODBYE,
        r"(?:(?:ok|okay|well|alright|thanks|great) )*(?:bye|bye bye|goodbye|good bye|good night|goodnight|see (?:you|"
        r"ya)\b.*|talk (?:to you )?(?:later|soon|tomorrow)|later|cya|ciao|farewell|take care|i (?:have|got|need) to "
        r"(?:go|run|leave)(?: now)?|gotta go|have a (?:good|nice|great)\b.*|until (?:next time|tomorrow)|i am (?:off|"
        r"leaving|going to bed|out|done for today)|night night|ttyl|brb)(?: .{0,30})?",
    ),
    (
        Small.SORRY,
        r"(?:oh |ok |no )?(?:sorry|i am (?:so |very |really )?sorry|my (?:bad|mistake|apologies)|apologies|i "
        r"apologi[sz]e|pardon|excuse me|oops|whoops)\b.*",
    ),
    (
        Small.PRAISE,
        r"(?:(?:wow|oh|that is|this is|you are|it is|ok|very|so|really|good|i) )*(?:great|amazing|awesome|wonderful|"
        r"fantastic|brilliant|love (?:it|this|that|you)|like (?:it|this|that)|good (?:job|bot|work|one|answer|point)|"
        r"well done|nice(?: (?:one|work|job))?|impressive|helpful|smart|clever|lovely|sweet|funny|excellent|perfect|"
        r"beautiful|wow|neat|the best)(?: (?:job|work|answer|that|thanks|so much|it|one|very much))*",
    ),
    (
        Small.GREETING,
        rf"(?:oh |well )?(?:hi+|hey+|hello+|hiya|howdy|yo|greetings|good (?:morning|afternoon|evening|day)|morning|"
        rf"evening|hola|bonjour|welcome|salut|hallo|nice to meet you|pleased to meet you|hey hey|hi hi|i am (?:back|"
        rf"here)(?: again)?|testing|test|ping){_NAME}",
    ),
    (
        Small.OK,
        r"(?:(?:ok|okay|k|kk|cool|alright|all right|right|fine|good|got it|i see|understood|makes sense|fair enough|"
        r"sounds good|great|hmm+|mhm|aha|ah|oh|oh well|interesting|lol|haha+|hehe|lmao|sure thing|noted|true|exactly|"
        r"indeed|really|whatever|no problem|no worries|no worry|you are welcome|np|will do|roger|wow|yay|nice|"
        r"perfect|well|then|that is (?:ok|okay|fine|all|good|right|true|it)|i (?:know|think so|guess so|guess|hope "
        r"so|understand|agree|suppose so|mean it|see)|(?:i am|we are) (?:fine|good|ok|okay|well|great|just asking|"
        r"not sure|kidding|just kidding|joking|listening|waiting|ready|done)|thanks|thank you|and you|too|let us see|"
        r"anyway|so|just "
        r"asking|never mind|nevermind|(?:you know|guess|know) what)(?: |$))+",
    ),
)
_TABLE = tuple((kind, re.compile(pattern + r"$")) for kind, pattern in _PLACED)


def small_talk(text: str) -> Small | None:
    """The kind of small talk a whole message is, or None. One that holds no word at all is unclear."""
    if len(text) > 200:
        return None
    words = plain(text)
    if not words:
        shown = any(unicodedata.category(character) == "So" for character in text)
        return Small.OK if shown else Small.UNCLEAR
    return next((kind for kind, pattern in _TABLE if pattern.match(words)), None)
