"""Ranks one owner's memories for a question: by shared words, shared topics, meaning and what was said beside them."""

from __future__ import annotations

import dataclasses

import numpy as np

from memories.stemming import public_words
from memories.storage.few import Few
from memories.storage.many import Many
from memories.storage.speaking import Speakers
from memories.storage.topics import topics_of
from memories.storage.weighing import CUT_OFF, Corpus, Query, Scorer, least_best, words_of
from memories.text import light_terms

__all__ = ["CUT_OFF", "Corpus", "Hit", "Index", "Query", "rank", "warm"]

FEW = 64
"""Up to so many rows plain Python is faster than arrays."""
DIGITS = 4
"""Scores are rounded, so that two rows of one text are equal: sums of floats depend on where a row stands."""


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

    __slots__ = ("_created_at", "_scorer", "_size", "_speakers")

    def __init__(self, scorer: Scorer, corpus: Corpus) -> None:
        self._scorer, self._size, self._created_at = scorer, len(corpus), corpus.created_at
        self._speakers = Speakers(corpus.terms)

    @classmethod
    def build(cls, corpus: Corpus) -> Index:
        """Reads each row once; float32 vectors are kept as they are, without a copy."""
        return cls(Few(corpus) if len(corpus) <= FEW else Many(corpus), corpus)

    def __len__(self) -> int:
        return self._size

    def search(self, query: Query, limit: int = 10, *, all_rows: bool = False, whoever_said: bool = False) -> list[Hit]:
        """The best rows, best first, at most `limit`; of equals the newer, then the later row.

        None below CUT_OFF, and none at all where the best stays below `least_best` or the question asks of one person
        what another said of themselves. `whoever_said` leaves the last aside, `all_rows` all of it.
        """
        if not self._size or limit < 1:
            return []
        scores, cut_off = self._scorer.scores(query), 0.0 if all_rows else CUT_OFF
        if isinstance(scores, np.ndarray):
            rows = np.flatnonzero(scores >= max(cut_off, _best(scores, limit))).tolist()
        else:
            rows = [row for row, score in enumerate(scores) if score >= cut_off]
        hits = [Hit(row, round(float(scores[row]), DIGITS)) for row in rows if scores[row] > 0]
        hits.sort(key=self._order, reverse=True)
        found = bool(hits) and (all_rows or hits[0].score >= least_best(self._size))
        silent = not (all_rows or whoever_said) and self._speakers.answered_elsewhere(words_of(query), scores)
        return hits[:limit] if found and not silent else []

    def _order(self, hit: Hit) -> tuple[float, float, int]:
        return hit.score, self._created_at[hit.index] if len(self._created_at) else 0.0, hit.index


def warm() -> None:
    """Reads the word lists that the first question would otherwise wait for: a tenth of a second, once a process."""
    public_words()
    light_terms()
    topics_of()


def _best(scores: np.ndarray[tuple[int], np.dtype[np.float32]], limit: int) -> float:
    """The score that `limit` rows reach; more rows than that may reach it."""
    return float(np.partition(scores, -limit)[-limit]) - 10**-DIGITS if limit < len(scores) else 0.0
