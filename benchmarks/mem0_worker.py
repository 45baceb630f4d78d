"""One process with mem0's `Memory` on one of its own stores, filled with the people of a scratch database of ours.

The vectors are the rows' own, and a question's is made by the embedder that ours uses: what is compared is the rest.
"""

from __future__ import annotations

import itertools
import logging
import os
import random
import sqlite3
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from benchmarks.scratch import memory_in_use, serve
from memories.embedders import default_embedder

FOLDER = Path(os.environ.get("MEM0_DIR", "mem0"))
ROWS = (
    "SELECT person.namespace, memory.id, memory.text, memory.vector FROM memories_memory AS memory "
    "JOIN accounts_user AS person ON person.id = memory.owner_id WHERE person.email LIKE '%@bulk.invalid'"
)
BATCHES = {"qdrant": 1_000, "chroma": 5_000, "pgvector": 2_000, "faiss": 10_000_000}
"""Rows an insert. faiss writes all of its files anew with each one, so it gets everything at once."""
PLAIN = "plain"
"""The table that the other pgvector contestants are copied from: filling one is enough."""
MADE_BY = {
    "hnsw": "CREATE INDEX {0}_hnsw_idx ON {0} USING hnsw (vector vector_cosine_ops)",
    "by_hand": "CREATE INDEX {0}_user_idx ON {0} ((payload->>'user_id'))",
}
"""The index that mem0's provider makes when asked to, and the one that it never makes."""
Row = tuple[str, str, str, list[float]]
"""Namespace, id, text, vector."""


class Embedder:
    """In the place of a provider of mem0's."""

    config = mock.Mock(embedding_dims=256)

    def embed(self, text: str, memory_action: str | None = None) -> list[float]:
        return [float(number) for number in default_embedder().embed([text])[0]]


class Contestant:
    """The one memory of this process."""

    memory: Any
    provider: str
    source: str


def prepare(provider: str, source: str, url: str = "", table: str = PLAIN) -> int:
    """Opens the store and fills it with everyone in the SQLite file `source`; how many rows that were.

    Rows go in through the provider's own `insert`, many at a time: mem0's `add` would take hours, and its history holds
    no line of them.
    """
    opened(provider, source, url, table)
    if table == PLAIN:
        _wait_for_the_disk(False)
        count = sum(_insert(batch) for batch in _batches(_rows(source), BATCHES[provider]))
        _wait_for_the_disk(True)
        return count
    return _copy(Contestant.memory.vector_store, table)


def opened(provider: str, source: str, url: str = "", table: str = PLAIN) -> None:
    """Opens the store as it is."""
    Contestant.provider, Contestant.source = provider, source
    at = str(FOLDER / provider)
    places: dict[str, dict[str, Any]] = {
        # Without on_disk, mem0 empties the folder when it opens it.
        "qdrant": {"path": at, "embedding_model_dims": 256, "on_disk": True},
        "chroma": {"path": at},
        "faiss": {"path": at, "embedding_model_dims": 256},
        "pgvector": {"connection_string": url, "embedding_model_dims": 256, "hnsw": False},
    }
    wanted = {
        "vector_store": {"provider": provider, "config": {"collection_name": table, **places[provider]}},
        "llm": {"provider": "openai", "config": {"api_key": "none"}},
        "history_db_path": str(FOLDER / f"history-{provider}-{table}.sqlite3"),
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    # Here, and the switch with it: mem0 reads it at its first import, and without it would report to its maker.
    os.environ["MEM0_TELEMETRY"] = "False"
    from mem0 import Memory

    with mock.patch("mem0.memory.main.EmbedderFactory.create", return_value=Embedder()):
        Contestant.memory = Memory.from_config(wanted)
    default_embedder().embed(["warm"])


def searches(asked: list[tuple[str, str]]) -> list[float]:
    """Each of (namespace, question), timed."""
    times = []
    for namespace, question in asked:
        before = time.perf_counter()
        _search(namespace, question)
        times.append(time.perf_counter() - before)
    return times


def found_of_own(asked: list[tuple[str, list[tuple[str, str]]]], seconds: float) -> float:
    """The share of their own texts that people find among ten, each asked for word for word: as many people as the
    seconds carry, one at least. (namespace, [(id, text)])."""
    shares, until = [], time.monotonic() + seconds
    for namespace, own in asked:
        found = [any(uuid.UUID(hit["id"]) == uuid.UUID(key) for hit in _search(namespace, text)) for key, text in own]
        shares.append(sum(found) / len(found))
        if time.monotonic() > until:
            break
    return float(np.mean(shares))


def delete_all(rows: int) -> float:
    """Seconds for a person with so many memories; RuntimeError when some are left."""
    namespace, sample = str(uuid.uuid4()), list(itertools.islice(_rows(Contestant.source), 2_000))
    random.shuffle(sample)
    for batch in _batches(itertools.cycle(sample) if rows > len(sample) else iter(sample), min(rows, 5_000)):
        _insert([(namespace, str(uuid.uuid4()), text, vector) for _, _, text, vector in batch])
        break
    before = time.perf_counter()
    Contestant.memory.delete_all(user_id=namespace)
    took = time.perf_counter() - before
    left = Contestant.memory.vector_store.list(filters={"user_id": namespace}, top_k=10)[0]
    if left:
        raise RuntimeError(f"{Contestant.provider} left some of {rows}.")
    return took


def _wait_for_the_disk(wait: bool) -> None:
    """qdrant writes each row in a transaction of its own: filling it would take an hour. As usual afterwards."""
    if Contestant.provider == "qdrant":
        for collection in Contestant.memory.vector_store.client._client.collections.values():
            collection.storage.storage.execute(f"PRAGMA synchronous = {'FULL' if wait else 'OFF'}")


def _search(namespace: str, question: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = Contestant.memory.search(question, filters={"user_id": namespace}, top_k=10)[
        "results"
    ]
    return found


def _rows(source: str) -> Iterator[Row]:
    with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as database:
        for namespace, key, text, vector in database.execute(ROWS):
            numbers = np.frombuffer(vector, dtype=np.float16).astype(float).tolist()
            yield str(uuid.UUID(namespace)), str(uuid.UUID(key)), text, numbers


def _batches(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while batch := list(itertools.islice(rows, size)):
        yield batch


def _insert(rows: Sequence[Row]) -> int:
    """What `Memory.add(..., infer=False)` would write, but for the history."""
    from mem0.utils.lemmatization import lemmatize_for_bm25

    moment = "2026-01-01T00:00:00+00:00"
    payloads = [
        {"user_id": namespace, "data": text, "hash": key, "role": "user", "text_lemmatized": lemmatize_for_bm25(text)}
        | {"created_at": moment, "updated_at": moment}
        for namespace, key, text, _ in rows
    ]
    Contestant.memory.vector_store.insert([row[3] for row in rows], payloads, [row[1] for row in rows])
    return len(rows)


def _copy(store: Any, table: str) -> int:
    with store._get_cursor(commit=True) as cursor:
        cursor.execute(f"CREATE TABLE {table} (LIKE {PLAIN} INCLUDING ALL)")
        cursor.execute(f"INSERT INTO {table} SELECT * FROM {PLAIN}")
        count = int(cursor.rowcount)
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(MADE_BY[table].format(table))
        cursor.execute(f"ANALYZE {table}")
        cursor.execute(f"ANALYZE {PLAIN}")
    return count


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    serve(
        {
            "prepare": prepare,
            "opened": opened,
            "searches": searches,
            "found_of_own": found_of_own,
            "delete_all": delete_all,
            "memory_in_use": memory_in_use,
        }
    )
    # Some clients of the stores fail when they are cleared away; all there is to keep has been said.
    os._exit(0)
