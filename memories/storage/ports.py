"""What mem0's three persistence ports share: the row they answer with, and the refusal of any other scope."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, NoReturn

from memories.errors import IsolationBreach
from memories.owner import Owner


@dataclasses.dataclass(slots=True)
class Row:
    """A row as mem0 reads it."""

    id: str
    payload: dict[str, Any]
    score: float = 0.0
    """Higher is nearer."""


def check_filters(owner: Owner, filters: Mapping[str, Any] | None) -> None:
    """Passes for exactly {"user_id": the owner's namespace}; IsolationBreach for any other key, operator or value.

    mem0 flattens AND, reads "*" as everyone and trims ids, so nothing but the one exact mapping is let through.
    """
    if filters is None or dict(filters) != {"user_id": owner.name}:
        raise IsolationBreach("A filter named something other than its own owner; it was refused.")


def check_payload(owner: Owner, payload: Mapping[str, Any] | None) -> None:
    """Passes unless the payload claims another owner or carries what mem0 would read as an identity."""
    claimed = {key: payload[key] for key in ("user_id", "agent_id", "run_id", "actor_id") if payload and key in payload}
    if claimed not in ({}, {"user_id": owner.name}):
        raise IsolationBreach("A payload named something other than its own owner; it was refused.")


def unreachable(*_: Any, **__: Any) -> NoReturn:
    """Stands where mem0 has a verb that reaches beyond one owner."""
    raise IsolationBreach("This verb reaches beyond one owner; it does not exist here.")
