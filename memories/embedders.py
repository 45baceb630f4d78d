"""The offline embedder: static word vectors that ship with their package, no network, no model call."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from memories import word_vectors

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Vectors = npt.NDArray[np.float32]
Model = tuple["Tokenizer", npt.NDArray[np.float16]]


class Embedder(Protocol):
    """Turns texts into vectors. Rows remember the `name` that made theirs: vectors of two names are never compared."""

    name: str
    dims: int

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, shape [len(texts), dims], unit norm; zeros where nothing in the text is known."""
        ...


class OfflineEmbedder:
    """wordllama's 256-dimensional static vectors: the mean of the tokens' vectors, scaled to unit norm.

    The files are opened with the first text; any thread may call `embed`. Costs tens of microseconds a text.
    """

    name = "wordllama-256"
    dims = word_vectors.DIMS

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: Model | None = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """As `Embedder.embed`. The first call opens the files: a tenth of a second, so warm it up at start."""
        tokenizer, weights = self._loaded()
        out = np.zeros((len(texts), self.dims), dtype=np.float32)
        for row, text in zip(out, texts, strict=True):
            # A text at a time: encode_batch starts a thread pool and pads, which costs more than short texts do.
            ids = tokenizer.encode(text.strip(), add_special_tokens=False).ids
            if ids:
                # The sum points where the mean does.
                np.add.reduce(weights.take(ids, axis=0), axis=0, dtype=np.float32, out=row)
                row /= math.sqrt(float(row @ row)) or 1.0
        return out

    def _loaded(self) -> Model:
        if self._model is None:
            with self._lock:
                if self._model is None:
                    self._model = _load()
        return self._model


def _load() -> Model:
    return word_vectors.tokenizer(), word_vectors.weights()


_default = OfflineEmbedder()


def default_embedder() -> OfflineEmbedder:
    """The embedder of this process, always the same one; its files are opened with the first text."""
    return _default
