"""Lists that people keep in a text file, a Markdown file or a table."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence

from memories.errors import InvalidText
from memories.exports import undefused
from memories.imports.fields import moment, word
from memories.imports.located import lines_of
from memories.transfer_types import Entry, Parsed, Problem
from memories.validation import valid_text

TEXT_COLUMNS = ("text", "memory", "content", "fact")
_MARKER = re.compile(r"^\s*(?:[-*+•]|\d{1,4}[.)])\s+(?:\[[ xX]\]\s+)?")
_NOTE = re.compile(r"^\s+\*[^*]+\*\s*$")
_STAMP = re.compile(r"^\[?(\d{4}-\d{2}-\d{2})\]?\s*(?:[-:–]\s*)?")
"""The date that assistants put before what they saved: "[2025-03-14]. User is ..."."""


def cleaned(line: str) -> str:
    """The line without its list marker, bold marks and leading date."""
    text = _MARKER.sub("", line).strip().removeprefix("**").removesuffix("**")
    stripped = _STAMP.sub("", text).removeprefix(".").strip()
    return stripped or text


def stamped(line: str) -> dt.datetime | None:
    """The day that stands before the words; None for none, and for one that cannot be."""
    found = _STAMP.match(_MARKER.sub("", line).strip().removeprefix("**"))
    try:
        return moment(found[1], name="date") if found else None
    except InvalidText:
        return None


def from_lines(text: str) -> Parsed:
    """One memory a line. Headings, rules, quotations and the notes of our own Markdown are not memories."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    refused = False
    for number, line in lines_of(text):
        if line.lstrip().startswith(("# ", "## ", "### ", ">", "```", "---", "***", "===")) or _NOTE.match(line):
            if line.strip() == "# Chats":
                break
            continue
        if line.startswith("  ") and (entries or refused) and not _MARKER.match(line):
            if refused:  # It belongs to what was refused, and not to the memory before that.
                continue
            try:
                _go_on(entries, line)
            except InvalidText as error:
                problems.append(Problem(line=number, sentence=f"With the line above it: {error.fault}"))
            continue
        words = cleaned(line)
        if not words or (line.lstrip().startswith("**") and line.rstrip().endswith("**")):
            continue
        if number <= 4 and line.startswith("Taken on "):
            continue
        try:
            entries.append(Entry(line=number, text=valid_text(words), created_at=stamped(line)))
            refused = False
        except InvalidText as error:
            refused = True
            problems.append(Problem(line=number, sentence=error.fault))
    return Parsed(format="A list, one memory a line", entries=tuple(entries), problems=tuple(problems))


def _go_on(entries: list[Entry], line: str) -> None:
    """An indented line belongs to the memory above it."""
    last = entries[-1]
    entries[-1] = dataclasses.replace(last, text=valid_text(f"{last.text}\n{line.strip()}"))


def looks_like_csv(text: str) -> bool:
    """Whether the first line names columns, one of them a memory's text."""
    first = next((line for _, line in lines_of(text[:10_000])), "")
    names = [name.strip().strip('"').lower() for name in re.split(r"[,;\t]", first)]
    return len(names) > 1 and any(name in names for name in TEXT_COLUMNS)


def from_csv(text: str) -> Parsed:
    """A table whose first row names its columns; text (or memory, content, fact) must be one of them."""
    first = next((line for _, line in lines_of(text)), "")
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    entries: list[Entry] = []
    problems: list[Problem] = []
    names: Sequence[str] = ()
    line = 1
    try:
        for row in reader:
            if not names:
                names = _columns(row)
            elif any(cell.strip() for cell in row):
                _add(entries, problems, line, dict(zip(names, map(undefused, row), strict=False)))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(line=line, sentence=f"From here on the table cannot be read: {error}."))
    return Parsed(format="A table (CSV)", entries=tuple(entries), problems=tuple(problems))


def _columns(row: Sequence[str]) -> list[str]:
    names = [name.strip().lower() for name in row]
    column = next((name for name in TEXT_COLUMNS if name in names), None)
    if column is None:
        raise InvalidText(f"The table's first row names no column {', '.join(TEXT_COLUMNS)}. Nothing was imported.")
    return ["text" if name == column else name for name in names]


def _add(entries: list[Entry], problems: list[Problem], line: int, item: Mapping[str, str]) -> None:
    try:
        entries.append(
            Entry(
                line=line,
                text=valid_text(item.get("text")),
                kind=word(item, "kind", ("stated", "inferred"), "stated"),  # type: ignore[arg-type]
                state=word(item, "state", ("active", "paused", "review"), "active"),  # type: ignore[arg-type]
                created_at=moment(item.get("created_at"), name="created_at"),
                updated_at=moment(item.get("updated_at"), name="updated_at"),
                expires_at=moment(item.get("expires_at"), name="expires_at", future=True),
            )
        )
    except InvalidText as error:
        problems.append(Problem(line=line, sentence=error.fault))
