"""The replies: they quote what is stored, say where it comes from, and claim no more."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from markdown_it import MarkdownIt

from memories.assistant.offline import (
    compose,
    compose_forget_question,
    compose_forgotten,
    compose_kept,
    compose_nothing_to_forget,
    compose_overview,
    compose_wipe,
    quoted,
)
from memories.assistant.quoting import MAX_QUOTED, cited, day
from memories.assistant.reading import read
from memories.types import Memory

NOW = dt.datetime(2026, 4, 2, 12, 0, tzinfo=dt.UTC)
MARCH = dt.datetime(2026, 3, 14, 9, 0, tzinfo=dt.UTC)


def memory(text: str, when: dt.datetime = MARCH, **more: Any) -> Memory:
    return Memory(
        id=more.pop("id", text), memory=text, created_at=when, updated_at=more.pop("updated_at", when), **more
    )


def seen(markdown: str) -> str:
    """What a reader sees of it."""
    tokens = MarkdownIt("commonmark", {"html": False}).parse(markdown)
    inline = [child.content for token in tokens if token.type == "inline" for child in token.children or []]
    return "".join(inline)


SEAT = memory("I always want a window seat on flights")
DIET = memory("I am vegetarian")


def test_confirms_what_was_stored_in_its_own_words() -> None:
    assert compose(read("I am vegetarian."), saved=[DIET], now=NOW) == "I'll remember that: *I am vegetarian*"


def test_confirms_each_of_several() -> None:
    reply = compose(read("I am vegetarian and I work nights"), saved=[DIET, memory("I work nights")], now=NOW)
    assert "- *I am vegetarian*\n- *I work nights*" in reply


def test_says_what_was_known_already_and_since_when() -> None:
    reply = compose(read("I am vegetarian"), known=[DIET], now=NOW)
    assert reply == "I knew that already. You told me on 14 March: *I am vegetarian*"


def test_offers_to_remember_what_was_once_forgotten() -> None:
    reply = compose(read("I am vegetarian"), refused=["I am vegetarian"], now=NOW)
    assert reply.startswith("You asked me to forget this: *I am vegetarian*. Remember it again?")


def test_offers_several_forgotten_ones() -> None:
    reply = compose(read("x"), refused=["I smoke", "I drink"], now=NOW)
    assert "- *I smoke*\n- *I drink*" in reply
    assert "Remember them again?" in reply


def test_a_failed_save_is_told_and_not_confirmed() -> None:
    reply = compose(read("I am vegetarian"), failed=["I am vegetarian"], now=NOW)
    assert "could not save" in reply
    assert "I'll remember" not in reply


def test_answers_with_the_memory_and_when_it_was_said() -> None:
    reply = compose(read("Which seat do I like?"), recalled=[SEAT], now=NOW)
    assert reply == "You told me on 14 March: *I always want a window seat on flights*"


def test_brings_up_what_may_bear_on_a_question_best_first() -> None:
    nuts = memory("My daughter Mia is allergic to peanuts", dt.datetime(2026, 4, 1, tzinfo=dt.UTC))
    reply = compose(read("What should I cook tonight?"), recalled=[DIET, nuts], now=NOW)
    first, second = reply.split("\n\n")[1].splitlines()
    assert first == "- You told me on 14 March: *I am vegetarian*"
    assert second == "- You told me yesterday: *My daughter Mia is allergic to peanuts*"


def test_knows_nothing_of_what_it_was_never_told() -> None:
    reply = compose(read("What is the capital of France?"), now=NOW)
    assert reply == "I only know what you have told me, and nothing you told me is about that."


def test_states_and_asks_gets_both_answers_without_saying_the_new_fact_twice() -> None:
    reading = read("I'm vegetarian. What should I cook tonight?")
    reply = compose(reading, saved=[DIET], recalled=[DIET, SEAT], now=NOW)
    assert reply.count("I am vegetarian") == 1
    assert "window seat" in reply


def test_only_the_new_fact_bears_on_the_question() -> None:
    reading = read("I'm vegetarian. What should I cook tonight?")
    assert compose(reading, saved=[DIET], recalled=[DIET], now=NOW).endswith("Nothing else you told me is about that.")


def test_a_statement_without_facts_is_not_claimed_to_be_saved() -> None:
    assert compose(read("The sky is blue."), now=NOW).startswith("I saved nothing from that.")


def test_small_talk_differs_by_kind_and_never_by_chance() -> None:
    messages = ["hi there", "thanks!", "bye", "how are you?", "who are you?", "sorry", "well done", "ok cool", "..."]
    replies = [compose(read(message), now=NOW) for message in messages]
    assert len(set(replies)) == len(messages)
    assert replies == [compose(read(message), now=NOW) for message in messages]


def test_a_yes_out_of_the_blue_does_nothing() -> None:
    assert compose(read("yes"), now=NOW) == compose(read("ok"), now=NOW)


def test_the_overview_quotes_the_stored_texts() -> None:
    reply = compose_overview([DIET, SEAT], 2, "/data/")
    assert "- *I am vegetarian*\n- *I always want a window seat on flights*" in reply
    assert "[Your data](/data/)" in reply
    assert "2 things" in reply


def test_the_overview_says_that_there_are_more() -> None:
    assert "I remember 40 things about you. Here are 2 of them:" in compose_overview([DIET, SEAT], 40, "/data/")


def test_the_overview_of_nothing() -> None:
    assert compose_overview([], 0, "/data/").startswith("I remember nothing about you yet.")


def test_the_overview_of_one() -> None:
    assert compose_overview([DIET], 1, "/data/").startswith("I remember one thing about you:\n\n- *I am vegetarian*")


def test_asks_before_it_forgets() -> None:
    reply = compose_forget_question([DIET])
    assert reply == "Shall I forget this?\n\n- *I am vegetarian*\n\nNothing happens unless you answer yes."


def test_numbers_several_candidates() -> None:
    reply = compose_forget_question([DIET, SEAT])
    assert "1. *I am vegetarian*\n2. *I always want a window seat on flights*" in reply
    assert "Nothing happens without that." in reply


def test_sends_who_wants_everything_forgotten_to_the_page() -> None:
    assert "all 2 things I remember about you, open [Wipe](/data/wipe/)" in compose_wipe(2, "/data/wipe/")
    assert "the one thing" in compose_wipe(1, "/") and "I deleted nothing" in compose_wipe(1, "/")


def test_tells_what_was_forgotten_kept_or_not_found() -> None:
    assert compose_forgotten(["I am vegetarian"]) == "Forgotten: *I am vegetarian*"
    assert compose_forgotten(["I smoke", "I drink"]) == "Forgotten:\n\n- *I smoke*\n- *I drink*"
    assert "kept" in compose_kept()
    assert compose_nothing_to_forget("my job") == "I found no memory about *my job*, so there is nothing to forget."
    assert "nothing about you" in compose_nothing_to_forget("")


HOSTILE = [
    "**bold** and _this_ and `code`",
    "<script>alert(1)</script>",
    "[click](javascript:alert(1)) ![x](https://example.com/x.png)",
    "# heading\n- list\n> quote\n1. one",
    "a*b*c \\* d",
    "&lt;b&gt; &amp; 5 > 3",
    "*",
    "~~gone~~ | a | b |",
    "ends with a backslash \\",
    "``` fence",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_quotation_is_literal(text: str) -> None:
    assert seen(f"- {quoted(text)}") == " ".join(text.split())


def test_a_quotation_keeps_its_direction_to_itself() -> None:
    assert "\u202e" not in quoted("I am \u202eevil")
    assert quoted("שלום") == "*\u2068שלום\u2069*"


def test_a_quotation_is_cut_and_marked() -> None:
    assert len(quoted("x" * 8_000)) == MAX_QUOTED + 3
    assert quoted("x" * 8_000).endswith("…*")
    assert quoted(" \n ") == ""


def test_days_are_those_of_the_persons_clock() -> None:
    tokyo = dt.timezone(dt.timedelta(hours=9))
    now = dt.datetime(2026, 4, 3, 1, 0, tzinfo=tokyo)
    assert day(dt.datetime(2026, 4, 2, 15, 30, tzinfo=dt.UTC), now) == "today"
    assert day(dt.datetime(2026, 4, 2, 14, 0, tzinfo=dt.UTC), now) == "yesterday"
    assert day(dt.datetime(2025, 12, 31, 0, 0, tzinfo=dt.UTC), now) == "on 31 December 2025"


def test_names_where_a_memory_comes_from() -> None:
    assert cited(dataclasses.replace(DIET, source="typed"), NOW).startswith("You typed in on 14 March: ")
    assert cited(dataclasses.replace(DIET, source="imported"), NOW).startswith("You imported on 14 March: ")
    assert cited(dataclasses.replace(DIET, source="program"), NOW).startswith("A program saved for you on 14 March: ")
    assert cited(dataclasses.replace(DIET, kind="inferred"), NOW).startswith("I gathered on 14 March: ")


def test_a_changed_memory_is_not_said_to_be_what_was_told() -> None:
    changed = memory("I am vegan", version=2, updated_at=dt.datetime(2026, 4, 1, tzinfo=dt.UTC))
    assert cited(changed, NOW) == "You told me on 14 March (changed yesterday): *I am vegan*"
