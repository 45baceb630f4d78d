"""Ranks one owner's memories for a question: by shared words, shared topics, meaning and what was said beside them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from memories.storage.episodes import Places, strongest_near, sum_near
from memories.storage.meaning import Meaning
from memories.storage.postings import Postings
from memories.storage.topics import stems_in, topics_of
from memories.text import QUESTION, SPEAKER, light_terms

Floats = npt.NDArray[np.float32]

CUT_OFF = 0.2
"""Hits below this score are not returned (docs/benchmarks.md has the curve)."""
TOPIC = 0.5
"""What a shared topic is worth, where a shared word is worth 1."""
MEANING = 0.5
"""What the nearest possible meaning is worth, where holding all words of the question is worth 1."""
LIGHT = 0.25
"""What a word of the question like "favourite" or "today" weighs, where others weigh 1."""
ASKING = 0.75
"""What is left of a row that ends in a question: the answer stands in the next one."""
SPOKEN = 1.4
"""A turn of the person whom the question names, against one in which they are only mentioned."""


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
    """Seconds since the epoch; between equal scores the newer row comes first. May be left empty."""

    def __len__(self) -> int:
        return len(self.terms)


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

    __slots__ = ("_asking", "_meaning", "_order", "_places", "_postings")

    def __init__(self, meaning: Meaning, postings: Postings, places: Places, created_at: Sequence[float]) -> None:
        self._meaning, self._postings, self._places = meaning, postings, places
        self._asking = postings.find(QUESTION)[0]
        self._order = np.asarray(created_at, dtype=np.float64) if len(created_at) else np.zeros(len(places.of))

    @classmethod
    def build(cls, corpus: Corpus) -> Index:
        """Reads each row once: O(w log w) for w words in all. Keeps the vectors without copying float32 ones."""
        places = Places.build(corpus.episodes, corpus.positions)
        return cls(Meaning(corpus.vectors), Postings.build(corpus.terms, places.of), places, corpus.created_at)

    def __len__(self) -> int:
        return len(self._places.of)

    def search(self, query: Query, limit: int = 10, *, cut_off: float = CUT_OFF) -> list[Hit]:
        """The best rows, best first, at most `limit`, none below `cut_off`; of equals the newer first."""
        scores = self.scores(query)
        good = np.flatnonzero(scores >= max(cut_off, 1e-6))
        if len(good) > 4 * limit:
            good = good[np.argpartition(-scores[good], limit)[: 2 * limit]]
        best = good[np.lexsort((good, -self._order[good], -scores[good]))][:limit]
        return [Hit(row, score) for row, score in zip(best.tolist(), scores[best].tolist(), strict=True)]

    def scores(self, query: Query) -> Floats:
        """For each row, in corpus order, 0..1.

        The score is 1 - 4^-x, where x is 1 for a row that holds all words of the question and nothing more: half of
        the words give 0.5, all 0.75, and only a row that is near in every way comes close to 1.
        """
        words = {term.removeprefix(SPEAKER) for term in query.terms} - {QUESTION}
        near = np.zeros(self._places.size, dtype=np.float32)
        near[self._places.of] = self._meaning.nearness(query.vector) * np.float32(MEANING)
        shared = self._places.shared
        if shared:
            near[:shared] = sum_near(near[:shared])
        if words:
            line = self._shares(sorted(words))
            if shared:
                line[:, :shared] = strongest_near(line[:, :shared])
            near += line.sum(axis=0)
        near[self._asking] *= np.float32(ASKING)
        for word in words:
            near[self._postings.find(SPEAKER + word)[0]] *= np.float32(SPOKEN)
        found: Floats = 1 - np.exp2(-2 * near[self._places.of])
        return found

    def _shares(self, words: Sequence[str]) -> Floats:
        """Shape [words, places]: how much of the question each place answers, a word a line."""
        line = np.zeros((len(words), self._places.size), dtype=np.float32)
        worth = np.empty(len(words))
        for i, word in enumerate(words):
            places, strength = self._postings.find(word)
            worth[i] = self._postings.rarity(len(places)) * (LIGHT if word in light_terms() else 1.0)
            self._add_topics(line[i], word, float(worth[i]))
            line[i, places] = np.maximum(line[i, places], strength)
        line *= (worth / worth.sum()).astype(np.float32)[:, None]
        return line

    def _add_topics(self, line: Floats, word: str, worth: float) -> None:
        """Marks the places that speak of what the word speaks of; a topic all rows share is worth little."""
        for topic in topics_of().get(word, ()):
            members = [member for member in stems_in()[topic] if self._postings.holds(member)]
            if members:
                places = np.unique(np.concatenate([self._postings.find(member)[0] for member in members]))
                share = TOPIC * min(self._postings.rarity(len(places)) / worth, 1.0)
                line[places] = np.maximum(line[places], np.float32(share))
