"""Scores for a store of any size: everything the rows give is laid out once in flat arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from memories.storage.episodes import Places, strongest_near, sum_near
from memories.storage.meaning import Meaning
from memories.storage.postings import Postings
from memories.storage.topics import stems_in, topics_of
from memories.storage.weighing import (
    ASKING,
    INFERRED,
    K1,
    MEANING,
    SPOKEN,
    Corpus,
    Query,
    topic_share,
    words_of,
    worth_of,
)
from memories.text import QUESTION, SPEAKER

Floats = npt.NDArray[np.float32]


class Many:
    """A `Scorer` whose questions cost one pass over the vectors and the postings of the question's words."""

    def __init__(self, corpus: Corpus) -> None:
        """Reads each row once: O(w log w) for w words in all. Keeps float32 vectors without copying them."""
        self._size = len(corpus)
        self._places = Places.build(corpus.episodes, corpus.positions)
        self._meaning = Meaning(corpus.vectors)
        self._postings = Postings.build(corpus.terms, self._places.of)
        self._inferred = self._places.of[corpus.inferred()]

    def scores(self, query: Query) -> Floats:
        words = words_of(query)
        shared = self._places.shared
        near = np.zeros(self._places.size, dtype=np.float32)
        near[self._places.of] = self._meaning.nearness(query.vector) * np.float32(MEANING)
        if shared:
            near[:shared] = sum_near(near[:shared])
        if words:
            line = self._shares(words)
            if shared:
                line[:, :shared] = strongest_near(line[:, :shared])
            near += line.sum(axis=0)
        near[self._postings.find(QUESTION)[0]] *= np.float32(ASKING)
        for word in words:
            near[self._postings.find(SPEAKER + word)[0]] *= np.float32(SPOKEN)
        near[self._inferred] *= np.float32(INFERRED)
        found: Floats = 1 - np.exp2(-2 * near[self._places.of])
        return found

    def _shares(self, words: Sequence[str]) -> Floats:
        """Shape [words, places]: how much of the question each place answers, a word a line."""
        line = np.zeros((len(words), self._places.size), dtype=np.float32)
        worth = np.empty(len(words))
        for i, word in enumerate(words):
            places, strength = self._postings.find(word)
            worth[i] = worth_of(word, len(places), self._size)
            self._add_topics(line[i], word, float(worth[i]))
            line[i, places] = np.maximum(line[i, places], strength)
        line *= (worth / worth.sum()).astype(np.float32)[:, None]
        return line

    def _add_topics(self, line: Floats, word: str, worth: float) -> None:
        """Marks the places that speak of what the word speaks of."""
        for topic in topics_of().get(word, ()):
            found = [self._postings.find(member)[0] for member in stems_in()[topic] if self._postings.holds(member)]
            if found:
                places, members = np.unique(np.concatenate(found), return_counts=True)
                share = topic_share(len(places), self._size, worth)
                line[places] = np.maximum(line[places], share * members * (K1 + 1) / (members + K1))
