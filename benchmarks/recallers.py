"""Ways to rank a conversation for a question: ours, ours with one idea off, and the usual ones."""

from __future__ import annotations

import contextlib
import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from unittest import mock

import numpy as np
import numpy.typing as npt

from benchmarks.locomo import Talk
from memories.embedders import default_embedder
from memories.storage import few, many, meaning, speaking, weighing
from memories.storage.postings import Postings
from memories.storage.ranking import Corpus, Index, Query
from memories.text import QUESTION, SPEAKER, terms

Floats = npt.NDArray[np.float64]
Found = Sequence[tuple[int, float]]
"""(place of the turn, score), best first."""
Recaller = Callable[[str], Found]
"""A question's answer from one conversation that was prepared before."""
Maker = Callable[[Talk], Recaller]
"""Prepares a conversation."""
DEPTH = 20
POOL = 4 * DEPTH
"""How many rows mem0 takes from its vector search for that depth."""


def ours(talk: Talk) -> Recaller:
    """The ranking as it is, without its cut-off and its silence (the caller applies them)."""
    return _ours(talk, all_rows=True)


def as_used(talk: Talk) -> Recaller:
    """What a search returns."""
    return _ours(talk, all_rows=False)


def _ours(talk: Talk, all_rows: bool) -> Recaller:
    index = Index.build(_corpus(talk))

    def recall(question: str) -> Found:
        query = Query(vector=default_embedder().embed([question])[0], terms=terms(question), text=question)
        return [(hit.index, hit.score) for hit in index.search(query, DEPTH, all_rows=all_rows)]

    return recall


def without(*changes: tuple[Any, str, object], base: Maker = ours) -> Maker:
    """Ours with constants changed: (module, name, value)."""

    @contextlib.contextmanager
    def changed() -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            for module, name, value in changes:
                stack.enter_context(mock.patch.object(module, name, value))
            yield

    def make(talk: Talk) -> Recaller:
        with changed():
            recall = base(talk)

        def recall_changed(question: str) -> Found:
            with changed():
                return recall(question)

        return recall_changed

    return make


ABLATIONS: dict[str, Maker] = {
    "without neighbours": without((many, "sum_near", lambda line: line), (many, "strongest_near", lambda line: line)),
    "without meaning": without((many, "MEANING", 0.0)),
    "without centring": without((meaning, "SETTLED", 1e9)),
    "without topics": without((weighing, "TOPIC", 0.0)),
    "without light words": without((weighing, "LIGHT", 1.0)),
    "without the speaker's share": without((many, "SPOKEN", 1.0), (few, "SPOKEN", 1.0)),
    "without weaker questions": without((many, "ASKING", 1.0), (few, "ASKING", 1.0)),
}


def with_margin(margin: float) -> Maker:
    """What a search returns, where another's words may be ahead by so much."""
    return without((speaking, "ELSEWHERE", margin), base=as_used)


def without_speakers(talk: Talk) -> Talk:
    """The same, as it comes where nobody writes down who spoke."""
    return dataclasses.replace(talk, turns=tuple(turn.partition(": ")[2] for turn in talk.turns))


def scored(formula: Callable[[Floats, Floats, list[str]], Floats], smoothing: float = 0.0) -> Maker:
    """A formula on the plain signals: (cosines, BM25 sums, words of the question) -> scores, one a turn."""

    def make(talk: Talk) -> Recaller:
        corpus = _corpus(talk)
        size = len(corpus)
        postings = Postings.build(corpus.terms, np.arange(size, dtype=np.int32))
        joined = np.diff(talk.sessions) == 0

        def recall(question: str) -> Found:
            words = [term for term in dict.fromkeys(terms(question)) if term != QUESTION and term[0] != SPEAKER]
            keyword = np.zeros(size)
            for word in words:
                places, strength = postings.find(word)
                keyword[places] += strength * weighing.rarity(len(places), size)
            cosine = (corpus.vectors @ default_embedder().embed([question])[0]).astype(np.float64)
            score = formula(cosine, keyword, words)
            own = score.copy()
            score[1:] += smoothing * own[:-1] * joined
            score[:-1] += smoothing * own[1:] * joined
            best = np.argsort(-score, kind="stable")[:DEPTH]
            return [(int(i), float(score[i])) for i in best]

        return recall

    return make


def _standard(values: Floats) -> Floats:
    found: Floats = (values - values.mean()) / (values.std() or 1.0)
    return found


def _as_mem0(cosine: Floats, keyword: Floats, words: list[str]) -> Floats:
    """mem0 2.2.1 without entities, on our stems: mean of cosine and squashed BM25.

    Only the POOL rows of the highest cosine take part, none under 0.1. The middle and slope of the squashing grow
    with the length of the question (mem0.utils.scoring).
    """
    table = ((3, 5.0, 0.7), (6, 7.0, 0.6), (9, 9.0, 0.5), (15, 10.0, 0.5), (math.inf, 12.0, 0.5))
    middle, slope = next((m, s) for most, m, s in table if len(words) <= most)
    squashed = np.where(keyword > 0, 1 / (1 + np.exp(-slope * (keyword - middle))), 0.0)
    least = max(0.1, float(np.sort(cosine)[-POOL:][0]))
    found: Floats = np.where(cosine >= least, (cosine + squashed) / 2, -1.0)
    return found


def _fused(cosine: Floats, keyword: Floats, _words: list[str]) -> Floats:
    return _standard(keyword) + 0.5 * _standard(cosine)


PLAIN: dict[str, Maker] = {
    "semantic only": scored(lambda cosine, _keyword, _words: cosine),
    "keywords only (BM25)": scored(lambda _cosine, keyword, _words: keyword),
    "mem0's formula": scored(_as_mem0),
    "z-scores fused": scored(_fused),
    "z-scores fused, neighbours 0.5": scored(_fused, smoothing=0.5),
}


def _corpus(talk: Talk) -> Corpus:
    return Corpus(
        vectors=default_embedder().embed(talk.turns),
        terms=[" ".join(terms(turn)) for turn in talk.turns],
        episodes=[str(session) for session in talk.sessions],
        positions=range(len(talk.turns)),
    )
