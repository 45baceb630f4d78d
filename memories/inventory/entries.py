"""What an entry of the inventory says."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Literal

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from memories.owner import Owner

Size = Literal["memories", "conversations", "account"]
"""What a wipe takes: the memories; the conversations too; the account with everything in it."""
SIZES: tuple[Size, ...] = ("memories", "conversations", "account")
Nature = Literal["content", "derived", "identity", "neither"]
"""Of a column: the person's words; computed from them; who the person is; none of these."""

DELETED = "Deleted in one statement, in the same transaction as everything else."
RECOUNTED = "Counted again before the transaction ends; a row left would take the whole erasure back."


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table with rows of people's."""

    store: str
    """Its name on pages and receipts."""
    holds: str
    """What is in it, in words."""
    model: str
    columns: Mapping[str, Nature]
    """Every column that could hold words, bytes or a person."""
    goes_with: Size
    """The smallest wipe that takes it."""
    whose: Callable[[int], Q] = lambda pk: Q(owner_id=pk)
    erased: str = DELETED
    checked: str = RECOUNTED

    @property
    def table(self) -> type[Model]:
        return apps.get_model(self.model)

    def rows(self, owner: Owner) -> QuerySet[Any]:
        """This person's rows."""
        return self.table._base_manager.filter(self.whose(owner.pk)).order_by()


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Anywhere else."""

    store: str
    holds: str
    erased: str
    checked: str
    ours: bool = True
    """False: outside our reach; receipts say what remains there."""
    count: Callable[[Owner], int] | None = None
    """How much of this person's is there now; None where it cannot be counted."""
