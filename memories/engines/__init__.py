"""How memories are learned and recalled. The one room that knows mem0."""

from __future__ import annotations

from memories.engines.base import Engine
from memories.owner import Door, Owner


def engine_for(owner: Owner, door: Door) -> Engine:
    """The engine this site runs on, bound to one owner."""
    # Importing mem0 takes over a second: `manage.py check` and its like never pay for it.
    from memories.engines.embedded import EmbeddedEngine

    return EmbeddedEngine(owner, door)
