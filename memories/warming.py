"""What a process reads once, and the first search would otherwise wait for: word vectors, word lists, mem0."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib

from django.conf import settings

from memories import embedders
from memories.storage import ranking


def warm() -> None:
    """Takes under a second, three where a model is connected; what is there already is not read again. A provider's
    embedder is not asked: that costs money, and its first answer is as quick as any."""
    if settings.EMBEDDER == "wordllama":
        embedders.default_embedder().embed(["warm"])
    ranking.warm()
    importlib.import_module("memories.engines.embedded")
    if settings.LLM_MODEL and not settings.MEM0_API_KEY:
        importlib.import_module("memories.engines.pipeline")
    # What is there now stays: the collector need not look through a hundred thousand objects for ever after.
    gc.collect()
    gc.freeze()
    _give_back()


def _give_back() -> None:
    """To the system, what reading the lists took for a moment and is free again: twenty megabytes. Only the C library
    of GNU knows how."""
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
