"""Charts: the right size, readable by those who do not see them, no style and no markup let in."""

from __future__ import annotations

import datetime as dt

import pytest
from bs4 import BeautifulSoup

from memories import charts
from memories.storage.browsing import month_starts, week_starts

NOW = dt.datetime(2026, 3, 14, 9, 30, tzinfo=dt.UTC)


def drawn(svg: str) -> BeautifulSoup:
    return BeautifulSoup(svg, "html.parser")


def test_columns_stand_in_proportion_and_one_is_still_seen() -> None:
    svg = drawn(charts.columns("c", ["a", "b", "c"], [0, 1, 1000], title="T", description="D"))
    heights = [float(rect["height"]) for rect in svg.select("rect")]
    assert heights[0] == 0 and heights[1] >= 2 and heights[2] == max(heights) <= charts.HEIGHT
    assert svg.svg["aria-labelledby"] == "c-title c-desc" and svg.find(id="c-desc").get_text() == "D"


def test_bars_carry_their_names_and_numbers() -> None:
    svg = drawn(charts.bars("b", {"From chats": 3, "Typed": 1200}, title="T", description="D"))
    assert [text.get_text() for text in svg.select("text")] == ["From chats", "3", "Typed", "1,200"]


def test_names_are_escaped_and_nothing_is_styled() -> None:
    svg = charts.bars("b", {"<script>": 1}, title='"<b>', description="&")
    assert "<script>" not in svg and "<b>" not in svg and "style" not in svg


@pytest.mark.parametrize(("percent", "width"), [(0, "0"), (1, "1"), (50, "50"), (100, "100")])
def test_meter(percent: int, width: str) -> None:
    assert drawn(charts.meter(percent)).rect["width"] == width


def test_sparkline_of_nothing_is_nothing_and_otherwise_says_itself() -> None:
    starts = week_starts(NOW, 4)
    assert charts.sparkline(starts, [0, 0, 0, 0]) == ""
    assert "most in the week of 2 March: 5" in charts.sparkline(starts, [0, 1, 5, 2])


def test_empty_charts_are_drawn() -> None:
    assert "Nothing yet" in charts.drawn("kind", "Kinds", [("Stated", 0)])
    assert drawn(charts.drawn("came", "When", [])).svg


def test_weeks_begin_on_mondays_and_months_on_the_first() -> None:
    weeks = week_starts(NOW, 17)
    assert (
        len(weeks) == 17
        and {start.weekday() for start in weeks} == {0}
        and weeks[-1] <= NOW < weeks[-1] + dt.timedelta(7)
    )
    months = month_starts(NOW - dt.timedelta(days=300), NOW)
    assert {start.day for start in months} == {1} and months[0] <= NOW - dt.timedelta(days=300)
    assert len(month_starts(None, NOW)) == 6 and len(month_starts(NOW - dt.timedelta(days=9000), NOW)) == 24
