"""Writes what a person takes with them: JSON (docs/export-format.md), CSV, Markdown. Piece by piece, for any size."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from memories.transfer_types import Exported

FORMAT, VERSION = "memsite-export", 1
Seal = Callable[[str], str]
Chats = Iterable[tuple[dict[str, Any], Iterable[dict[str, Any]]]]
CSV_COLUMNS = (
    "id",
    "text",
    "created_at",
    "updated_at",
    "source",
    "kind",
    "state",
    "expires_at",
    "use_count",
    "last_used_at",
    "chat",
    "said",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20", "'")
"""What makes a spreadsheet read a cell as a formula (OWASP, "CSV Injection"), also in full width; and our own guard."""


# --- JSON -------------------------------------------------------------------------------------------------------------
def as_json(pieces: Iterable[list[Exported]], chats: Chats, seal: Seal, now: dt.datetime) -> Iterator[str]:
    """One memory or turn a line, so that a reader can name the line that is wrong. Chats come first: memories point to
    their turns."""
    head = {"format": FORMAT, "version": VERSION, "exported_at": now}
    yield f'{{\n{_json(head)[1:-1]},\n"conversations": ['
    first = True
    for chat, turns in chats:
        yield from _chat_json(chat, turns, seal, first)
        first = False
    yield '\n],\n"memories": ['
    first = True
    for piece in pieces:
        yield "".join(
            ("\n" if first and not place else ",\n") + _json(_memory(item, seal)) for place, item in enumerate(piece)
        )
        first = first and not piece
    yield "\n]\n}\n"


def _chat_json(chat: dict[str, Any], turns: Iterable[dict[str, Any]], seal: Seal, first: bool) -> Iterator[str]:
    head = chat | {"seal": seal(chat["id"])}
    yield ("\n" if first else ",\n") + _json(head)[:-1] + ', "turns": ['
    for place, turn in enumerate(turns):
        yield (",\n" if place else "\n") + _json(turn | {"seal": seal(turn["id"])})
    yield "\n]}"


def _memory(item: Exported, seal: Seal) -> dict[str, Any]:
    memory = item.memory
    return {
        "id": memory.id,
        "seal": seal(memory.id),
        "text": memory.memory,
        "created_at": memory.created_at,
        "updated_at": memory.updated_at,
        "source": memory.source,
        "kind": memory.kind,
        "state": memory.state,
        "expires_at": memory.expires_at,
        "use_count": memory.use_count,
        "last_used_at": memory.last_used_at,
        "version": memory.version,
        "versions": [
            {"number": kept.number, "text": kept.new_memory, "created_at": kept.created_at} for kept in item.versions
        ],
        "role": item.role,
        "episode": item.episode,
        "position": item.position,
        "said": {
            "conversation_id": item.said.conversation_id,
            "title": item.said.title,
            "turn_id": item.said.message_id,
            "text": item.said.text,
        }
        if item.said
        else None,
    }


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    """Moments to the microsecond, in UTC. (Django's own encoder cuts them to milliseconds.)"""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    raise TypeError(f"{type(value).__name__} has no place in an export")


# --- CSV --------------------------------------------------------------------------------------------------------------
def as_csv(pieces: Iterable[list[Exported]]) -> Iterator[str]:
    """Memories alone, a row each. A cell that a spreadsheet would run as a formula is led by an apostrophe."""
    yield _rows([CSV_COLUMNS])
    for piece in pieces:
        yield _rows(_csv_row(item) for item in piece)


def _csv_row(item: Exported) -> tuple[object, ...]:
    memory, said = item.memory, item.said
    return (
        memory.id,
        memory.memory,
        memory.created_at.isoformat(),
        memory.updated_at.isoformat(),
        memory.source,
        memory.kind,
        memory.state,
        memory.expires_at.isoformat() if memory.expires_at else "",
        memory.use_count,
        memory.last_used_at.isoformat() if memory.last_used_at else "",
        said.title if said else "",
        said.text if said else "",
    )


def _rows(rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([defused(str(value)) for value in row])
    return out.getvalue()


def defused(cell: str) -> str:
    """The cell, led by an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def undefused(cell: str) -> str:
    """What `defused` was given."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


# --- Markdown ---------------------------------------------------------------------------------------------------------
def as_markdown(pieces: Iterable[list[Exported]], chats: Chats, now: dt.datetime) -> Iterator[str]:
    """To be read by people. The words of a memory or turn stay inside their list item or quotation."""
    yield f"# What memsite remembers\n\nTaken on {now:%-d %B %Y}.\n"
    for piece in pieces:
        yield "".join(map(_markdown_item, piece))
    first = True
    for chat, turns in chats:
        yield ("\n# Chats\n" if first else "") + f"\n## {_one_line(chat['title']) or 'A chat'}\n"
        first = False
        for turn in turns:
            who = "You" if turn["role"] == "user" else "Assistant"
            quoted = "\n".join(f"> {line}" for line in turn["text"].splitlines() or [""])
            yield f"\n**{who}, {turn['created_at']:%-d %B %Y %H:%M}**\n\n{quoted}\n"


def _markdown_item(item: Exported) -> str:
    memory = item.memory
    words = "\n  ".join(line for line in memory.memory.splitlines() if line.strip())
    notes = [memory.kind, memory.source if memory.source != "chat" else "", f"{memory.created_at:%-d %B %Y}"]
    notes += ["waiting for review"] if memory.state == "review" else ["paused"] if memory.state == "paused" else []
    notes += [f"until {memory.expires_at:%-d %B %Y}"] if memory.expires_at else []
    return f"\n- {words}\n  *{', '.join(note for note in notes if note)}*\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())
