"""Finds the facts in what was said: by mem0's own pipeline where a model is connected, by rules where none is."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from django.conf import settings

from memories.assistant.facts import facts
from memories.budget import spend
from memories.embedders import Embedder
from memories.engines.extraction import kind_of
from memories.models import OwnerState
from memories.owner import Owner
from memories.storage.disclosures import disclose
from memories.storage.due import DueRows
from memories.storage.entities import EntityStore
from memories.storage.owner_scope import reading, writing
from memories.storage.preferences import preferences_of
from memories.types import Kind, Turn


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class NewFact:
    """One thing to remember, not yet written."""

    text: str
    kind: Kind
    id: uuid.UUID | None = None
    """The id that mem0 gave it, which its entity links carry."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The facts of a turn, and what must still be so when they are written."""

    facts: tuple[NewFact, ...]
    epoch: int
    message_id: uuid.UUID | None
    said_at: dt.datetime | None = None
    """When the turn got the words that were read."""
    entities: EntityStore | None = None
    """What they speak of, kept back until they are written. None where nobody looked."""

    def still_holds(self, state: OwnerState, owner: Owner) -> bool:
        """False once the owner wiped their memories, or deleted or changed the turn, since it was read. Call it in the
        write."""
        if state.epoch != self.epoch:
            return False
        if self.message_id is None:
            return True
        turns = DueRows(owner)
        return turns.may_be_read(self.message_id) and turns.said_at(self.message_id) == self.said_at


def find_facts(
    owner: Owner,
    embedder: Embedder,
    turns: Sequence[Turn],
    *,
    context: Sequence[Turn],
    message_id: uuid.UUID | None,
    said_at: dt.datetime | None = None,
) -> Found:
    """The facts the person states in these turns; none of the assistant's words count, and those of `context`, the
    turns before, only help to understand. One model call, where there is a model. ExtractionFailed when its answer
    cannot be used; EngineUnavailable when it does not answer; BudgetSpent."""
    with reading(owner):
        epoch = OwnerState.objects.filter(owner_id=owner.pk).values_list("epoch", flat=True).first() or 0
        if message_id and said_at is None:
            said_at = DueRows(owner).said_at(message_id)
    if not settings.LLM_MODEL:
        return Found(facts=_by_rules(turns), epoch=epoch, message_id=message_id, said_at=said_at)
    facts, entities = _by_model(owner, embedder, turns, context, message_id)
    return Found(facts=facts, epoch=epoch, message_id=message_id, said_at=said_at, entities=entities)


def _by_rules(turns: Sequence[Turn]) -> tuple[NewFact, ...]:
    said = [fact for turn in turns if turn.role == "user" for fact in facts(turn.text)]
    return tuple(NewFact(text=fact.text, kind=fact.kind) for fact in said)


def _by_model(
    owner: Owner, embedder: Embedder, turns: Sequence[Turn], context: Sequence[Turn], message_id: uuid.UUID | None
) -> tuple[tuple[NewFact, ...], EntityStore]:
    """By mem0's pipeline, up to what it hands to its stores."""
    # Imported here: a site without a model does without mem0, and a command that reads no turn does not wait for it.
    from memories.engines.pipeline import Pipeline

    spend(owner)
    pipeline = Pipeline(owner, embedder, context)
    with reading(owner):
        pipeline.vector_store.blind = not preferences_of(owner).use_memories
    pipeline.vector_store.before_sending = lambda shown: _write_down(owner, shown, message_id)
    said = " ".join(turn.text for turn in turns if turn.role == "user")
    found = pipeline.read(turns)
    facts = tuple(NewFact(text=text, kind=kind_of(text, said), id=uuid.UUID(key)) for key, text in found)
    return facts, pipeline.entities


def _write_down(owner: Owner, shown: Sequence[str], message_id: uuid.UUID | None) -> None:
    with writing(owner, bump=False):
        disclose(owner, "learning", shown, message_id)
