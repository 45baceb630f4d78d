"""English stems. What is remembered between calls is bound to a public word list, never to what people write."""

from __future__ import annotations

import functools
import importlib.util
import json
import threading
from collections.abc import Collection
from pathlib import Path
from typing import Any

import snowballstemmer

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

    Read from the package's file without importing it. Some 10,000 words, 20 milliseconds, once a process.
    """
    spec = importlib.util.find_spec("wordllama")
    if spec is None or spec.origin is None:
        return frozenset()
    file = Path(spec.origin).parent / "tokenizers" / "l2_supercat_tokenizer_config.json"
    if not file.is_file():
        return frozenset()
    vocabulary = json.loads(file.read_text(encoding="utf-8"))["model"]["vocab"]
    # The tokenizer marks the start of a word with U+2581.
    words = (token[1:] for token in vocabulary if token.startswith("\u2581"))
    return frozenset(word for word in words if word.isascii() and word.isalpha() and word.islower() and len(word) > 2)


def _stemmer() -> Any:
    """One a thread: a Snowball stemmer keeps the word it works on in itself."""
    found = getattr(_local, "stemmer", None)
    if found is None:
        found = _local.stemmer = snowballstemmer.stemmer("english")
    return found
