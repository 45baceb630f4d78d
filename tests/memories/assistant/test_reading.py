"""What a message wants first of all, and what it states and asks besides."""

from __future__ import annotations

import pytest

from memories.assistant.reading import Intent, Reading, read
from memories.assistant.smalltalk import Small

OVERVIEW = """
Tell me something about me|what do you have on file about me?
what do you know about me?|What do you know about me|what have you saved about me|list my memories|show my memories
show everything you remember|Show me everything you know about me|Tell me everything you know about me.
what do you remember?|What have I told you so far?|what's in your memory|who am I?|What did you learn about me?
Can you list all the things you know about me?|What memories do you have
Do you know anything about me?|do you remember me?
"""
FORGET = {
    "Forget that I'm vegetarian": "I'm vegetarian",
    "forget I'm vegetarian": "I'm vegetarian",
    "Please forget about my job.": "my job",
    "Can you forget my address?": "my address",
    "could you please delete my address": "my address",
    "please delete what you know about my job": "my job",
    "don't remember my address any more": "my address",
    "Stop remembering my birthday": "my birthday",
    "forget everything about my job": "my job",
    "Forget all about peanuts": "peanuts",
    "forget what I told you about Lisbon": "Lisbon",
    "remove the memory about Lisbon": "Lisbon",
    "Delete my memories about work": "work",
    "I want you to forget my phone number": "my phone number",
    "I'd like you to forget that I live in Lisbon": "I live in Lisbon",
    "please forget that my daughter is called Mia, thanks": "my daughter is called Mia",
    "No longer remember that I smoke": "I smoke",
    "Forget my e-mail sam@example.com": "my e-mail sam@example.com",
}
EVERYTHING = """
forget everything|Forget everything you know about me|delete all my memories|wipe my memory|erase everything
forget me
Please delete everything you remember about me.|clear all memories of me|forget all you know
Forget everything I told you
"""
LATEST = "forget that|Forget the last thing I said|forget what I just said|delete that memory"
QUESTIONS = """
What should I cook tonight?|Which seat do I like?|What is the capital of France?|Can I eat this?|what is my name
I'm thinking of buying a bike?|Do I need a visa for Japan?|am i allergic to anything
what do you know about my job?
What do you know about France?|do you remember my name?|did you forget that I'm vegan?|any ideas for dinner
dinner ideas?
write me a poem|Tell me a joke|Recommend a restaurant|i need a recipe|I'd like a recipe for soup
I live in Lisbon, don't I?|i am vegan arent i|My name is Jo, isn't it?
Can you remember what I like?|remind me where I live|Am I still vegan?|how old is my daughter
"""
SMALL = {
    Small.GREETING: "hi|hi there|Hello!|hey there|Good morning|I'm back|Hey!",
    Small.THANKS: "thanks!|Thank you so much|ok thanks|Great, thanks!|thx|thanks for remembering",
    Small.GOODBYE: "bye|good night|see you tomorrow|Goodbye!|I have to go",
    Small.HOW_ARE_YOU: "how are you?|what's up|hi, how are you today?",
    Small.ABOUT_YOU: "who are you?|what can you do?|help|are you a robot?",
    Small.SORRY: "sorry|oops|I'm so sorry",
    Small.PRAISE: "nice|great job|I love it!|well done",
    Small.OK: "ok|ok cool|Guess what?|I see|lol|\U0001f44d|I'm fine, thanks|got it|I'm not sure",
    Small.UNCLEAR: "...|?!",
}
YES = """
yes|Yes please|yep|yeah, go ahead|sure|do it|go ahead|ok do it|y|yes, forget it|forget it|delete it|Yes, delete both
both|all of them|YES!!|yes do it please|Please do.|Absolutely
"""
NO = """
no|nope|No thanks|never mind|keep it|no, keep it|don't|cancel|not now|wait|actually no|forget about it|don't delete it
Stop|yes but keep the job|Yes, except the first|yes... no, wait|No! Leave it.|oh no, please keep it|don't do it
"""
NEITHER = "ok|fine|yes?|sure is cold today|I'm not sure|What?|Forget that I'm vegetarian|Stop remembering my birthday"
PICKED = {
    "1": (1,),
    "the second one": (2,),
    "yes, the first": (1,),
    "1 and 3": (1, 3),
    "just number two": (2,),
    "yes": (),
}


def lines(table: str) -> list[str]:
    return [item for line in table.strip().splitlines() for item in line.split("|")]


@pytest.mark.parametrize("message", lines(OVERVIEW))
def test_asks_for_everything_known(message: str) -> None:
    reading = read(message)
    assert (reading.intent, reading.facts, reading.question) == (Intent.OVERVIEW, (), "")


@pytest.mark.parametrize(("message", "topic"), FORGET.items())
def test_names_what_to_forget(message: str, topic: str) -> None:
    reading = read(message)
    assert (reading.intent, reading.topic, reading.facts) == (Intent.FORGET, topic, ())
    assert not (reading.everything or reading.latest)


@pytest.mark.parametrize("message", lines(EVERYTHING))
def test_forgets_everything(message: str) -> None:
    reading = read(message)
    assert (reading.intent, reading.topic, reading.everything) == (Intent.FORGET, "", True)


@pytest.mark.parametrize("message", lines(LATEST))
def test_forgets_what_was_said_last(message: str) -> None:
    reading = read(message).unasked()
    assert (reading.intent, reading.topic, reading.latest) == (Intent.FORGET, "", True)


@pytest.mark.parametrize("message", ["I forget things", "I forgot my keys", "delete the second paragraph", "clear"])
def test_the_word_alone_is_no_wish_to_forget(message: str) -> None:
    assert read(message).intent is Intent.STATEMENT


@pytest.mark.parametrize("message", lines(QUESTIONS))
def test_asks_or_requests(message: str) -> None:
    reading = read(message)
    assert (reading.intent, reading.facts, reading.question) == (Intent.QUESTION, (), message)


@pytest.mark.parametrize(("kind", "message"), [(kind, item) for kind, table in SMALL.items() for item in lines(table)])
def test_is_only_friendly(kind: Small, message: str) -> None:
    reading = read(message)
    assert (reading.otherwise, reading.small, reading.facts) == (Intent.SMALLTALK, kind, ())


@pytest.mark.parametrize("message", lines(YES))
def test_agrees(message: str) -> None:
    assert read(message).intent is Intent.YES


@pytest.mark.parametrize("message", lines(NO))
def test_declines_or_agrees_with_a_reserve(message: str) -> None:
    assert read(message).intent is Intent.NO


@pytest.mark.parametrize("message", lines(NEITHER))
def test_answers_nothing(message: str) -> None:
    assert read(message).intent not in (Intent.YES, Intent.NO)


@pytest.mark.parametrize(("message", "choices"), PICKED.items())
def test_picks_from_a_list(message: str, choices: tuple[int, ...]) -> None:
    reading = read(message)
    assert (reading.intent, reading.choices) == (Intent.YES, choices)


@pytest.mark.parametrize("message", ["remember it again", "Remember that", "yes, remember it", "please save it again"])
def test_wants_it_remembered_again(message: str) -> None:
    assert read(message).intent is Intent.REMEMBER


def stated_and_asked(message: str) -> tuple[Intent, list[str], str]:
    reading = read(message)
    return reading.intent, [fact.text for fact in reading.facts], reading.question


BOTH = [
    ("Tell me a joke. dont like olives", ["Dont like olives"], "Tell me a joke"),
    ("I'm vegetarian. What should I cook tonight?", ["I'm vegetarian"], "What should I cook tonight?"),
    ("I'm vegetarian, what should I cook tonight?", ["I'm vegetarian"], "what should I cook tonight?"),
    ("What should I cook? I'm vegetarian.", ["I'm vegetarian"], "What should I cook?"),
    ("My wife is vegan and we love pasta, any ideas for dinner?", ["My wife is vegan", "We love pasta"],
     "any ideas for dinner?"),
    ("Hi! I'm Bob. What's my name?", ["I'm Bob"], "What's my name?"),
]  # fmt: skip


@pytest.mark.parametrize(("message", "facts", "question"), BOTH)
def test_states_and_asks_in_one(message: str, facts: list[str], question: str) -> None:
    assert stated_and_asked(message) == (Intent.QUESTION, facts, question)


def test_states_while_forgetting() -> None:
    reading = read("Forget that I'm vegetarian. I'm vegan now.")
    assert (reading.intent, reading.topic) == (Intent.FORGET, "I'm vegetarian")
    assert [fact.text for fact in reading.facts] == ["I'm vegan now"]


def test_an_answer_that_states_something_is_a_statement_if_none_was_awaited() -> None:
    reading = read("Yes, I'm vegetarian")
    assert (reading.intent, reading.unasked().intent) == (Intent.YES, Intent.STATEMENT)
    assert reading.unasked().facts == reading.facts != ()


def test_a_statement_without_facts_is_still_one() -> None:
    assert read("The sky is blue.") == Reading(intent=Intent.STATEMENT, otherwise=Intent.STATEMENT)


@pytest.mark.slow
@pytest.mark.parametrize(
    "message", ["", " " * 8_000, "I am " * 1_600, "what do you " * 600, "forget my " * 800, "yes " * 2_000]
)
def test_reads_anything_twice_alike(message: str) -> None:
    assert read(message) == read(message)
