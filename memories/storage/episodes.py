"""Rows said one after the other: each stands beside what came before and after it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

from memories.storage.weighing import KERNEL, REACH

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]


def runs(episodes: Sequence[Hashable | None], positions: Sequence[int]) -> list[list[int]]:
    """The rows of each episode of two rows or more, in order."""
    members: dict[Hashable, list[int]] = {}
    for row, episode in enumerate(episodes):
        if episode is not None:
            members.setdefault(episode, []).append(row)
    return [sorted(rows, key=positions.__getitem__) for rows in members.values() if len(rows) > 1]


class Places:
    """Where each row stands on a line: episodes first, in order, REACH empty places between two; single rows last.

    The gaps let a whole line be shifted at once without one episode leaking into the next.
    """

    __slots__ = ("of", "shared", "size")

    def __init__(self, of: Ints, shared: int, size: int) -> None:
        self.of = of
        """Row -> place, shape [n]."""
        self.shared = shared
        """How many of the first places belong to episodes (gaps included)."""
        self.size = size
        """How many places there are."""

    @classmethod
    def build(cls, episodes: Sequence[Hashable | None], positions: Sequence[int]) -> Places:
        of = np.full(len(episodes), -1, dtype=np.int32)
        place = 0
        for rows in runs(episodes, positions):
            of[rows] = range(place, place + len(rows))
            place += len(rows) + REACH
        single = np.flatnonzero(of < 0)
        of[single] = np.arange(place, place + len(single))
        return cls(of, place, place + len(single))


def strongest_near(line: Floats) -> Floats:
    """For each place the strongest of its own value and its neighbours' faded ones. Shape [..., places], kept."""
    best = line.copy()
    for step, share in enumerate(KERNEL, start=1):
        faded = line * np.float32(share)
        np.maximum(best[..., step:], faded[..., :-step], out=best[..., step:])
        np.maximum(best[..., :-step], faded[..., step:], out=best[..., :-step])
    return best


def sum_near(line: Floats) -> Floats:
    """For each place its own value plus its neighbours' faded ones. Shape [places], kept."""
    total = line.copy()
    for step, share in enumerate(KERNEL, start=1):
        total[step:] += line[:-step] * np.float32(share)
        total[:-step] += line[step:] * np.float32(share)
    return total
