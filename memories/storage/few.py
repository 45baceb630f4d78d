"""Scores for a small store, where laying out arrays would cost more than the ranking itself."""

from __future__ import annotations

import numpy as np

from memories.storage.episodes import runs
from memories.storage.meaning import nearness_once
from memories.storage.topics import stems_in, topics_of
from memories.storage.weighing import (
    ASKING,
    INFERRED,
    K1,
    KERNEL,
    MEANING,
    SPOKEN,
    B,
    Corpus,
    Query,
    insistence,
    topic_share,
    words_of,
    worth_of,
)
from memories.text import QUESTION, SPEAKER

Near = tuple[tuple[int, float], ...]


class Few:
    """A `Scorer` in plain Python: a question looks through each row."""

    def __init__(self, corpus: Corpus) -> None:
        self._rows = [text.split() for text in corpus.terms]
        self._sets = [frozenset(row) for row in self._rows]
        self._words: frozenset[str] = frozenset().union(*self._sets)
        self._mean_length = max(sum(map(len, self._rows)) / max(len(self._rows), 1), 1.0)
        self._vectors = corpus.vectors.astype(np.float32, copy=False)
        self._near = _near(corpus) if any(corpus.episodes) else {}
        self._inferred = corpus.inferred()

    def scores(self, query: Query) -> list[float]:
        words = words_of(query)
        meaning = nearness_once(self._vectors, query.vector)
        near = [MEANING * value for value in meaning]
        for row, beside in self._near.items():
            near[row] += MEANING * sum(share * meaning[other] for other, share in beside)
        self._add_words(near, words)
        for mark, factor in ((QUESTION, ASKING), *((SPEAKER + word, SPOKEN) for word in words)):
            for row in self._holding(mark):
                near[row] *= factor
        for row in self._inferred:
            near[row] *= INFERRED
        return [1 - 4**-value for value in near]

    def _add_words(self, near: list[float], words: list[str]) -> None:
        """Adds to each row the share of the question that it and the rows beside it answer."""
        lines = []
        total = 0.0
        for word in words:
            strength = {row: self._strength(row, word) for row in self._holding(word)}
            worth = worth_of(word, len(strength), len(self._rows))
            self._add_topics(strength, word, worth)
            total += worth
            if strength:
                lines.append((worth, strength))
        for worth, strength in lines:
            for row, value in self._strongest_near(strength).items():
                near[row] += value * worth / total

    def _strength(self, row: int, word: str) -> float:
        """As `postings`: BM25's share of a word in a row."""
        count = self._rows[row].count(word)
        return count * (K1 + 1) / (count + K1 * (1 - B + B * len(self._rows[row]) / self._mean_length))

    def _add_topics(self, strength: dict[int, float], word: str, worth: float) -> None:
        """Adds the rows that speak of what the word speaks of."""
        for topic in topics_of().get(word, ()):
            members = stems_in()[topic] & self._words
            if not members:
                continue
            rows = [row for row, held in enumerate(self._sets) if not held.isdisjoint(members)]
            share = topic_share(len(rows), len(self._rows), worth)
            for row in rows:
                value = share * insistence(len(self._sets[row] & members))
                strength[row] = max(strength.get(row, 0.0), value)

    def _strongest_near(self, strength: dict[int, float]) -> dict[int, float]:
        """As `episodes.strongest_near`."""
        if not self._near:
            return strength
        best = dict(strength)
        for row, value in strength.items():
            for other, share in self._near.get(row, ()):
                best[other] = max(best.get(other, 0.0), value * share)
        return best

    def _holding(self, word: str) -> list[int]:
        return [row for row, held in enumerate(self._sets) if word in held] if word in self._words else []


def _near(corpus: Corpus) -> dict[int, Near]:
    """For each row of an episode the rows beside it, each with what it passes on."""
    found: dict[int, Near] = {}
    for rows in runs(corpus.episodes, corpus.positions):
        for at, row in enumerate(rows):
            before = zip(reversed(rows[:at]), KERNEL, strict=False)
            found[row] = (*before, *zip(rows[at + 1 :], KERNEL, strict=False))
    return found
