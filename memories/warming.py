"""What a process reads once, and the first search would otherwise wait for: mem0, word vectors, word lists."""

from __future__ import annotations

import gc
import importlib

from django.conf import settings

from memories import embedders
from memories.storage import ranking


def warm() -> None:
    """Takes some three seconds; what is there already is not read again. A provider's embedder is not asked: that
    costs money, and its first answer is as quick as any."""
    if settings.EMBEDDER == "wordllama":
        embedders.default_embedder().embed(["warm"])
    ranking.warm()
    importlib.import_module("memories.engines.embedded")
    # What is there now stays: the collector need not look through a hundred thousand objects of mem0's for ever after.
    gc.collect()
    gc.freeze()
