"""The values of files: a memory on its way out or in, and how an import stands. Frozen."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any, Literal

from memories.data_types import Said
from memories.types import Kind, Memory, Source, State, Version


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """A memory on its way out, with all that belongs to it."""

    memory: Memory
    versions: tuple[Version, ...]
    """The texts before the present one, oldest first."""
    said: Said | None
    role: str
    episode: str | None
    position: int


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A memory on its way in, read from a file and checked for shape."""

    line: int
    """Where in the file it stands, from 1."""
    text: str
    kind: Kind = "stated"
    source: Source = "imported"
    state: State = "active"
    created_at: dt.datetime | None = None
    updated_at: dt.datetime | None = None
    expires_at: dt.datetime | None = None
    versions: tuple[tuple[int, str, dt.datetime], ...] = ()
    """Earlier texts: number, text, since when."""
    version: int = 1
    id: uuid.UUID | None = None
    """Only from a file of one's own, exported here: the seal was checked."""
    message_id: uuid.UUID | None = None
    """As `id`."""
    use_count: int = 0
    last_used_at: dt.datetime | None = None
    role: str = "user"
    episode: uuid.UUID | None = None
    position: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Chat:
    """A conversation on its way in, from a file of one's own."""

    line: int
    id: uuid.UUID
    title: str
    created_at: dt.datetime
    updated_at: dt.datetime
    turns: tuple[Mapping[str, Any], ...]


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """What could not be read."""

    line: int
    """From 1; 0 for the file as a whole."""
    sentence: str


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Parsed:
    """What a file holds."""

    format: str
    """In words, such as "ChatGPT's export"."""
    entries: tuple[Entry, ...] = ()
    chats: tuple[Chat, ...] = ()
    marks: tuple[Mapping[str, Any], ...] = ()
    """Which reply was given which memory: message_id, memory_id, rank, score, text, at."""
    problems: tuple[Problem, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Import:
    """An import under way."""

    id: str
    format: str
    step: Literal["preview", "running", "done"]
    total: int
    done: int
    saved: int
    known: int
    forgotten: int
    chats: int
    problems: tuple[Problem, ...]
    problem_count: int
    bring_back: bool
    room: int = 0
    """How many more memories fit; meaningful in the preview."""
    new: int = 0
    """How many would be saved; meaningful in the preview."""

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 100
