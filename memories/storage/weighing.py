"""What each kind of evidence is worth. Few numbers, each on a plateau of the benchmark (benchmarks/recall.py)."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Hashable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from memories.text import QUESTION, SPEAKER, TO_YOU, light_terms

Floats = npt.NDArray[np.float32]

K1 = 1.2
B = 0.35
"""BM25's two constants. A low B: a long turn of a talk holds more facts, it is not padding."""
BACKGROUND = 50
"""Imagined rows that hold none of the words: in a store of three facts each word would otherwise seem commonplace."""
TOPIC = 0.5
"""What a shared topic is worth, where a shared word is worth 1."""
MEANING = 0.5
"""What the nearest possible meaning is worth, where holding all words of the question is worth 1."""
LIGHT = 0.25
"""What a word of the question like "favourite" or "today" weighs, where others weigh 1."""
ASKING = 0.75
"""What is left of a row that ends in a question: the answer stands in the next one."""
INFERRED = 0.85
"""What is left of a row that a model concluded: a conclusion may be wrong, so what the person said in so many words
comes first of two that are about as near, and a conclusion has to be a little nearer to be found at all. No more than
that, because it is often all there is. Stated rows keep their scores, so the benchmarks, whose rows are all stated, do
not see it."""
SPOKEN = 1.4
"""A turn of the person whom the question names, against one in which they are only mentioned."""
ELSEWHERE = 0.15
"""Nothing is returned where the question names a speaker, and another's words about themselves answer it by so much
more than any of the named one's (where holding all words of the question is worth 1)."""
KERNEL = (0.6, 0.4, 0.27, 0.18)
"""What a word is worth to a row when it was said 1, 2, 3 or 4 rows away: two thirds of the step before."""
REACH = len(KERNEL)
CUT_OFF = 0.22
"""Hits whose score is lower are not returned."""
SILENCE = 0.36
"""Nothing is returned from a large store where not even the best row reaches this: of many rows the best is high by
chance. A question that finds its answer brings what stands beside it along, down to CUT_OFF."""
SMALL = 64
"""Up to so many rows CUT_OFF alone decides; from there on, CLIMB is asked of the best row for each doubling."""
CLIMB = 0.05


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Corpus:
    """One owner's rows as parallel columns; all of the same length n, in any order."""

    vectors: npt.NDArray[np.floating]
    """Shape [n, dims], unit norm, or all zero for a row of another embedder: it is then found by its words alone."""
    terms: Sequence[str]
    """The row's `memories.text.terms`, joined by spaces."""
    episodes: Sequence[Hashable | None]
    """Rows saved in one go share an episode; None stands alone."""
    positions: Sequence[int]
    """The order within the episode."""
    created_at: Sequence[float] = ()
    """Seconds since the epoch; between equal scores the newer row comes first. May be left empty."""
    kinds: Sequence[str] = ()
    """`stated` or `inferred`. May be left empty: all stated."""

    def __len__(self) -> int:
        return len(self.terms)

    def inferred(self) -> list[int]:
        """The rows that were concluded rather than said."""
        return [row for row, kind in enumerate(self.kinds) if kind == "inferred"] if "inferred" in self.kinds else []


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """A question, ready to be compared."""

    vector: Floats
    """Shape [dims], unit norm or zero; of the same embedder as the corpus."""
    terms: Sequence[str]
    """`memories.text.terms` of the question."""
    text: str = ""
    now: float = 0.0
    """Seconds since the epoch."""


class Scorer(Protocol):
    """A corpus prepared for questions. Immutable, so threads may share one. `Few` and `Many` give the same scores."""

    def scores(self, query: Query) -> Sequence[float] | Floats:
        """For each row, in corpus order, 0..1.

        The score is 1 - 4^-x, where x is 1 for a row that holds all words of the question and nothing more: half of
        the words give 0.5, all 0.75, and only a row that is near in every way comes close to 1.
        """
        ...


def words_of(query: Query) -> list[str]:
    """The words to look up, each once, without marks."""
    return sorted({term.removeprefix(SPEAKER) for term in query.terms} - {QUESTION, TO_YOU})


def rarity(rows: int, size: int) -> float:
    """What a word (or a topic) is worth that this many of `size` rows hold: BM25's idf, never negative."""
    return math.log1p((size + BACKGROUND - rows + 0.5) / (rows + 0.5))


def worth_of(word: str, rows: int, size: int) -> float:
    """What a word of the question weighs against the others."""
    return rarity(rows, size) * (LIGHT if word in light_terms() else 1.0)


def topic_share(rows: int, size: int, worth: float) -> float:
    """What a topic that this many rows speak of is worth to each, beside a word that is worth `worth`: 0..TOPIC."""
    return TOPIC * min(rarity(rows, size) / worth, 1.0)


def least_best(size: int) -> float:
    """What the best of `size` rows has to reach, or nothing is returned: CUT_OFF to SILENCE."""
    return min(SILENCE, CUT_OFF + CLIMB * math.log2(max(size / SMALL, 1)))


def insistence(members: int) -> float:
    """How strongly a row speaks of a topic, by how many words of it it holds: BM25's saturation, 1 for one word."""
    return members * (K1 + 1) / (members + K1)
