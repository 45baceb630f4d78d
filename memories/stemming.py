"""English stems. What is remembered between calls is bound to a public word list, never to what people write."""

from __future__ import annotations

import functools
import threading
from collections.abc import Collection
from typing import Any

import snowballstemmer

from memories import word_vectors

_local = threading.local()
_stems: dict[str, str] = {}
"""Stems of public words only. WARNING: a cache of any word would keep people's words beyond their erasure."""


def stem(word: str) -> str:
    """The Snowball English (Porter2) stem of a lower-case word; what is not plain ASCII comes back unchanged.

    Well under a microsecond for a common English word met before, some 60 for another.
    """
    found = _stems.get(word)
    if found is not None:
        return found
    if len(word) < 3 or not word.isascii():
        return word
    made = str(_stemmer().stemWord(word))
    if word in public_words():
        _stems[word] = made
    return made


def built_in_stems(words: Collection[str]) -> frozenset[str]:
    """The stems of words of this program's own lists; they are remembered, so only ever pass such."""
    for word in words:
        _stems.setdefault(word, stem(word))
    return frozenset(map(stem, words))


@functools.cache
def public_words() -> frozenset[str]:
    """Common lower-case words: those that the offline embedder's tokenizer knows whole; empty if it is not installed.

    Some 10,000 words, 20 milliseconds, once a process.
    """
    if not word_vectors.installed():
        return frozenset()
    # The tokenizer marks the start of a word with U+2581.
    words = (token[1:] for token in word_vectors.vocabulary() if token.startswith("\u2581"))
    return frozenset(word for word in words if word.isascii() and word.isalpha() and word.islower() and len(word) > 2)


def _stemmer() -> Any:
    """One a thread: a Snowball stemmer keeps the word it works on in itself."""
    found = getattr(_local, "stemmer", None)
    if found is None:
        found = _local.stemmer = snowballstemmer.stemmer("english")
    return found
