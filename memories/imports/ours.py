"""Our own JSON (docs/export-format.md). Ids, sources and uses count only where the seal says they are one's own."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from memories.errors import InvalidText
from memories.exports import FORMAT
from memories.imports.fields import key, moment, whole, word
from memories.transfer_types import Chat, Entry, Parsed, Problem
from memories.validation import valid_text

Sealed = Callable[[object, object], bool]
MAX_VERSIONS, MAX_TURNS = 1_000, 20_000
Item = Mapping[str, Any]

__all__ = ["FORMAT", "read"]


@dataclasses.dataclass(slots=True)
class _Reader:
    sealed: Sealed
    # What cannot keep its id gets one that is the same throughout the file, so that its links hold.
    salt: uuid.UUID = dataclasses.field(default_factory=uuid.uuid4)
    met: set[uuid.UUID] = dataclasses.field(default_factory=set)
    problems: list[Problem] = dataclasses.field(default_factory=list)
    marks: list[dict[str, Any]] = dataclasses.field(default_factory=list)

    def own(self, item: Item) -> bool:
        return self.sealed(item.get("id"), item.get("seal"))

    def id_of(self, item: Item) -> uuid.UUID:
        """The item's own id where it is sealed; otherwise a new one."""
        found = key(item.get("id"))
        if found is None:
            return uuid.uuid4()
        return found if self.own(item) else uuid.uuid5(self.salt, str(found))

    def once(self, row_id: uuid.UUID | None) -> uuid.UUID | None:
        """The same id; InvalidText where another row of the file has it already: no table takes it twice."""
        if row_id in self.met:
            raise InvalidText("Its id stands in this file twice.")
        if row_id:
            self.met.add(row_id)
        return row_id

    # --- Memories -----------------------------------------------------------------------------------------------------
    def entry(self, line: int, item: Item) -> Entry:
        own = self.own(item)
        created = moment(item.get("created_at"), name="created_at")
        said = item.get("said") if isinstance(item.get("said"), dict) else {}
        versions = self.versions(item)
        return Entry(
            line=line,
            text=valid_text(item.get("text")),
            kind=word(item, "kind", ("stated", "inferred"), "stated"),  # type: ignore[arg-type]
            source=word(item, "source", ("chat", "typed", "imported", "program"), "imported") if own else "imported",  # type: ignore[arg-type]
            state=word(item, "state", ("active", "paused", "review"), "active"),  # type: ignore[arg-type]
            created_at=created,
            updated_at=moment(item.get("updated_at"), name="updated_at"),
            expires_at=moment(item.get("expires_at"), name="expires_at", future=True),
            versions=versions,
            version=max(whole(item, "version", least=1, default=1), len(versions) + 1),
            id=self.once(key(item.get("id"))) if own else None,
            message_id=self.turn_of(said, own),
            use_count=whole(item, "use_count") if own else 0,
            last_used_at=moment(item.get("last_used_at"), name="last_used_at") if own else None,
            role=word(item, "role", ("user", "assistant"), "user"),
            episode=key(item.get("episode"), name="episode") if own else None,
            position=whole(item, "position"),
        )

    def turn_of(self, said: Any, own: bool) -> uuid.UUID | None:
        found = key(said.get("turn_id"), name="turn_id") if said else None
        return found if found is None or own else uuid.uuid5(self.salt, str(found))

    def versions(self, item: Item) -> tuple[tuple[int, str, dt.datetime], ...]:
        listed = item.get("versions") or []
        if not isinstance(listed, list) or len(listed) > MAX_VERSIONS:
            raise InvalidText("Its versions are not a list, or too many.")
        found = []
        for number, version in enumerate(listed, start=1):
            if not isinstance(version, dict):
                raise InvalidText("One of its versions is not an object.")
            at = moment(version.get("created_at"), name="version's created_at")
            if at is None:
                raise InvalidText("One of its versions has no date.")
            found.append((number, valid_text(version.get("text"), what="version"), at))
        return tuple(found)

    # --- Conversations ------------------------------------------------------------------------------------------------
    def chat(self, line: int, item: Item) -> Chat:
        created = moment(item.get("created_at"), name="created_at")
        turns = item.get("turns")
        if created is None or not isinstance(turns, list) or len(turns) > MAX_TURNS:
            raise InvalidText("A chat needs a created_at and a list of turns.")
        title, chat_id, told = item.get("title") or "", self.id_of(item), [self.turn(turn, created) for turn in turns]
        if len({turn["id"] for turn in told}) < len(told):
            raise InvalidText("One of its turns stands there twice.")
        self.once(chat_id)
        return Chat(
            line=line,
            id=chat_id,
            title=valid_text(title, what="title")[:120] if str(title).strip() else "",
            created_at=created,
            updated_at=moment(item.get("updated_at"), name="updated_at") or created,
            turns=tuple(told),
        )

    def turn(self, turn: object, created: dt.datetime) -> dict[str, Any]:
        if not isinstance(turn, dict):
            raise InvalidText("One of its turns is not an object.")
        found = {
            "id": str(self.id_of(turn)),
            "role": word(turn, "role", ("user", "assistant"), "user"),
            "text": _turn_text(turn.get("text")),
            # What was being written when the copy was made ended there.
            "status": word(turn | {"status": turn.get("status") or "done"}, "status", STATUSES, "done"),
            "model": _turn_text(turn.get("model") or "")[:120],
            "created_at": moment(turn.get("created_at"), name="turn's created_at") or created,
            "given": _given(turn),
        }
        if found["status"] == "streaming":
            found["status"] = "stopped"
        if self.own(turn):
            self.marks += _marks(turn, found)
        return found


STATUSES = ("done", "streaming", "stopped", "failed")


def _turn_text(value: object) -> str:
    """A reply may be empty, and longer than a memory; otherwise as checked as one."""
    if not isinstance(value, str) or len(value) > 200_000:
        raise InvalidText("One of its turns has no text, or too much.")
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise InvalidText("One of its turns holds a character that cannot be kept.")
    return value


def _given(turn: Item) -> list[str]:
    """Ids of the memories that a reply was given: an older file tells of those alone that were still there. None of
    them opens anything: they only say when a reply is not to be read again."""
    given, used = turn.get("given") or [], turn.get("used") or []
    if not isinstance(given, list) or not isinstance(used, list) or len(given) > MAX_TURNS:
        raise InvalidText("The memories given to one of its turns are not a list, or too many.")
    named = [*given, *(mark.get("memory_id") for mark in used[:200] if isinstance(mark, dict))]
    return list(dict.fromkeys(str(found) for each in named if (found := key(each, name="memory_id"))))


def _marks(turn: Item, found: Item) -> list[dict[str, Any]]:
    used = turn.get("used") or []
    if not isinstance(used, list) or not all(isinstance(mark, dict) for mark in used):
        raise InvalidText("The memories used in one of its turns are not a list of objects.")
    return [
        {
            "message_id": found["id"],
            "memory_id": str(key(mark.get("memory_id"), name="memory_id") or uuid.uuid4()),
            "rank": min(whole(mark, "rank"), 30_000),
            "score": _score(mark.get("score")),
            "text": valid_text(mark.get("text")),
            "at": found["created_at"],
        }
        for mark in used[:200]
    ]


def _score(value: object) -> float | None:
    """0..1; JSON can also write numbers that are infinite once they are read, and no database takes those."""
    return value if isinstance(value, float) and 0 <= value <= 1 else None


def read(top: Mapping[str, Any], sealed: Sealed) -> Parsed:
    """The memories and conversations of a file we wrote, perhaps changed by hand since."""
    if top.get("version") != 1:
        raise InvalidText("This export was made by a newer memsite; this one reads version 1. Nothing was imported.")
    reader = _Reader(sealed)
    chats = list(_each(reader, top.get("conversations"), reader.chat))
    entries = list(_each(reader, top.get("memories"), reader.entry))
    return Parsed(
        format="A memsite export",
        entries=tuple(entries),
        chats=tuple(chats),
        marks=tuple(reader.marks),
        problems=tuple(reader.problems),
    )


def _each(reader: _Reader, items: object, build: Callable[[int, Item], Any]) -> Iterable[Any]:
    if items is None:
        return
    if not isinstance(items, list):
        raise InvalidText("The memories and conversations of an export are lists. Nothing was imported.")
    for line, item in items:
        try:
            if not isinstance(item, dict):
                raise InvalidText("It is not an object.")
            yield build(line, item)
        except InvalidText as error:
            reader.problems.append(Problem(line=line, sentence=error.fault))
