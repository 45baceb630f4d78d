"""The offline embedder, with its real weights."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from memories import embedders, word_vectors
from memories.embedders import OfflineEmbedder, default_embedder


def test_vectors_have_the_promised_shape_and_norm() -> None:
    vectors = default_embedder().embed(["I am vegetarian", "we live in Lisbon"])
    assert vectors.shape == (2, OfflineEmbedder.dims)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_no_texts_give_no_rows() -> None:
    assert default_embedder().embed([]).shape == (0, 256)


@pytest.mark.parametrize("text", ["", "  \n"])
def test_a_text_without_tokens_is_zero(text: str) -> None:
    assert not default_embedder().embed([text, "x"])[0].any()


def test_a_text_has_the_same_vector_alone_and_in_company() -> None:
    alone = default_embedder().embed(["tea"])[0]
    assert np.array_equal(default_embedder().embed(["a much longer text than this", "tea"])[1], alone)


def test_near_texts_are_nearer() -> None:
    cat, kitten, tax = default_embedder().embed(["my cat sleeps", "the kitten naps", "income tax return"])
    assert cat @ kitten > cat @ tax


def test_the_default_is_one_and_the_same() -> None:
    assert default_embedder() is default_embedder()


def test_weights_are_read_once_by_many_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    model, loads = default_embedder()._loaded(), []
    gate = threading.Barrier(8)
    monkeypatch.setattr(embedders, "_load", lambda: loads.append(1) or model)
    fresh = OfflineEmbedder()

    def work() -> None:
        gate.wait()
        fresh.embed(["hello"])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loads == [1]


def test_the_vectors_stay_in_their_file() -> None:
    """As half-precision numbers, mapped: a copy in each process would take thirty megabytes."""
    weights = word_vectors.weights()
    assert weights.dtype == np.float16 and weights.shape == (len(word_vectors.vocabulary()), OfflineEmbedder.dims)
    assert isinstance(weights.base, np.memmap) and not weights.flags.writeable
