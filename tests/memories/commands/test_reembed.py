"""Bringing memories over to another embedder."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command

from accounts.models import User
from memories.embedders import default_embedder
from memories.models import Memory
from memories.owner import owner_of
from memories.scoped import ScopedMemory
from memories.storage import reembedding

pytestmark = pytest.mark.django_db


class Interrupted:
    """The embedder in use, stopped at its second batch."""

    name, dims = default_embedder().name, default_embedder().dims
    calls = 0

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        self.calls += 1
        if self.calls == 2:
            raise KeyboardInterrupt
        return default_embedder().embed(texts)


@pytest.fixture
def both(owner: User, stranger: User) -> tuple[User, User]:
    for user, text in ((owner, "I am vegetarian"), (stranger, "I always want a window seat")):
        ScopedMemory(user).add([{"role": "user", "content": text}] * 3, infer=False)
    Memory.objects.update(embedder="older-3", vector=b"\x00\x3c" * 3)
    return owner, stranger


def test_rows_of_another_embedder_are_found_by_words_never_compared(both: tuple[User, User]) -> None:
    hers, his = (ScopedMemory(user) for user in both)
    assert len(hers.search("vegetarian")) == 3 and not his.search("vegetarian")


def test_every_row_is_brought_over_and_stays_its_owners(both: tuple[User, User]) -> None:
    out = StringIO()
    call_command("reembed", stdout=out)
    assert "6 memories" in out.getvalue() and set(Memory.objects.values_list("embedder", flat=True)) == {
        "wordllama-256"
    }
    hers, his = (ScopedMemory(user) for user in both)
    assert len(hers.search("what may I eat")) == 3 and not his.search("what may I eat")
    call_command("reembed", stdout=out)
    assert "0 memories" in out.getvalue()


def test_it_goes_on_where_it_was_stopped(both: tuple[User, User], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reembedding, "BATCH", 2)
    owner = owner_of(both[0])
    with pytest.raises(KeyboardInterrupt):
        list(reembedding.reembed(owner, Interrupted()))
    assert Memory.objects.filter(owner_id=owner.pk, embedder="older-3").count() == 1
    assert list(reembedding.reembed(owner, default_embedder())) == [1]
    assert Memory.objects.filter(embedder="older-3").count() == 3
