"""Reads the LoCoMo conversations (Maharana et al. 2024, CC BY-NC 4.0), which are measured with and never committed."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

UNANSWERABLE = 5
"""The category whose questions ask for what was never said (they swap the speakers of something that was)."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    text: str
    category: int
    """1 many hops, 2 time, 3 open, 4 one hop, 5 without an answer."""
    evidence: frozenset[int]
    """The places in `Talk.turns` of the turns that answer it."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """One conversation over many sessions."""

    name: str
    turns: tuple[str, ...]
    """ "speaker: text", in order."""
    sessions: tuple[int, ...]
    """The session of each turn; a session is one episode."""
    questions: tuple[Question, ...]

    @property
    def answerable(self) -> list[Question]:
        """Categories 1 to 4 with evidence annotated."""
        return [q for q in self.questions if q.category != UNANSWERABLE and q.evidence]

    @property
    def unanswerable(self) -> list[Question]:
        return [q for q in self.questions if q.category == UNANSWERABLE]


def read(path: Path) -> list[Talk]:
    """All conversations of the file."""
    return [_talk(sample) for sample in json.loads(path.read_text(encoding="utf-8"))]


def _talk(sample: dict[str, Any]) -> Talk:
    sessions = {
        int(key.removeprefix("session_")): turns
        for key, turns in sample["conversation"].items()
        if isinstance(turns, list)
    }
    ordered = [(number, turn) for number in sorted(sessions) for turn in sessions[number]]
    place = {turn["dia_id"]: i for i, (_, turn) in enumerate(ordered)}
    return Talk(
        name=str(sample["sample_id"]),
        turns=tuple(f"{turn['speaker']}: {turn['text']}" for _, turn in ordered),
        sessions=tuple(number for number, _ in ordered),
        questions=tuple(_question(item, place) for item in sample["qa"]),
    )


def _question(item: dict[str, Any], place: dict[str, int]) -> Question:
    # Some annotations hold two ids in one string, and a few name a turn that does not exist.
    ids = re.findall(r"D\d+:\d+", " ".join(map(str, item.get("evidence", ()))))
    found = frozenset(place[dia_id] for dia_id in ids if dia_id in place)
    return Question(text=str(item["question"]), category=int(item["category"]), evidence=found)
