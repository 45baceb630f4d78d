"""One owner's line to mem0's hosted platform: the calls we need, none of which can be made without a namespace."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from memories.engines.platform_http import OddAnswer, send
from memories.errors import MemoryNotFound
from memories.owner import Owner

PAGE = 200
"""Memories a page: the most that the platform gives."""
PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds between two looks at an event; the last one goes on."""
_EVENT = re.compile(r"[A-Za-z0-9_-]{1,64}")

Row = dict[str, Any]
"""A memory as the platform tells it; not checked yet."""
Status = Literal["pending", "succeeded", "failed"]


class Line:
    """Bound to one owner at construction; no method takes another, a filter, or an id that is no UUID.

    Every method raises EngineUnavailable; those with an id MemoryNotFound. What comes back is the platform's word:
    `platform_values` looks whose it is.
    """

    def __init__(self, owner: Owner) -> None:
        # The platform reads a missing user_id, and "*", as everybody.
        if not isinstance(owner, Owner):
            raise TypeError(f"A line to the platform needs an Owner, not {type(owner).__name__}.")
        self._whose = {"user_id": str(uuid.UUID(owner.name))}

    # --- Writing ------------------------------------------------------------------------------------------------------
    def keep(self, messages: Sequence[Mapping[str, str]], metadata: Mapping[str, Any]) -> list[Row]:
        """Stores each message word for word; the platform answers when it is done. InvalidText, QuotaExceeded."""
        answer = send(
            "POST",
            "/v3/memories/add/",
            body={"messages": list(messages), **self._whose, "infer": False, "metadata": dict(metadata)},
        )
        return rows_in(answer)

    def read_for_facts(self, messages: Sequence[Mapping[str, str]], metadata: Mapping[str, Any]) -> str:
        """Has the messages read for facts, some time soon; the id of the event to ask after."""
        answer = send(
            "POST",
            "/v3/memories/add/",
            body={"messages": list(messages), **self._whose, "infer": True, "metadata": dict(metadata)},
        )
        return _event_id(answer)

    def change(self, memory_id: uuid.UUID, fields: Mapping[str, Any]) -> None:
        """Sets these fields. Whose memory it is has to be known already."""
        send("PUT", _path(memory_id), body=dict(fields), by_id=True)

    def remove(self, memory_id: uuid.UUID) -> None:
        """Asks for one to be deleted. Whose memory it is has to be known already."""
        send("DELETE", _path(memory_id), by_id=True)

    def remove_all(self) -> str:
        """Asks for all of this owner's to be deleted, some time soon; the id of the event to ask after."""
        return _event_id(send("DELETE", "/v1/memories/", params=self._whose))

    # --- Reading ------------------------------------------------------------------------------------------------------
    def get(self, memory_id: uuid.UUID) -> Row:
        """One memory, whosever it is."""
        found: Row = _object(send("GET", _path(memory_id), changes=False, by_id=True))
        return found

    def search(self, query: str, limit: int) -> list[Row]:
        """The nearest, best first."""
        body = {"query": query, "filters": dict(self._whose), "top_k": max(1, min(limit, 1000))}
        return rows_in(send("POST", "/v3/memories/search/", body=body, changes=False))

    def pages(self) -> Iterator[list[Row]]:
        """Every memory, expired ones included, page after page to the end."""
        number = 1
        while True:
            answer = self._page(number, PAGE)
            rows = rows_in(answer)
            yield rows
            if not answer.get("next") or not rows:
                return
            number += 1

    def count(self) -> int:
        """How many the platform has of this owner."""
        count = self._page(1, 1).get("count")
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            raise OddAnswer()
        return count

    def _page(self, number: int, size: int) -> Row:
        answer = send(
            "POST",
            "/v3/memories/",
            params={"page": str(number), "page_size": str(size)},
            body={"filters": dict(self._whose), "show_expired": True},
            changes=False,
        )
        return _object(answer)

    def history(self, memory_id: uuid.UUID) -> list[Row]:
        """Its texts as the platform keeps them. Whose memory it is has to be known already."""
        answer = send("GET", f"{_path(memory_id)}history/", changes=False, by_id=True)
        return rows_in({"results": answer})

    def earlier(self, memory_id: uuid.UUID) -> set[str]:
        """Every text it was ever given, for marks; none where the platform knows of none."""
        try:
            told = self.history(memory_id)
        except MemoryNotFound:
            return set()
        return {str(version["new_memory"]) for version in told if version.get("new_memory")}

    # --- Events -------------------------------------------------------------------------------------------------------
    def event(self, event_id: str) -> tuple[Status, list[Row]]:
        """How far it is, and what came of it. An event that the platform does not know any more has failed."""
        if not _EVENT.fullmatch(event_id):
            raise OddAnswer()
        try:
            answer = _object(send("GET", f"/v1/event/{event_id}/", changes=False, by_id=True))
        except MemoryNotFound:
            return "failed", []
        match str(answer.get("status", "")).upper():
            case "SUCCEEDED":
                return "succeeded", rows_in(answer)
            case "FAILED":
                return "failed", []
            case "PENDING" | "RUNNING":
                return "pending", []
        raise OddAnswer()

    def wait_for(self, event_id: str, patience: float) -> tuple[Status, list[Row]]:
        """As `event`, asked again with growing pauses for so many seconds at most; at least once."""
        end, tries = time.monotonic() + patience, 0
        while True:
            status, rows = self.event(event_id)
            pause = PAUSES[min(tries, len(PAUSES) - 1)]
            if status != "pending" or time.monotonic() + pause > end:
                return status, rows
            tries += 1
            time.sleep(pause)


def rows_in(answer: Any) -> list[Row]:
    """The `results`, each an object. EngineUnavailable for another shape."""
    rows = _object(answer).get("results") or []
    if not isinstance(rows, list):
        raise OddAnswer()
    return [_object(row) for row in rows]


def _object(value: Any) -> Row:
    if not isinstance(value, dict):
        raise OddAnswer()
    return value


def _event_id(answer: Any) -> str:
    event_id = _object(answer).get("event_id")
    if not isinstance(event_id, str) or not _EVENT.fullmatch(event_id):
        raise OddAnswer()
    return event_id


def _path(memory_id: uuid.UUID) -> str:
    # "." or "" in its place would be the path of everybody's memories.
    if not isinstance(memory_id, uuid.UUID):
        raise TypeError(f"A memory's id is a UUID, not {type(memory_id).__name__}.")
    return f"/v1/memories/{memory_id}/"
