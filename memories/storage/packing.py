"""Vectors as bytes: float16 halves the space, and its error is far below what ranking can tell apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

STORED = np.dtype("<f2")


def packed(vector: npt.NDArray[np.floating] | Sequence[float]) -> bytes:
    """One vector as little-endian float16."""
    return np.asarray(vector, dtype=STORED).tobytes()


def unpacked(blobs: Sequence[bytes | memoryview | None], dims: int) -> npt.NDArray[np.float32]:
    """Many vectors as one array of shape [n, dims], float32. None becomes a row of zeros."""
    blank = bytes(dims * STORED.itemsize)
    joined = b"".join([blank if blob is None else blob for blob in blobs])
    return np.frombuffer(joined, dtype=STORED).reshape(len(blobs), dims).astype(np.float32)
