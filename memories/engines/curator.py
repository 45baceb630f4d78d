"""What an engine promises to those who look after their memories. Bound to one owner; no method takes another."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Protocol

from memories.data_types import Detail, Facets, Listing, Overview, Pictures, Selection
from memories.transfer_types import Exported, Import, Parsed
from memories.types import Filter, Memory


class Curator(Protocol):
    """Lists, sets and files of one owner's memories. Ids of a set that are not there are left out in silence: a set may
    have shrunk since it was chosen. A single id that is not there is MemoryNotFound."""

    def browse(
        self, chosen: Filter, *, query: str, number: int, size: int, order: str, counted: Facets | None = None
    ) -> Listing:
        """A page of the list, and how many each filter would show. `counted`: what an overview just counted."""
        ...

    def overview(self) -> Overview:
        """The whole store in numbers."""
        ...

    def pictures(self) -> Pictures:
        """The numbers behind the charts."""
        ...

    def detail(self, memory_id: uuid.UUID) -> Detail:
        """A memory with its source turn, versions and uses."""
        ...

    def matching(self, chosen: Filter, query: str) -> list[uuid.UUID]:
        """Everything that `browse` shows on all its pages."""
        ...

    def selection(self, ids: Sequence[uuid.UUID]) -> Selection:
        """What doing away with these would mean."""
        ...

    def same_as(self, text: str) -> Memory | None:
        """The memory that says the same, if there is one."""
        ...

    def set_state(self, ids: Sequence[uuid.UUID], before: Sequence[str], after: str, *, verb: str) -> int:
        """Moves those in one of the states before to the one after; returns how many."""
        ...

    def hold_many(self, ids: Sequence[uuid.UUID]) -> tuple[int, dt.datetime]:
        """Deletes these with a moment's grace; returns how many and until when."""
        ...

    def restore_held(self, until: dt.datetime) -> int:
        """Takes back what was deleted together, while its grace lasts; returns how many."""
        ...

    def expire(self, memory_id: uuid.UUID, moment: dt.datetime | None) -> Memory:
        """From this moment on it is no longer used; None: always."""
        ...

    def named(self, ids: Sequence[uuid.UUID]) -> list[Memory]:
        """Those of these that are on the list, in this order."""
        ...

    def exported(self, ids: Sequence[uuid.UUID]) -> list[Exported]:
        """Those of these that are still there, in this order, with all that belongs to them."""
        ...

    def receive(self, parsed: Parsed) -> Import:
        """Keeps what a file holds until the person says yes."""
        ...

    def import_state(self, job_id: uuid.UUID) -> Import:
        """Where an import stands; before the yes, what would come of it."""
        ...

    def start_import(self, job_id: uuid.UUID, *, bring_back: bool) -> Import:
        """The yes, and the first piece. QuotaExceeded, before anything is written, when not all of it fits."""
        ...

    def continue_import(self, job_id: uuid.UUID) -> Import:
        """Writes the next piece."""
        ...

    def drop_import(self, job_id: uuid.UUID) -> None:
        """Forgets what was uploaded; what was written of it stays."""
        ...
