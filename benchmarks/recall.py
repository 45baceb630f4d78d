"""How often the turns that answer a question are found, and how often silence is kept; prints Markdown.

python -m benchmarks.recall --data locomo.json [--quick]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.locomo import Question, Talk, read
from benchmarks.recallers import ABLATIONS, PLAIN, Found, Maker, as_used, ours, with_margin, without_speakers
from memories.storage.ranking import CUT_OFF
from memories.storage.weighing import ELSEWHERE

DEPTHS = (5, 10, 20)
CUTS = (0.0, 0.1, 0.2, CUT_OFF, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7)
GATES = (CUT_OFF, 0.3, 0.32, 0.34, 0.36, 0.38, 0.4, 0.42, 0.45, 0.5, 0.55, 0.6, 0.7)
MARGINS = (9.0, 0.4, 0.3, 0.2, ELSEWHERE, 0.1, 0.05)
DEAR = 0.005
"""What a gate may cost of recall@10 on the other conversations, when it is chosen for one."""
CATEGORIES = {1: "many hops", 2: "time", 3: "open", 4: "one hop"}
Asked = list[tuple[Question, Found]]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="a LoCoMo file")
    parser.add_argument("--quick", action="store_true", help="our ranking only, without the other formulas")
    options = parser.parse_args(arguments)
    talks = read(options.data)
    full = ask(ours, talks, "ours", lambda talk: talk.questions)
    answered = [[pair for pair in asked if pair[0] in talk.answerable] for talk, asked in zip(talks, full, strict=True)]
    if not options.quick:
        print_formulas(talks, answered)
    print_conversations(talks, answered)
    print_categories(answered)
    print_silence(talks, answered, full)
    print_margins(talks)


def ask(maker: Maker, talks: Sequence[Talk], label: str, which: Callable[[Talk], Iterable[Question]]) -> list[Asked]:
    """Every question that `which` gives, asked of its own conversation."""
    return [
        [(question, recall(question.text)) for question in which(talk)]
        for talk in progress(talks, label)
        for recall in [maker(talk)]
    ]


def recall_at(depth: int, asked: Asked, cut_off: float = 0.0) -> float:
    """The mean over questions of the share of their evidence among the first `depth` turns."""
    shares = [
        sum(place in question.evidence for place, score in found[:depth] if score >= cut_off) / len(question.evidence)
        for question, found in asked
    ]
    return float(np.mean(shares)) if shares else 0.0


def print_formulas(talks: Sequence[Talk], answered: list[Asked]) -> None:
    rows: dict[str, list[float]] = {}
    makers: Mapping[str, Maker] = {**PLAIN, **ABLATIONS}
    for label, maker in makers.items():
        asked = _flat(ask(maker, talks, label, lambda talk: talk.answerable))
        rows[("ours, " if label in ABLATIONS else "") + label] = [recall_at(depth, asked) for depth in DEPTHS]
    bare = [without_speakers(talk) for talk in talks]
    asked = _flat(ask(ours, bare, "turns without a speaker", lambda talk: talk.answerable))
    rows['ours, on turns without "speaker:"'] = [recall_at(depth, asked) for depth in DEPTHS]
    rows["**ours**"] = [recall_at(depth, _flat(answered)) for depth in DEPTHS]
    table("Recall, categories 1 to 4", ("ranking", *(f"@{depth}" for depth in DEPTHS)), rows)


def print_conversations(talks: Sequence[Talk], answered: list[Asked]) -> None:
    rows = {talk.name: [recall_at(d, asked) for d in DEPTHS] for talk, asked in zip(talks, answered, strict=True)}
    table("By conversation", ("conversation", *(f"@{depth}" for depth in DEPTHS)), rows)


def print_categories(answered: list[Asked]) -> None:
    rows = {
        name: [recall_at(depth, [pair for pair in _flat(answered) if pair[0].category == number]) for depth in DEPTHS]
        for number, name in CATEGORIES.items()
    }
    table("By category", ("category", *(f"@{depth}" for depth in DEPTHS)), rows)


def print_silence(talks: Sequence[Talk], answered: list[Asked], full: list[Asked]) -> None:
    """Category 5, and the questions of the next conversation, whose people this one has never heard of."""
    unanswerable = [
        [pair for pair in asked if pair[0] in talk.unanswerable] for talk, asked in zip(talks, full, strict=True)
    ]
    turned = dict(zip((talk.name for talk in talks), [*talks[1:], talks[0]], strict=True))
    foreign = ask(ours, talks, "another's questions", lambda talk: turned[talk.name].questions)
    groups = {"answerable": answered, "category 5": unanswerable, "another's": foreign}
    head = ("@10", "@20", *groups)
    rows = {
        f"{cut:.2f}": [recall_at(10, _flat(answered), cut), recall_at(20, _flat(answered), cut)]
        + [silence(_flat(group), cut) for group in groups.values()]
        for cut in CUTS
    }
    table("Cut-off for each row: recall, and how often nothing comes back", ("cut-off", *head), rows)
    rows = {f"{gate:.2f}": _at_gate(answered, groups, gate) for gate in GATES}
    used, there = ask(as_used, talks, "as used", lambda talk: talk.questions), ask(
        as_used, talks, "as used, another's", lambda talk: turned[talk.name].questions
    )  # fmt: skip
    rows["**as used**"] = [*_as_used(talks, used), silence(_flat(there), 0)]
    table(f"Gate for the best row, the others down to {CUT_OFF}", ("gate", *head), rows)
    table("Gates chosen without the conversation", ("conversation", "gate", "@10", "another's"), {
        talk.name: _left_out(number, answered, foreign) for number, talk in enumerate(talks)
    })  # fmt: skip


def print_margins(talks: Sequence[Talk]) -> None:
    """How far another's words may be ahead of those of whom the question names; and each conversation's own table, for
    whom that number was not chosen by."""
    found = {
        margin: ask(with_margin(margin), talks, f"margin {margin}", lambda talk: talk.questions) for margin in MARGINS
    }
    rows = {
        f"{margin:.2f}" if margin < 1 else "never silent": _as_used(talks, asked) for margin, asked in found.items()
    }
    table("How far another's own words may be ahead", ("margin", "@10", "@20", "answerable", "category 5"), rows)
    rows = {
        talk.name: [*_as_used([talk], [found[9.0][n]])[::3], *_as_used([talk], [found[ELSEWHERE][n]])[::3]]
        for n, talk in enumerate(talks)
    }
    head = (
        "conversation",
        "@10, never silent",
        "category 5, never silent",
        f"@10, {ELSEWHERE}",
        f"category 5, {ELSEWHERE}",
    )
    table("By conversation", head, rows)


def _as_used(talks: Sequence[Talk], asked: list[Asked]) -> list[float]:
    answerable, without_answer = (
        _flat([[pair for pair in pairs if pair[0] in which(talk)] for talk, pairs in zip(talks, asked, strict=True)])
        for which in (lambda talk: talk.answerable, lambda talk: talk.unanswerable)
    )
    return [*(recall_at(depth, answerable) for depth in (10, 20)), silence(answerable, 0), silence(without_answer, 0)]


def silence(asked: Asked, least: float) -> float:
    """How often not even the best row reaches so much."""
    return sum(not found or found[0][1] < least for _, found in asked) / max(len(asked), 1)


def gated(asked: Asked, gate: float) -> Asked:
    """With nothing where the best row stays below the gate."""
    return [(question, found if found and found[0][1] >= gate else []) for question, found in asked]


def _at_gate(answered: list[Asked], groups: Mapping[str, list[Asked]], gate: float) -> list[float]:
    left = gated(_flat(answered), gate)
    recalls = [recall_at(depth, left, CUT_OFF) for depth in (10, 20)]
    return recalls + [silence(_flat(group), gate) for group in groups.values()]


def _left_out(number: int, answered: list[Asked], foreign: list[Asked]) -> list[float]:
    """The highest gate that the other conversations say is cheap, and what it does here."""
    others = _flat(asked for i, asked in enumerate(answered) if i != number)
    least = recall_at(10, others, CUT_OFF) - DEAR
    gate = max(gate for gate in GATES if recall_at(10, gated(others, gate), CUT_OFF) >= least)
    return [gate, recall_at(10, gated(answered[number], gate), CUT_OFF), silence(foreign[number], gate)]


def table(title: str, head: Sequence[str], rows: Mapping[str, Sequence[float]]) -> None:
    lines = ["", f"## {title}", "", "| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += [f"| {label} | " + " | ".join(f"{value:.3f}" for value in values) + " |" for label, values in rows.items()]
    print("\n".join(lines))


def progress(talks: Sequence[Talk], label: str) -> Iterator[Talk]:
    for done, talk in enumerate(talks):
        bar = "#" * done + "." * (len(talks) - done)
        print(f"\r{label:36.36} [{bar}]", end="", file=sys.stderr, flush=True)
        yield talk
    print("\r" + " " * (40 + len(talks)) + "\r", end="", file=sys.stderr, flush=True)


def _flat(groups: Iterable[Asked]) -> Asked:
    return [pair for group in groups for pair in group]


if __name__ == "__main__":
    main()
