"""Ranks one owner's memories for a question: words, meaning and what was said just before and after."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from memories.storage.postings import Postings

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

CUT_OFF = 0.2
"""Hits below this score are not returned."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Corpus:
    """One owner's rows as parallel columns; all of the same length n, in any order."""

    vectors: npt.NDArray[np.floating]
    """Shape [n, dims], unit norm, or all zero for a row of another embedder: it is then found by its words alone."""
    terms: Sequence[str]
    """The row's `memories.text.terms`, joined by spaces."""
    episodes: Sequence[str | None]
    """Rows saved in one go share an episode; None stands alone."""
    positions: Sequence[int]
    """The order within the episode."""
    created_at: Sequence[float] = ()
    """Seconds since the epoch; used to prefer the newer of two equals. May be left empty."""

    def __len__(self) -> int:
        return len(self.terms)


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """A question, ready to be compared."""

    vector: Floats
    """Shape [dims], unit norm or zero."""
    terms: Sequence[str]
    """`memories.text.terms` of the question."""
    text: str = ""
    now: float = 0.0
    """Seconds since the epoch."""


@dataclasses.dataclass(frozen=True, slots=True)
class Hit:
    """A row that answers."""

    index: int
    """Its place in the corpus, from 0."""
    score: float
    """0..1, higher is nearer; comparable between questions and between owners."""


def rank(query: Query, corpus: Corpus, limit: int = 10) -> list[Hit]:
    """The best rows for one question, best first, at most `limit`, none below the cut-off."""
    return Index.build(corpus).search(query, limit)


class Index:
    """A corpus prepared for many questions. Immutable, so threads may share one."""

    __slots__ = ("_before", "_after", "_postings", "_size", "_vectors")

    def __init__(self, vectors: Floats, postings: Postings, before: Ints, after: Ints) -> None:
        self._vectors, self._postings, self._before, self._after = vectors, postings, before, after
        self._size = len(vectors)

    @classmethod
    def build(cls, corpus: Corpus) -> Index:
        """Reads each row once: O(words + n log n)."""
        vectors = np.ascontiguousarray(corpus.vectors, dtype=np.float32)
        before, after = _neighbours(corpus)
        return cls(vectors, Postings.build(corpus.terms), before, after)

    def search(self, query: Query, limit: int = 10, *, cut_off: float = CUT_OFF) -> list[Hit]:
        """The best rows, best first, at most `limit`, none below `cut_off`; equal scores keep the corpus order."""
        if not self._size or limit < 1:
            return []
        scores = self.scores(query)
        best = np.argsort(-scores, kind="stable")[:limit]
        return [Hit(int(i), float(scores[i])) for i in best if scores[i] >= cut_off]

    def scores(self, query: Query) -> Floats:
        """0..1 for every row, in corpus order."""
        words = self._postings.scores(query.terms)
        meaning = self._vectors @ query.vector
        own = words + 0.5 * np.maximum(meaning - 0.2, 0)
        padded = np.append(own, np.float32(0))
        raw = own + 0.5 * (padded[self._before] + padded[self._after])
        found: Floats = raw / (raw + 1.0)
        return found


def _neighbours(corpus: Corpus) -> tuple[Ints, Ints]:
    """For each row the row before and after it in its episode; n where there is none."""
    n = len(corpus)
    before, after = np.full(n, n, dtype=np.int32), np.full(n, n, dtype=np.int32)
    joined = [(episode, corpus.positions[i], i) for i, episode in enumerate(corpus.episodes) if episode is not None]
    joined.sort()
    for (left, _, i), (right, _, j) in itertools.pairwise(joined):
        if left == right:
            after[i], before[j] = j, i
    return before, after
