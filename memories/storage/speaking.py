"""Who says what, in rows that begin with their speaker's name: a question about one person is not answered by what
another says of themselves, however many words the two share."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from memories.storage.weighing import ELSEWHERE, SPOKEN
from memories.text import SPEAKER, TO_YOU

Scores = Sequence[float] | npt.NDArray[np.float32]


class Speakers:
    """Immutable. Rows without a speaker's name take no part."""

    __slots__ = ("_of", "_own")

    def __init__(self, terms: Sequence[str]) -> None:
        """From each row's space-joined terms."""
        self._of: dict[str, set[int]] = {}
        """The rows of each stem of a name."""
        self._own: set[int] = set()
        """The rows that say "you" to nobody: what is said to somebody may well be about them."""
        for row, text in enumerate(terms):
            if text.startswith(SPEAKER):
                self._read(row, text.split())

    def _read(self, row: int, words: list[str]) -> None:
        for word in words:
            if not word.startswith(SPEAKER):
                break
            self._of.setdefault(word.removeprefix(SPEAKER), set()).add(row)
        if words[-1] != TO_YOU:
            self._own.add(row)

    def answered_elsewhere(self, words: Collection[str], scores: Scores) -> bool:
        """Whether somebody else's own words answer the question by ELSEWHERE more than anything that the person whom
        the question names has said. Never where it names nobody who speaks here."""
        said: set[int] = set().union(*(self._of[word] for word in words if word in self._of))
        others = self._own - said
        if not said or not others:
            return False
        return (
            _share(max(scores[row] for row in others)) - _share(max(scores[row] for row in said)) / SPOKEN > ELSEWHERE
        )


def _share(score: float) -> float:
    """The share of the question that a score stands for: `Scorer.scores` read backwards."""
    return -math.log2(max(1 - float(score), 1e-9)) / 2
