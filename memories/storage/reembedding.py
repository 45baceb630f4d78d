"""Brings memories over to the embedder in use: owner by owner, a few rows at a time, from wherever it was stopped."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.models import User
from memories.embedders import Embedder
from memories.owner import Owner
from memories.storage import everyone
from memories.storage.memories import MemoryRows
from memories.storage.owner_scope import reading, writing
from memories.storage.packing import packed
from memories.text import terms

BATCH = 200
"""Rows in one transaction: short enough that nobody waits for it."""


def behind(embedder: Embedder) -> list[tuple[Owner, int]]:
    """Whose memories another embedder made, and how many. Numbers and keys only, no text."""
    counts = dict(everyone.ask("behind", name=embedder.name))
    people = User.objects.filter(pk__in=counts).values_list("pk", "namespace")
    return [(Owner(pk=pk, namespace=namespace), counts[pk]) for pk, namespace in people]


def reembed(owner: Owner, embedder: Embedder) -> Iterator[int]:
    """Brings one owner's rows over; yields how many after each batch. Stopped anywhere, it goes on where it was."""
    rows = MemoryRows(owner).all().exclude(embedder=embedder.name).order_by("pk")
    while True:
        with reading(owner):
            texts = dict(rows.values_list("pk", "text")[:BATCH])
        if not texts:
            return
        vectors = embedder.embed(list(texts.values()))
        with writing(owner):
            for (key, text), vector in zip(texts.items(), vectors, strict=True):
                # The text as well as the key: an edit meanwhile made its own vector already.
                MemoryRows(owner).all().filter(pk=key, text=text).update(
                    vector=packed(vector), embedder=embedder.name, terms=" ".join(terms(text))
                )
        yield len(texts)
