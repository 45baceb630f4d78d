"""English stems, with a table that can only ever hold words of a public list."""

from __future__ import annotations

import threading
from typing import Any

import snowballstemmer

_local = threading.local()


def stem(word: str) -> str:
    """The Snowball English (Porter2) stem of a lower-case word; words that are not plain ASCII come back unchanged."""
    if not word.isascii() or len(word) < 3:
        return word
    return str(_stemmer().stemWord(word))


def _stemmer() -> Any:
    """One a thread: a Snowball stemmer keeps the word it works on in itself."""
    found = getattr(_local, "stemmer", None)
    if found is None:
        found = _local.stemmer = snowballstemmer.stemmer("english")
    return found
