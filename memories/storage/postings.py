"""BM25 over one owner's rows, held in four flat arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

K1 = 1.5
B = 0.75


class Postings:
    """Which row holds which word, and how much that is worth. Immutable."""

    __slots__ = ("_idf", "_rows", "_size", "_starts", "_unseen", "_weights", "_words")

    def __init__(
        self, size: int, words: dict[str, int], starts: Sequence[int], rows: Ints, weights: Floats, idf: Sequence[float]
    ) -> None:
        self._size, self._words, self._starts, self._rows = size, words, starts, rows
        self._weights, self._idf = weights, idf
        self._unseen = float(np.log(1 + 2 * size))

    @classmethod
    def build(cls, texts: Sequence[str]) -> Postings:
        """From each row's space-joined terms. BM25 as in Robertson & Zaragoza 2009, section 3, with +1 in the log."""
        n = len(texts)
        words: dict[str, int] = {}
        ids: list[int] = []
        lengths = np.zeros(n, dtype=np.int64)
        for row, text in enumerate(texts):
            split = text.split()
            lengths[row] = len(split)
            ids += [words.setdefault(word, len(words)) for word in split]
        # One number a (word, row) pair; sorting them groups the rows of a word and counts its repeats.
        pairs = np.asarray(ids, dtype=np.int64) * max(n, 1) + np.repeat(np.arange(n), lengths)
        keys, counts = np.unique(pairs, return_counts=True)
        word_of, rows = keys // max(n, 1), keys % max(n, 1)
        frequency = np.bincount(word_of, minlength=len(words))
        idf = np.log(1 + (n - frequency + 0.5) / (frequency + 0.5))
        relative = lengths / max(lengths.mean(), 1.0) if n else lengths
        weights = idf[word_of] * counts * (K1 + 1) / (counts + K1 * (1 - B + B * relative[rows]))
        starts = np.concatenate(([0], np.cumsum(frequency)))
        return cls(n, words, starts.tolist(), rows.astype(np.int32), weights.astype(np.float32), idf.tolist())

    def scores(self, terms: Sequence[str]) -> Floats:
        """For every row the share of the question's weight that it holds, 0 to about K1 + 1."""
        found = np.zeros(self._size, dtype=np.float32)
        most = 0.0
        for term in set(terms):
            word = self._words.get(term)
            if word is None:
                most += self._unseen
                continue
            most += self._idf[word]
            part = slice(self._starts[word], self._starts[word + 1])
            found[self._rows[part]] += self._weights[part]
        return found / np.float32(most or 1.0)
