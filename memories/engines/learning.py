"""Finds the facts in what was said: by mem0's own pipeline where a model is connected, by rules where none is."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from memories.assistant.facts import facts
from memories.budget import spend
from memories.engines.extraction import defused, kind_of
from memories.engines.mem0_setup import LLMError
from memories.errors import ExtractionFailed, MemoriesError
from memories.models import OwnerState
from memories.owner import Owner
from memories.storage.disclosures import disclose
from memories.storage.due import DueRows
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

    def still_holds(self, state: OwnerState, owner: Owner) -> bool:
        """False once the owner wiped their memories, or deleted the turn, since it was read. Call it in the write."""
        if state.epoch != self.epoch:
            return False
        return self.message_id is None or DueRows(owner).may_be_read(self.message_id)


def find_facts(engine: Any, owner: Owner, turns: Sequence[Turn], message_id: uuid.UUID | None) -> Found:
    """The facts the person states in these turns; none of the assistant's words count. One model call, where there
    is a model. ExtractionFailed when its answer cannot be used; EngineUnavailable when it does not answer."""
    with reading(owner):
        epoch = OwnerState.objects.filter(owner_id=owner.pk).values_list("epoch", flat=True).first() or 0
    found = _by_model(engine, owner, turns, message_id) if settings.LLM_MODEL else _by_rules(turns)
    return Found(facts=found, epoch=epoch, message_id=message_id)


def _by_rules(turns: Sequence[Turn]) -> tuple[NewFact, ...]:
    said = [fact for turn in turns if turn.role == "user" for fact in facts(turn.text)]
    return tuple(NewFact(text=fact.text, kind=fact.kind) for fact in said)


def _by_model(engine: Any, owner: Owner, turns: Sequence[Turn], message_id: uuid.UUID | None) -> tuple[NewFact, ...]:
    """mem0's pipeline, up to what it hands to the store. BudgetSpent."""
    spend(owner)
    with reading(owner):
        engine.vector_store.blind = not preferences_of(owner).use_memories
    engine.vector_store.before_sending = lambda shown: _write_down(owner, shown, message_id)
    messages = [{"role": turn.role, "content": defused(turn.text)} for turn in turns]
    scope = {"user_id": owner.name}
    try:
        engine._add_to_vector_store(messages, dict(scope), dict(scope), infer=True)
    except LLMError as error:
        raise (error.__cause__ if isinstance(error.__cause__, MemoriesError) else ExtractionFailed()) from error
    said = " ".join(turn.text for turn in turns if turn.role == "user")
    return tuple(
        NewFact(text=payload["data"], kind=kind_of(payload["data"], said), id=uuid.UUID(memory_id))
        for memory_id, payload, _ in engine.vector_store.waiting
    )


def _write_down(owner: Owner, shown: Sequence[str], message_id: uuid.UUID | None) -> None:
    with writing(owner, bump=False):
        disclose(owner, "learning", shown, message_id)
