"""mem0's own pipeline, from what was said to the facts in it, over one owner's stores.

Imported where a model is connected and a turn is read, and nowhere else: mem0 brings the clients of its stores along.
"""

from __future__ import annotations

import types
from collections.abc import Sequence

from memories.embedders import Embedder
from memories.engines.extraction import Model, defused
from memories.engines.mem0_setup import LLMError
from memories.engines.mem0_setup import Memory as Mem0
from memories.errors import ExtractionFailed, MemoriesError
from memories.owner import Owner
from memories.storage.entities import EntityStore
from memories.storage.history import History
from memories.storage.ports import unreachable
from memories.storage.vectors import VectorStore
from memories.types import Turn


class Pipeline(Mem0):  # type: ignore[misc]  # mem0 ships no types
    """A `mem0.Memory` whose store, entities and history are one owner's. For one reading: its stores keep back what
    it writes, and hold no earlier turn's.

    mem0's constructor is not run: it would open stores that hold everybody's rows. What its methods need is set here;
    `tests/memories/engines/test_drift.py` fails when a new mem0 needs something else.
    """

    def __init__(self, owner: Owner, embedder: Embedder, context: Sequence[Turn] = ()) -> None:
        """`context` is the turns before, oldest first."""
        dims, name = embedder.dims, embedder.name
        self._owner, self.embedding_model, self.llm = owner, _Mem0Embedder(embedder), Model()
        self.vector_store = VectorStore(owner, embedder=name, dims=dims)
        self._entity_store = EntityStore(owner, embedder=name, dims=dims)
        self.db = History(owner, [{"role": turn.role, "content": turn.text} for turn in context])
        self.config = types.SimpleNamespace(llm=types.SimpleNamespace(config={}), vector_store=None)
        self.collection_name, self.api_version = "memories", "v1.1"
        self.custom_instructions = self.reranker = None

    def read(self, turns: Sequence[Turn]) -> list[tuple[str, str]]:
        """The facts in these turns as (id, text), none of them written yet; the ids stand in the links that the
        entity store keeps back. One model call. ExtractionFailed, EngineUnavailable."""
        messages = [{"role": turn.role, "content": defused(turn.text)} for turn in turns]
        scope = {"user_id": self._owner.name}
        try:
            self._add_to_vector_store(messages, dict(scope), dict(scope), infer=True)
        except LLMError as error:
            raise (error.__cause__ if isinstance(error.__cause__, MemoriesError) else ExtractionFailed()) from error
        return [(memory_id, payload["data"]) for memory_id, payload, _ in self.vector_store.waiting]

    @property
    def entities(self) -> EntityStore:
        """Which names, places and things the facts speak of; written by its `flush`."""
        return self._entity_store

    # --- mem0's own verbs: they reach beyond one owner, or keep copies of what is deleted. The engine has its own -----
    add = search = get = get_all = update = delete = history = unreachable
    delete_all = reset = from_config = users = delete_users = unreachable
    _compute_entity_boosts = _create_procedural_memory = unreachable
    _create_memory = _update_memory = _delete_memory = unreachable

    def close(self) -> None:
        """Nothing is open: the connection is Django's."""


class _Mem0Embedder:
    """Our embedder as mem0 calls one."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed(self, text: str, memory_action: str | None = None) -> Sequence[float]:
        """One vector."""
        vector: Sequence[float] = self._embedder.embed([text])[0]
        return vector

    def embed_batch(self, texts: Sequence[str], memory_action: str | None = None) -> list[Sequence[float]]:
        """One vector a text."""
        return list(self._embedder.embed(texts))
