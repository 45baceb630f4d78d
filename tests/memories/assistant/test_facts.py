"""What counts as a fact: two long tables of whole messages, and those that need unwrapping or splitting."""

from __future__ import annotations

from pathlib import Path

import pytest

from memories.assistant.facts import MAX_FACTS, MAX_LENGTH, Fact, facts

HERE = Path(__file__).parent
STATED = (HERE / "stated.txt").read_text("utf-8").splitlines()
UNSTATED = (HERE / "unstated.txt").read_text("utf-8").splitlines()


def texts(message: str) -> list[str]:
    return [fact.text for fact in facts(message)]


# One test a table, naming all that went wrong: as thousands of tests they take longer to count than to run.
def test_a_plain_statement_is_kept_whole() -> None:
    bare = {message: message.rstrip(".!") for message in STATED}
    whole = {message: [text[:1].upper() + text[1:]] for message, text in bare.items()}
    assert {message: texts(message) for message in STATED} == whole


def test_talk_questions_and_others_words_are_not_kept() -> None:
    assert {message: kept for message in UNSTATED if (kept := texts(message))} == {}


UNWRAPPED = [
    ("I am vegetarian. Please remember that.", ["I am vegetarian"]),
    (
        "My daughter Mia is allergic to peanuts, and we live in Lisbon.",
        ["My daughter Mia is allergic to peanuts", "We live in Lisbon"],
    ),
    ("I'm 34, live in Porto and have two kids", ["I'm 34, live in Porto and have two kids"]),
    ("Please call me Dr. Smith", ["Call me Dr. Smith"]),
    ("Please use metric units", ["Use metric units"]),
    ("allergic to nuts, remember that", ["Allergic to nuts"]),
    ("What should I cook for my wife, I am vegan?", ["I am vegan"]),
    ("What can I cook for my kids and I am vegan", ["I am vegan"]),
    ("Remember: Parking: my spot is 12", ["Parking: my spot is 12"]),
    ("Remember that the spare key is under the mat", ["The spare key is under the mat"]),
    ("Remember: Mia is allergic to peanuts", ["Mia is allergic to peanuts"]),
    ("Please remember my birthday is 3 May", ["My birthday is 3 May"]),
    ("Could you remember I'm allergic to nuts?", ["I'm allergic to nuts"]),
    ("can you remember that I work nights?", ["I work nights"]),
    ("Don't forget that I'm vegan", ["I'm vegan"]),
    ("Just so you know, I'm deaf in one ear", ["I'm deaf in one ear"]),
    ("By the way, I'm vegan", ["I'm vegan"]),
    ("btw im vegan", ["Im vegan"]),
    ("FYI I live in Porto", ["I live in Porto"]),
    ("Actually I'm vegan now, not vegetarian", ["I'm vegan now, not vegetarian"]),
    ("Oh and I have a cat", ["I have a cat"]),
    ("Well, I am a teacher", ["I am a teacher"]),
    ("Hey, I'm Bob", ["I'm Bob"]),
    ("Yes, I'm vegetarian", ["I'm vegetarian"]),
    ("No, I live in Porto", ["I live in Porto"]),
    ("For the record, I hate mondays", ["I hate mondays"]),
    ("Note that I work part time", ["I work part time"]),
    ("I should mention that I'm colour blind", ["I'm colour blind"]),
    ("I wanted to let you know that I moved to Porto", ["I moved to Porto"]),
    ("The thing is, I'm allergic to cats", ["I'm allergic to cats"]),
    ("I'm a vegetarian, thanks", ["I'm a vegetarian"]),
    ("I'm vegan btw", ["I'm vegan"]),
    ("i live in paris and my name is bob", ["I live in paris", "My name is bob"]),
    ("I'm severely allergic to shellfish, please remember.", ["I'm severely allergic to shellfish"]),
    ("Hey there! I'm Priya and I work as a data scientist.", ["I'm Priya", "I work as a data scientist"]),
    ("I'm a nurse and I work nights", ["I'm a nurse", "I work nights"]),
    ("I live in Lisbon and work at a bank", ["I live in Lisbon", "I work at a bank"]),
    ("I'm Muslim, so I don't eat pork", ["I'm Muslim", "I don't eat pork"]),
    ("I love spicy food but I can't handle garlic", ["I love spicy food", "I can't handle garlic"]),
    ("I was born in Peru and grew up in Spain", ["I was born in Peru", "I grew up in Spain"]),
    ("My wife Ana is a doctor and my son Leo has asthma", ["My wife Ana is a doctor", "My son Leo has asthma"]),
    (
        "My email is jane.doe@example.com and my site is https://example.com/a.b",
        ["My email is jane.doe@example.com", "My site is https://example.com/a.b"],
    ),
    ("I'm vegetarian! I hate mushrooms!", ["I'm vegetarian", "I hate mushrooms"]),
    ("i'm vegan. i live in rome.", ["I'm vegan", "I live in rome"]),
    ("I'm vegetarian 😊", ["I'm vegetarian"]),
    ("I'm vegetarian, what should I cook tonight?", ["I'm vegetarian"]),
    ("What can I cook? I'm vegetarian.", ["I'm vegetarian"]),
    ("As I'm vegan, what should I eat?", ["I'm vegan"]),
    ("what can I eat since I'm vegan?", ["I'm vegan"]),
    ("Suggest a recipe, I'm vegan", ["I'm vegan"]),
    ("I need a recipe but I'm allergic to nuts", ["I'm allergic to nuts"]),
    ("im vegan what should i cook", ["Im vegan"]),
    ("The spare key is under the mat. Please remember that.", ["The spare key is under the mat"]),
    ("I am vegetarian and I am vegetarian", ["I am vegetarian"]),
    ("I am vegetarian. I'm vegetarian.", ["I am vegetarian"]),
    ("- I'm vegan\n- I live in Rome\n- My dog is Rex", ["I'm vegan", "I live in Rome", "My dog is Rex"]),
    ("I live in\nLisbon with my family", ["I live in Lisbon with my family"]),
    ("Please always reply in Spanish", ["Always reply in Spanish"]),
    ("Please answer in short sentences from now on", ["Answer in short sentences from now on"]),
    ("Please don't use emojis", ["Don't use emojis"]),
    ("No dairy for me, please", ["No dairy for me"]),
    ("Can you remember that my son is allergic to eggs?", ["My son is allergic to eggs"]),
    ("Would you please note that I work nights?", ["I work nights"]),
    ("Please keep in mind that I can't eat gluten.", ["I can't eat gluten"]),
    ("Make a note: my passport expires in June", ["My passport expires in June"]),
    ("Don't forget my mother's birthday is 8 August", ["My mother's birthday is 8 August"]),
    ("I want you to remember that I hate surprises", ["I hate surprises"]),
    ("You should know that I have epilepsy", ["I have epilepsy"]),
    ("Let me tell you that I have two cats", ["I have two cats"]),
    ("About me: I'm a pilot", ["I'm a pilot"]),
    ("Fun fact: I have a twin", ["I have a twin"]),
    ("One more thing, I don't drink", ["I don't drink"]),
    ("Just wanted to let you know I'm allergic to shellfish, thank you!", ["I'm allergic to shellfish"]),
    ("It would be great if you could remember that I'm colour-blind", ["I'm colour-blind"]),
    ("I'd appreciate it if you remembered that I'm deaf in one ear", ["I'm deaf in one ear"]),
    ("Would you mind remembering that my cat is called Olive?", ["My cat is called Olive"]),
    ("Do me a favour and remember that I can't swim", ["I can't swim"]),
    ("If you don't mind, remember that I'm a widow", ["I'm a widow"]),
    ("I hope you'll remember that I love jazz", ["I love jazz"]),
    ("Quick note for you: I work nights", ["I work nights"]),
    ("Before I forget, my flight is on Friday at 9", ["My flight is on Friday at 9"]),
    ("For future reference, my size is M", ["My size is M"]),
    ("In case it matters, I'm 67 years old", ["I'm 67 years old"]),
    ("Truth be told, I hate my job", ["I hate my job"]),
    ("I have to admit I love reality TV", ["I love reality TV"]),
    ("Guess what, I got a new job!", ["I got a new job"]),
    ("Sorry, I meant I live in Porto", ["I live in Porto"]),
    ("Actually, scratch that, I live in Porto", ["I live in Porto"]),
    ("I live in Rome. I'm the king of France. Just kidding!", ["I live in Rome"]),
    ("Remember my locker code: 4711", ["My locker code: 4711"]),
    ("Remember: no onions", ["No onions"]),
    ("Could I ask you to remember that I'm a vegan?", ["I'm a vegan"]),
    ("Make sure you remember that I'm allergic to bees", ["I'm allergic to bees"]),
    ("Let it be known that I hate cilantro", ["I hate cilantro"]),
    ("It might help to know that I'm a beginner", ["I'm a beginner"]),
    ("One thing to note: I don't eat pork", ["I don't eat pork"]),
    ("Good news, I passed my driving test", ["I passed my driving test"]),
    ("Small update: I moved to Ghent", ["I moved to Ghent"]),
    ("I carry an EpiPen with me, so be careful", ["I carry an EpiPen with me"]),
    ("Hey assistant, I'm a huge fan of Arsenal", ["I'm a huge fan of Arsenal"]),
    (
        "I'm from Ghana originally but live in Oslo now",
        ["I'm from Ghana originally", "I live in Oslo now"],
    ),
    ("Also, I play the drums", ["I play the drums"]),
    ("And I have a parrot", ["I have a parrot"]),
    ("To be honest, I hate running", ["I hate running"]),
    ("Unfortunately I lost my job", ["I lost my job"]),
    ("As I said, I'm allergic to nuts", ["I'm allergic to nuts"]),
    ("Just for the record, I live in Malmö", ["I live in Malmö"]),
    ("Correction: I live in Porto", ["I live in Porto"]),
    ("No, actually I live in Porto", ["I live in Porto"]),
    ("Thanks! I'm a vegetarian by the way", ["I'm a vegetarian"]),
    ("I'm vegan, lol", ["I'm vegan"]),
    ("I'm vegan, just so you know", ["I'm vegan"]),
    ("I hate onions, please remember that, thanks", ["I hate onions"]),
    ("remember i hate onions", ["I hate onions"]),
    ("Please note: I'm on holiday in August", ["I'm on holiday in August"]),
    ("Sorry, I'm vegetarian", ["I'm vegetarian"]),
    ("I'm José and I live in São Paulo", ["I'm José", "I live in São Paulo"]),
    ("I am 中村 and I live in Osaka", ["I am 中村", "I live in Osaka"]),
    ("Please don't suggest pork", ["Don't suggest pork"]),
    ("Please speak to me in German", ["Speak to me in German"]),
    ("Please keep it short in future", ["Keep it short in future"]),
    ("Hi, my name is Anna and I'm from Sweden", ["My name is Anna", "I'm from Sweden"]),
    ("This is Anna. I live in Oslo.", ["I live in Oslo"]),
    ("I'm vegetarian, by the way", ["I'm vegetarian"]),
    ("lactose intolerant, please remember", ["Lactose intolerant"]),
    ("Please call me Carmen", ["Call me Carmen"]),
    ("Please use they/them for me", ["Use they/them for me"]),
    ("Please always suggest vegetarian options", ["Always suggest vegetarian options"]),
    ("Actually, my name is spelled Kaitlyn", ["My name is spelled Kaitlyn"]),
    ("Remember my locker code is 4711", ["My locker code is 4711"]),
    ("Please remember that Tom's birthday is on 9 May", ["Tom's birthday is on 9 May"]),
    ("Remember I parked on level 3", ["I parked on level 3"]),
    ("Keep in mind we have a toddler", ["We have a toddler"]),
    ("Don't forget I'm on a budget", ["I'm on a budget"]),
    ("Note to self: I owe Tom 20 euros", ["I owe Tom 20 euros"]),
    ("I told you I'm allergic to nuts", ["I'm allergic to nuts"]),
    ("He said: I hate fish. I love rice.\nI'm vegan.", ["I'm vegan"]),
    ("He said: I'm vegan. I told him: nonsense. I live in Rome.", ["I live in Rome"]),
    ("Remember: I hate onions. I love garlic.", ["I hate onions", "I love garlic"]),
    ("My birthday? It's on 3 May", ["My birthday is on 3 May"]),
    ("My name? Sam.", ["My name is Sam"]),
    ("Favourite colour? Blue.", ["Favourite colour: Blue"]),
    ("My parents? They live in Ghent.", ["My parents live in Ghent"]),
    ("No nuts please. I'm allergic.", ["No nuts, I'm allergic"]),
    ("No gluten. My wife is intolerant.", ["No gluten, my wife is intolerant"]),
    ("No thanks, I'm vegan", ["I'm vegan"]),
    ("Important: I'm allergic to bees. I carry an EpiPen.", ["I'm allergic to bees", "I carry an EpiPen"]),
    ("To sum up: I'm vegan. I live in Rome.", ["I'm vegan", "I live in Rome"]),
    ("I'm a teacher lol", ["I'm a teacher"]),
    ("Haha I live in Porto", ["I live in Porto"]),
    ("Sorry to bother you, but I'm diabetic", ["I'm diabetic"]),
]


@pytest.mark.parametrize(("message", "expected"), UNWRAPPED)
def test_wrapping_goes_and_clauses_part(message: str, expected: list[str]) -> None:
    assert texts(message) == expected


FOREIGN = [
    "Translate the following into French:\nI am a doctor. I live in Rome.",
    "```\nI am a string\n```",
    "> I love spam\n> I hate ham",
    "Dear Bob,\nI am writing to you. I live in Rome.",
    "From: bob@example.com\nSubject: hi\nI live in Rome",
    'def f():\n    return "I am here"',
    "He said:\nI live in Porto. I hate dogs.\nI have a cat.",
    "Suppose I am a king.\nI have two castles.",
    "The prompt was:\n```python\nname = 'I am Bob'\n```\n",
    "SELECT name FROM people;\nprint('my name is Bob')",
    "Can you proofread this?\nI am an engineer and I live in Rome.",
]


@pytest.mark.parametrize("message", FOREIGN)
def test_pasted_material_is_not_the_persons_own(message: str) -> None:
    assert texts(message) == []


def test_a_fact_is_stated_and_capitalised() -> None:
    assert facts("i like tea") == [Fact("I like tea", kind="stated")]


def test_own_words_beside_pasted_ones_are_kept() -> None:
    assert texts("> I hate ham\nI am vegan") == ["I am vegan"]
    assert texts("```\nx = 1\n```\nI use Python at work.") == ["I use Python at work"]


def test_a_quotation_inside_a_statement_stays() -> None:
    assert texts('My favourite film is "I, Robot" and I own a DVD of it') == [
        'My favourite film is "I, Robot"',
        "I own a DVD of it",
    ]


def test_the_same_fact_twice_is_one() -> None:
    assert texts("I am vegan. i'm Vegan! I AM VEGAN") == ["I am vegan"]


def test_a_message_gives_at_most_twenty_facts() -> None:
    message = ". ".join(f"I have {number} cats" for number in range(2, 60))
    assert len(texts(message)) == MAX_FACTS


def test_a_statement_that_is_too_long_is_left_out() -> None:
    assert texts("I like " + "very " * 200 + "old books. I am vegan.") == ["I am vegan"]
    assert all(len(text) <= MAX_LENGTH for text in texts("I like " + "x" * 493 + ". I own " + "y" * 500))


HOSTILE = [
    "",
    " " * 8_000,
    "I am " * 1_600,
    "my " * 2_600,
    "and " * 2_000,
    "I am, " * 1_300,
    "please do me a favour and " * 300,
    "lol just " * 800 + "kidding",
    "what I love " * 600,
    "I am a and my a and " * 400,
    "." * 8_000,
    "." * 7_999 + "x",
    "!?" * 4_000,
    '"' * 8_000,
    '"' + "a" * 7_000,
    "“" * 8_000,
    "'a" * 4_000,
    "‘" * 8_000,
    "a." * 4_000,
    "a@" * 4_000,
    "a-" * 4_000,
    "x" * 8_000,
    "\n" * 8_000,
    "- " * 4_000,
    ", " * 4_000,
    "remember that " * 570,
    "please " * 1_100,
    "forget " * 1_100,
    "what do you know " * 470,
    "my very " * 1_000 + "old",
    "}  " * 2_600 + "x",
    "he said to me on a on a " * 300 + ":",
    "no nuts please " * 500,
    "my? it's " * 800,
    "haha " * 1_600,
    "sorry to a " * 700,
    "\U0001f600" * 4_000,
    "\u202e\u202d" * 4_000,
    "\ue000\uf8ff" * 4_000,
    "\u0627\u0646\u0627 " * 2_000,
    "\u6211\u662f\u7d20\u98df\u8005\u3002" * 1_000,
    "\x00" * 100,
    "İ" * 4_000,
]


@pytest.mark.slow
@pytest.mark.parametrize("message", HOSTILE)
def test_hostile_input_ends_and_states_nothing(message: str) -> None:
    assert texts(message) == []


def test_a_fact_in_a_heap_of_noise_is_found() -> None:
    assert texts("?!" * 3_000 + " \n\n I am vegan. " + "\n" * 900) == ["I am vegan"]


def test_what_private_characters_hide_is_given_back() -> None:
    assert texts("I use \ue000 vim at https://example.com/?a=1 daily") == [
        "I use vim at https://example.com/?a=1 daily"
    ]
