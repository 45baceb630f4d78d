"""How memories are learned and recalled. The one room that knows mem0."""

from __future__ import annotations

from django.conf import settings

from memories.engines.base import Engine
from memories.owner import Door, Owner


def engine_for(owner: Owner, door: Door) -> Engine:
    """The engine this site runs on, bound to one owner."""
    if settings.MEM0_API_KEY:
        from memories.engines.platform import PlatformEngine

        return PlatformEngine(owner, door)
    # Imported here: `manage.py check` and its like never pay for it.
    from memories.engines.embedded import EmbeddedEngine

    return EmbeddedEngine(owner, door)
