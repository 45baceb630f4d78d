"""Stems to search by, and the one form to compare by."""

from __future__ import annotations

import pytest

from memories import stemming
from memories.text import QUESTION, TO_YOU, normalised, reworded, terms


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("I am vegetarian.", "I'm vegetarian"),
        ("I am vegetarian.", "i am Vegetarian!"),
        ("I\u2019m vegetarian", "I'm  vegetarian"),
        ("We don't eat meat", "we do not eat meat"),
        ("I can't swim", "I cannot swim"),
        ("I won't fly", "I will not fly"),
        ("I've moved", "I have moved"),
        ("They'll come", "they will come"),
        ("It's raining", "it is raining"),
        ("What's new", "what is new"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("STRASSE", "stra\u00dfe"),
        ("a\u00a0b\n\tc", "a b c"),
        ("Hello, world", "hello world"),
        ("I dont eat fish", "I don't eat fish"),
        ("im vegetarian", "I am vegetarian"),
        ("I cant swim and ive tried", "I can't swim, and I've tried"),
        ("I like sar\u200bdi\u00adnes\u200d", "I like sardines"),
    ],
)
def test_the_same_sentence_has_the_same_form(left: str, right: str) -> None:
    assert normalised(left) == normalised(right) != ""


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("I like C#", "I like C"),
        ("I like C++", "I like C"),
        ("3.5 litres", "35 litres"),
        ("5 %", "5"),
        ("I am vegetarian", "I am not vegetarian"),
        ("Mia's dog", "Mia dog"),
        ("I am ill", "I am I will"),
        ("I want a plant", "I wa not a pla not"),
        ("resume", "r\u00e9sum\u00e9"),
        ("\u20ac 5", "$ 5"),
        ("\U0001f431", "\U0001f436"),
    ],
)
def test_what_means_something_else_has_another_form(left: str, right: str) -> None:
    assert normalised(left) != normalised(right)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("I'm Sam", "my name is sam"),
        ("My name's not Sam", None),
        ("My name is Anna Maria", "i am anna maria"),
        ("User's name is Sam", "i am sam"),
        ("I am a nurse at the hospital", None),
        ("I live in Porto", None),
        ("My name is", None),
    ],
)
def test_a_name_is_said_in_two_ways(text: str, other: str | None) -> None:
    assert reworded(text) == other


@pytest.mark.parametrize("text", ["", "  ", "...", "\u2014 !?", "\x00\u200b"])
def test_nothing_to_compare_is_empty(text: str) -> None:
    assert normalised(text) == ""


@pytest.mark.parametrize(
    "text", ["I'm here", "We can't", "\u0130stanbul", "\u1e9e", "\u01c6", "it's C# & 5 %", "\u0345a"]
)
def test_the_plain_form_of_a_plain_form_is_itself(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My daughters are allergic to peanuts", ["daughter", "allerg", "peanut"]),
        ("I, me, my, mine and I'm", ["mine"]),
        ("Don't you like the caf\u00e9s?", ["cafe", QUESTION]),
        ("Ana Maria: I ran", ["@ana", "@maria", "ana", "maria", "ran"]),
        ("Ana: You run, I sleep", ["@ana", "ana", "run", "sleep", TO_YOU]),
        ("Ana: Is that your kayak?", ["@ana", "ana", "kayak", QUESTION, TO_YOU]),
        ("You run, I sleep", ["run", "sleep"]),
        ("note to self: call", ["note", "self", "call"]),
        ("At 10:30 in room 5", ["10", "30", "room", "5"]),
        ("\u79c1\u306f\u6771\u4eac", ["\u79c1\u306f", "\u306f\u6771", "\u6771\u4eac"]),
        ("\u732b", ["\u732b"]),
        (
            "\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440",
            ["\u043f\u0440\u0438\u0432\u0435\u0442", "\u043c\u0438\u0440"],
        ),
        ("M\u00fcnchen MUNCHEN", ["munchen", "munchen"]),
        ("", []),
        ("?!", [QUESTION]),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_vowel_signs_do_not_split_words() -> None:
    assert len(terms("\u092e\u0941\u091d\u0947 \u0939\u093f\u0902\u0926\u0940")) == 2


def test_other_spellings_of_a_word_share_a_stem() -> None:
    assert terms("running") == terms("runs")


def test_terms_never_hold_white_space() -> None:
    assert all(" " not in term for term in terms("Jean Luc: a\u00a0b c\u2003d e\nf"))


def test_a_private_word_is_not_remembered() -> None:
    terms("My password is zyxxwvuttq and my name is Xanthippine")
    kept = set(stemming._stems) | set(stemming._stems.values())
    assert not any(word.startswith(("zyxxw", "xanthip")) for word in kept)


def test_a_common_word_is_remembered() -> None:
    terms("garden")
    assert "garden" in stemming.public_words()
    assert stemming._stems["garden"] == "garden"
