"""The values that cross rooms: frozen, keyword-only, without behaviour beyond reading."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any, Literal

Source = Literal["chat", "typed", "imported", "program"]
"""How a memory came in."""
Kind = Literal["stated", "inferred"]
"""Said by the person in so many words, or concluded from what they said."""
State = Literal["active", "paused", "review"]
"""Only `active` memories are recalled; the others are listed, marked."""
Role = Literal["user", "assistant"]


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """One thing remembered. Reads as an object and as mem0's mapping: `m.memory`, `m["memory"]`, `dict(m)`."""

    id: str
    """UUID in its canonical text form."""
    memory: str
    """The text itself, NFC, 1 to 8,000 characters."""
    created_at: dt.datetime
    """Aware, UTC: when it was first saved."""
    updated_at: dt.datetime
    """Aware, UTC: when its text last changed."""
    score: float | None = None
    """0..1, higher is nearer; None where nothing was searched for."""
    source: Source = "chat"
    kind: Kind = "stated"
    state: State = "active"
    expires_at: dt.datetime | None = None
    """Aware, UTC: from then on it is no longer used."""
    conversation_id: str | None = None
    """The chat it was said in, while that chat exists."""
    conversation_title: str = ""
    message_id: str | None = None
    """The turn it was said in, while that turn exists."""
    use_count: int = 0
    """In how many replies it was put before the assistant."""
    last_used_at: dt.datetime | None = None
    """Aware, UTC."""
    version: int = 1
    """Grows by one with each change of the text; guards against a stale edit."""

    def keys(self) -> list[str]:
        """The names that `m[name]` answers to."""
        return [field.name for field in dataclasses.fields(self)]

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __getitem__(self, name: str) -> Any:
        """The value as mem0 gives it: moments are ISO 8601 strings, so that `json.dumps(dict(m))` works."""
        if name not in self.keys():
            raise KeyError(name)
        value = getattr(self, name)
        return value.isoformat() if isinstance(value, dt.datetime) else value

    def get(self, name: str, default: Any = None) -> Any:
        """`m[name]`, or the default for a name it does not have."""
        return self[name] if name in self.keys() else default
