"""How near the rows' vectors are to the question's, with what all of an owner's rows have in common taken out."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

FLOOR = 0.15
"""Cosines up to here are chance: unrelated short texts reach it."""
SETTLED = 30
"""Rows at which half of the owner's mean vector is taken out; a mean of a few rows would be their content itself."""


def nearness_once(vectors: Floats, vector: Floats) -> list[float]:
    """As `Meaning(vectors).nearness(vector)`, for a few rows asked once: there, numbers are faster than arrays."""
    own = float(vector @ vector)
    if own == 0.0:
        return [0.0] * len(vectors)
    mean = np.add.reduce(vectors) / np.float32(len(vectors) + SETTLED)
    square = float(mean @ mean)
    shift = float(mean @ vector) - square
    length = math.sqrt(max(own - 2 * shift - square, 1e-6))
    least, found = FLOOR * length, [0.0] * len(vectors)
    for row, (along, common) in enumerate(zip((vectors @ vector).tolist(), (vectors @ mean).tolist(), strict=True)):
        norm = math.sqrt(max(1 - 2 * common + square, 1e-6))
        over = along - common - shift - least * norm
        # A zero vector takes no part; only one that both products leave at zero can be one.
        if over > 0 and (along or common or vectors[row].any()):
            found[row] = over / (norm * length * (1 - FLOOR))
    return found


class Meaning:
    """Immutable. Holds the vectors as given (no copy when they are float32 already)."""

    __slots__ = ("_mean", "_norms", "_square", "_towards", "_vectors")

    def __init__(self, vectors: npt.NDArray[np.floating]) -> None:
        """Shape [n, dims], unit norm or all zero."""
        self._vectors: Floats = np.ascontiguousarray(vectors, dtype=np.float32)
        n = len(self._vectors)
        self._mean: Floats = self._vectors.sum(axis=0) / np.float32(max(n + SETTLED, 1))
        self._towards: Floats = self._vectors @ self._mean
        self._square = float(self._mean @ self._mean)
        # |v - m|² = 1 - 2 v·m + m·m for a unit v. A zero vector is infinitely far, so that it takes no part.
        self._norms: Floats = np.sqrt(np.maximum(1 - 2 * self._towards + self._square, 1e-6))
        self._norms[~self._vectors.any(axis=1)] = np.inf

    def nearness(self, vector: Floats) -> Floats:
        """For each row the cosine above FLOOR, 0..1, of row and question after the mean is taken from both.

        Removing the common part is the first step of "All-but-the-Top" (Mu & Viswanath, 2018).
        """
        own = float(vector @ vector)
        if own == 0.0:
            return np.zeros(len(self._vectors), dtype=np.float32)
        shift = float(self._mean @ vector) - self._square
        length = np.float32(math.sqrt(max(own - 2 * shift - self._square, 1e-6)))
        cosine: Floats = (self._vectors @ vector - self._towards - np.float32(shift)) / (self._norms * length)
        cosine = np.maximum(cosine - np.float32(FLOOR), np.float32(0))
        cosine *= np.float32(1 / (1 - FLOOR))
        return cosine
