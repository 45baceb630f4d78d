"""Which row holds which word: BM25 over one owner's rows, in four flat arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from memories.storage.weighing import K1, B

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]


class Postings:
    """Immutable. A word is asked for by `find`; places are what the caller numbered its rows with."""

    __slots__ = ("_places", "_size", "_starts", "_weights", "_words")

    def __init__(self, size: int, words: dict[str, int], starts: list[int], places: Ints, weights: Floats) -> None:
        self._size, self._words, self._starts, self._places, self._weights = size, words, starts, places, weights

    @classmethod
    def build(cls, texts: Sequence[str], place_of: Ints) -> Postings:
        """From each row's space-joined terms and each row's place. O(w log w) for w words in all."""
        words, ids, lengths = _numbered(texts)
        n = max(len(texts), 1)
        # One number a (word, row) pair; sorting them groups the rows of a word and counts its repeats.
        pairs = ids * n + np.repeat(np.arange(len(texts)), lengths)
        keys, counts = np.unique(pairs, return_counts=True)
        word_of, rows = np.divmod(keys, n)
        weights = _saturated(counts, lengths[rows], lengths.sum() / n)
        starts = np.searchsorted(word_of, np.arange(len(words) + 1))
        return cls(len(texts), words, starts.tolist(), place_of[rows], weights.astype(np.float32))

    def find(self, word: str) -> tuple[Ints, Floats]:
        """The places of the rows that hold the word, no place twice, and how strongly each does (about 1)."""
        number = self._words.get(word)
        part = slice(0, 0) if number is None else slice(self._starts[number], self._starts[number + 1])
        return self._places[part], self._weights[part]

    def holds(self, word: str) -> bool:
        return word in self._words


def _numbered(texts: Sequence[str]) -> tuple[dict[str, int], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Each word's number, the numbers of all words in reading order, and how many words each text has."""
    words: dict[str, int] = {}
    ids: list[int] = []
    lengths: list[int] = []
    for text in texts:
        split = text.split()
        lengths.append(len(split))
        ids += [words.setdefault(word, len(words)) for word in split]
    return words, np.array(ids, dtype=np.int64), np.array(lengths, dtype=np.int64)


def _saturated(
    counts: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64], mean_length: float
) -> npt.NDArray[np.float64]:
    """BM25's share of a word in a text, without the idf (Robertson & Zaragoza, "The Probabilistic Relevance
    Framework: BM25 and Beyond", 2009, section 3): 1 for one mention in a text of the usual length."""
    slope = K1 * (1 - B + B * lengths / max(mean_length, 1.0))
    share: npt.NDArray[np.float64] = counts * (K1 + 1) / (counts + slope)
    return share
