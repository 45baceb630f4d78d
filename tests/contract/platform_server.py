"""A stand-in for mem0's hosted platform on loopback: its wire contract, with every edge that can cut.

What a real one does to everybody's memories this one does too: an unfiltered DELETE takes all of them, "*" is everyone,
a bare id reads, changes and deletes anyone's, deletion and learning are queued, a page has 200 memories at most.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import hashlib
import posixpath
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from typing import Any

import numpy as np

from memories.assistant.facts import facts
from memories.embedders import default_embedder
from memories.engines.platform_http import hang_up
from memories.storage.ranking import Corpus, Index, Query
from memories.text import terms
from tests.contract.wire import Asked, Instead, Refused, handler_of

KEY = "m0-a-key-for-tests"
Row = dict[str, Any]


@dataclasses.dataclass
class Event:
    """Something queued."""

    polls: int
    """How often it is still PENDING when asked after."""
    work: Callable[[], list[Row]]
    fails: bool = False
    results: list[Row] | None = None


class PlatformServer:
    """`with PlatformServer() as server:`; `server.url`, `server.requests`, `server.rows` (everybody's)."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.histories: dict[str, list[Row]] = {}
        self.events: dict[str, Event] = {}
        self.requests: list[Asked] = []
        self.instead: deque[Instead] = deque()
        self.polls = 0
        """How often a new event is PENDING."""
        self.fail_events = 0
        """How many of the next events fail."""
        self.linger = 0
        """How often a deleted memory can still be read."""
        self.facts: Callable[[str], list[str]] = lambda text: [fact.text for fact in facts(text)]
        self.held = threading.Event()
        """Set when an answer has come to where it is held."""
        self._lingering: dict[str, tuple[int, Row]] = {}
        self._lock, self._clock = threading.RLock(), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> PlatformServer:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    # --- For tests ----------------------------------------------------------------------------------------------------
    def answer(self, **how: Any) -> Instead:
        """Queues what the next fitting request gets instead."""
        instead = Instead(**how)
        self.instead.append(instead)
        return instead

    def of(self, namespace: object) -> list[str]:
        """The texts that are kept under a name, oldest first."""
        return [row["memory"] for row in self.rows.values() if row["user_id"] == str(namespace)]

    def asked(self, method: str, path: str = "") -> list[Asked]:
        return [asked for asked in self.requests if asked.method == method and asked.path.startswith(path)]

    def put(self, namespace: object, text: str, metadata: Row | None = None, **fields: Any) -> str:
        """A memory that is simply there; its id."""
        return str(self._insert(str(namespace), text, metadata or {}, **fields)["id"])

    # --- The contract -------------------------------------------------------------------------------------------------
    def handle(self, asked: Asked) -> tuple[int, Any]:
        with self._lock:
            if asked.headers.get("authorization") != f"Token {KEY}":
                raise Refused(401, {"detail": "Invalid API key."})
            if asked.headers.get("mem0-user-id") != hashlib.md5(KEY.encode(), usedforsecurity=False).hexdigest():
                raise Refused(401, {"detail": "The key's own name is missing."})
            if not asked.path.endswith("/"):
                raise Refused(404, {"detail": "All paths end in a slash."})
            return self._routed(asked, [part for part in posixpath.normpath(asked.path).split("/") if part])

    def _routed(self, asked: Asked, parts: list[str]) -> tuple[int, Any]:
        match asked.method, parts:
            case "GET", ["v1", "ping"]:
                return 200, {"status": "ok", "org_id": "o", "project_id": "p", "user_email": "operator@example.com"}
            case "POST", ["v3", "memories", "add"]:
                return 200, self._add(asked.body)
            case "POST", ["v3", "memories", "search"]:
                return 200, self._search(asked.body)
            case "POST", ["v3", "memories"]:
                return 200, self._page(asked)
            case "GET", ["v1", "event", event_id]:
                return 200, self._event(event_id)
            case "DELETE", ["v1", "memories"]:
                return 200, self._delete_all(asked.query)
            case "GET" | "PUT" | "DELETE", ["v1", "memories", memory_id]:
                return 200, self._one(asked, memory_id)
            case "GET", ["v1", "memories", memory_id, "history"]:
                self._row(memory_id)
                return 200, self.histories[memory_id]
        raise Refused(404, {"detail": "Not found."})

    def _add(self, body: Any) -> Any:
        messages, user_id = body.get("messages"), body.get("user_id")
        if not isinstance(messages, list) or not messages or not isinstance(user_id, str) or not user_id:
            raise Refused(400, {"detail": "messages and an entity id are needed."})
        metadata = body.get("metadata") or {}
        if body.get("infer") is False:
            rows = [self._insert(user_id, message["content"], metadata) for message in messages]
            return {"results": [{"id": row["id"], "memory": row["memory"], "event": "ADD"} for row in rows]}

        def learn() -> list[Row]:
            found = [fact for message in messages for fact in self.facts(message["content"])]
            rows = [self._insert(user_id, fact, metadata) for fact in found]
            return [{"id": row["id"], "memory": row["memory"], "event": "ADD"} for row in rows]

        return {"event_id": self._queue(learn), "status": "PENDING", "message": "Queued."}

    def _insert(self, user_id: str, text: str, metadata: Row, **fields: Any) -> Row:
        row = {
            "id": str(uuid.uuid4()),
            "memory": text,
            "user_id": user_id,
            "metadata": metadata or None,
            "categories": [],
            "expiration_date": None,
            "created_at": self._now(),
            "updated_at": self._now(),
            **fields,
        }
        self.rows[row["id"]] = row
        self.histories[row["id"]] = [self._line(None, text, "ADD", row["created_at"])]
        return row

    def _now(self) -> str:
        # One moment after the other, so that an order can be read back.
        self._clock = max(self._clock + dt.timedelta(microseconds=1), dt.datetime.now(dt.UTC))
        return self._clock.isoformat()

    def _line(self, old: str | None, new: str, event: str, at: str) -> Row:
        return {
            "id": str(uuid.uuid4()),
            "old_memory": old,
            "new_memory": new,
            "event": event,
            "input": [],
            "created_at": at,
        }

    def _search(self, body: Any) -> Any:
        query, top_k = body.get("query"), body.get("top_k", 10)
        if not isinstance(query, str) or not query.strip() or "user_id" in body:
            raise Refused(400, {"detail": "A query is needed, and entity ids inside filters."})
        if not isinstance(top_k, int) or not 1 <= top_k <= 1000:
            raise Refused(422, {"detail": "top_k is 1 to 1000."})
        among = self._under(body.get("filters"), expired=False)
        return {"results": [{**row, "score": score} for row, score in _ranked(query, among, top_k)]}

    def _page(self, asked: Asked) -> Any:
        number = int(asked.query.get("page", ["1"])[0])
        size = max(1, min(int(asked.query.get("page_size", ["100"])[0]), 200))
        rows = self._under(asked.body.get("filters"), expired=bool(asked.body.get("show_expired")))
        end = number * size
        more = f"{self.url}/v3/memories/?page={number + 1}&page_size={size}" if end < len(rows) else None
        return {"count": len(rows), "next": more, "previous": None, "results": rows[end - size : end]}

    def _under(self, filters: Any, *, expired: bool) -> list[Row]:
        """AND is flattened over the scope, "*" is everyone, and so is nothing at all."""
        scope = dict(filters or {})
        for part in scope.pop("AND", []):
            scope |= part
        whose, today = scope.get("user_id", "*"), dt.datetime.now(dt.UTC).date().isoformat()
        rows = [row for row in self.rows.values() if whose in ("*", row["user_id"])]
        return [row for row in rows if expired or not row["expiration_date"] or row["expiration_date"] >= today]

    def _row(self, memory_id: str) -> Row:
        left, gone = self._lingering.get(memory_id, (0, {}))
        if left:
            self._lingering[memory_id] = (left - 1, gone)
            return gone
        if memory_id not in self.rows:
            raise Refused(404, {"error": "Memory not found!"})
        return self.rows[memory_id]

    def _one(self, asked: Asked, memory_id: str) -> Any:
        row = self._row(memory_id)
        if asked.method == "DELETE":
            self.rows.pop(memory_id, None)
            if self.linger:
                self._lingering[memory_id] = (self.linger, row)
            return {"message": "Memory deleted successfully!"}
        if asked.method == "PUT":
            self._change(row, asked.body)
        return row

    def _change(self, row: Row, body: Row) -> None:
        if not set(body) & {"text", "metadata", "timestamp", "expiration_date"}:
            raise Refused(400, {"detail": "Nothing to change."})
        row["updated_at"] = self._now()
        if body.get("text"):
            self.histories[row["id"]].append(self._line(row["memory"], body["text"], "UPDATE", row["updated_at"]))
            row["memory"] = body["text"]
        for name in ("metadata", "expiration_date"):
            if name in body:
                row[name] = body[name]

    def _delete_all(self, query: dict[str, list[str]]) -> Any:
        whose = query.get("user_id", ["*"])[0]

        def erase() -> list[Row]:
            for row in [row for row in self.rows.values() if whose in ("*", row["user_id"])]:
                del self.rows[row["id"]]
            return []

        return {"message": "Delete in progress...", "event_id": self._queue(erase)}

    def _queue(self, work: Callable[[], list[Row]]) -> str:
        event_id = str(uuid.uuid4())
        self.events[event_id] = Event(self.polls, work, fails=self.fail_events > 0)
        self.fail_events = max(0, self.fail_events - 1)
        return event_id

    def _event(self, event_id: str) -> Any:
        event = self.events.get(event_id)
        if event is None:
            raise Refused(404, {"detail": "Not found."})
        if event.polls > 0:
            event.polls -= 1
            return {"id": event_id, "status": "RUNNING" if event.polls else "PENDING", "results": []}
        if event.fails:
            return {"id": event_id, "status": "FAILED", "results": []}
        if event.results is None:
            event.results = event.work()
        return {"id": event_id, "status": "SUCCEEDED", "results": event.results}


@contextlib.contextmanager
def on_platform(settings: Any) -> Iterator[PlatformServer]:
    """The site keeps its memories on a platform of its own meanwhile; it does not wait for what is queued."""
    with PlatformServer() as server:
        settings.MEM0_API_KEY, settings.MEM0_URL, settings.MEM0_PATIENCE = KEY, server.url, 0
        yield server
        settings.MEM0_API_KEY = ""
        hang_up()


def _ranked(query: str, rows: list[Row], top_k: int) -> list[tuple[Row, float]]:
    if not rows:
        return []
    embedder, texts = default_embedder(), [row["memory"] for row in rows]
    corpus = Corpus(
        vectors=np.asarray(embedder.embed(texts)),
        terms=[" ".join(terms(text)) for text in texts],
        episodes=[None] * len(rows),
        positions=[0] * len(rows),
        created_at=[0.0] * len(rows),
    )
    wanted = Query(vector=embedder.embed([query])[0], terms=terms(query), text=query, now=time.time())
    return [(rows[hit.index], float(hit.score)) for hit in Index.build(corpus).search(wanted, top_k)]
