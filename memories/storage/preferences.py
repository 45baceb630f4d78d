"""One person's switches and limits."""

from __future__ import annotations

from django.conf import settings

from memories.models import OwnerState
from memories.owner import Owner
from memories.types import Preferences


def preferences_of(owner: Owner) -> Preferences:
    """The person's own choices; those of a newcomer until they choose. One query."""
    state = OwnerState.objects.filter(owner_id=owner.pk).first()
    return Preferences(quota=settings.MEMORY_QUOTA) if state is None else _value(state)


def quota_of(state: OwnerState) -> int:
    """How many memories fit: the person's own limit where an admin set one, else the site's."""
    return settings.MEMORY_QUOTA if state.quota is None else state.quota


def _value(state: OwnerState) -> Preferences:
    return Preferences(
        use_memories=state.use_memories,
        learn=state.learn,
        ask_first=state.ask_first,
        retention_months=state.retention_months,
        retention_basis="unused" if state.retention_basis == "unused" else "saved",
        quota=quota_of(state),
    )


def change_preferences(state: OwnerState, changes: dict[str, object]) -> None:
    """Writes the given switches into the locked state row."""
    for name, value in changes.items():
        setattr(state, name, value)
    state.save(update_fields=[*changes])
