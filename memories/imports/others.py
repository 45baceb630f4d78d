"""What other products write, as far as it is known: ChatGPT, Claude, mem0, and lists of memories in JSON.

ChatGPT: an archive with conversations.json (or conversations-000.json and on): a list of chats, each with a `mapping`
of nodes, each with a `message`; what its memory kept are messages to the recipient "bio".
Claude: an archive with conversations.json, a list of chats with `chat_messages`; and memories.json, a list with one
`conversations_memory`, a text with headings.
From chats the statements of the person alone are taken, by the same rules as in our own chat.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from memories.assistant.facts import facts
from memories.data_types import Entry, Parsed, Problem
from memories.errors import InvalidText
from memories.imports.fields import moment
from memories.imports.located import lines_of
from memories.imports.plain import cleaned, from_lines
from memories.validation import MAX_TEXT, valid_text

Items = Sequence[tuple[int, Any]]
TEXTS = ("text", "memory", "content", "data", "fact")
LISTS = ("memories", "results", "items", "data", "")


def from_top(top: Mapping[str, Any]) -> Parsed:
    """A JSON document that is not ours."""
    if isinstance(top.get("conversations_memory"), str):
        return from_items([(1, dict(top))])
    for name in LISTS:
        if isinstance(top.get(name), list):
            return from_items(top[name])
    raise InvalidText("This JSON holds no list of memories or conversations. Nothing was imported.")


def is_json_lines(text: str) -> bool:
    """Whether each of the first lines is an object of its own."""
    lines = [line for _, line in lines_of(text[:100_000])][:2]
    return len(lines) == 2 and all(line.strip().startswith("{") and line.strip().endswith("}") for line in lines)


def json_lines(text: str) -> list[tuple[int, Any]]:
    """One object a line. One that cannot be read stands as None."""
    found: list[tuple[int, Any]] = []
    for number, line in lines_of(text):
        try:
            found.append((number, json.loads(line)))
        except (ValueError, RecursionError):
            found.append((number, None))
    return found


def from_items(items: Items) -> Parsed:
    """A list: of chats, of memories as objects, or of texts."""
    kinds = [(_kind(item), line, item) for line, item in items]
    entries: list[Entry] = []
    problems: list[Problem] = []
    for kind, line, item in kinds:
        try:
            entries += READERS[kind](line, item)
        except InvalidText as error:
            problems.append(Problem(line=line, sentence=str(error)))
        except RecursionError:
            problems.append(Problem(line=line, sentence="It is nested too deeply to be read."))
    name = next((NAMES[kind] for kind, _, _ in kinds if kind in NAMES), "A list of memories")
    return Parsed(format=name, entries=tuple(entries), problems=tuple(problems))


def joined(parts: Sequence[Parsed]) -> Parsed:
    """What the files of one archive hold together."""
    return Parsed(
        format=next((part.format for part in parts if part.format in NAMES.values()), parts[0].format),
        entries=tuple(entry for part in parts for entry in part.entries),
        chats=tuple(chat for part in parts for chat in part.chats),
        marks=tuple(mark for part in parts for mark in part.marks),
        problems=tuple(problem for part in parts for problem in part.problems),
    )


def _kind(item: object) -> str:
    if isinstance(item, str):
        return "text"
    if not isinstance(item, dict):
        return "nothing"
    if isinstance(item.get("mapping"), dict):
        return "chatgpt"
    if isinstance(item.get("chat_messages"), list):
        return "claude"
    return "claude memory" if "conversations_memory" in item else "memory"


def _text(line: int, item: str) -> Iterator[Entry]:
    yield Entry(line=line, text=valid_text(item))


def _nothing(line: int, item: object) -> Iterator[Entry]:
    raise InvalidText("It is neither a text nor an object that could be a memory.")


def _memory(line: int, item: Mapping[str, Any]) -> Iterator[Entry]:
    text = next((item[name] for name in TEXTS if isinstance(item.get(name), str)), None)
    if text is None:
        raise InvalidText(f"It has none of the members {', '.join(TEXTS)} that could be its text.")
    created = moment(item.get("created_at") or item.get("date"), name="created_at")
    yield Entry(
        line=line,
        text=valid_text(text),
        created_at=created,
        updated_at=moment(item.get("updated_at"), name="updated_at"),
    )


def _claude_memory(line: int, item: Mapping[str, Any]) -> Iterator[Entry]:
    projects = item.get("project_memories")
    texts = [item.get("conversations_memory"), *(projects.values() if isinstance(projects, dict) else ())]
    for text in texts:
        if isinstance(text, str):
            # The product wrote these about the person: concluded, not said.
            for entry in from_lines(text).entries:
                for sentence in _sentences(entry.text):
                    yield Entry(line=line, text=sentence, kind="inferred")


def _sentences(text: str) -> Iterator[str]:
    """A paragraph cut where a sentence ends, so that each can be corrected or forgotten alone."""
    start = 0
    for place in range(1, len(text) - 2):
        if text[place] in ".!?" and text[place + 1] == " " and text[place + 2].isupper() and text[place - 1].islower():
            yield text[start : place + 1].strip()
            start = place + 2
    if text[start:].strip():
        yield text[start:].strip()


def _claude_chat(line: int, item: Mapping[str, Any]) -> Iterator[Entry]:
    for message in item["chat_messages"]:
        if isinstance(message, dict) and message.get("sender") == "human":
            text = message.get("text") or _parts(message.get("content"))
            yield from _said(line, text, message.get("created_at"))


def _chatgpt(line: int, item: Mapping[str, Any]) -> Iterator[Entry]:
    for node in item["mapping"].values():
        message = node.get("message") if isinstance(node, dict) else None
        if not isinstance(message, dict):
            continue
        author, content = message.get("author"), message.get("content")
        role = author.get("role") if isinstance(author, dict) else ""
        text = _parts(content.get("parts")) if isinstance(content, dict) else ""
        if message.get("recipient") == "bio" and text.strip():
            yield Entry(line=line, text=valid_text(cleaned(text)), created_at=_when(message.get("create_time")))
        elif role == "user":
            yield from _said(line, text, message.get("create_time"))


def _parts(parts: object) -> str:
    """The texts among the parts of a message; pictures and files are left out."""
    if not isinstance(parts, list):
        return ""
    texts = [part.get("text") if isinstance(part, dict) else part for part in parts]
    return "\n".join(text for text in texts if isinstance(text, str))


def _said(line: int, text: object, at: object) -> Iterator[Entry]:
    if not isinstance(text, str) or not text.strip() or len(text) > MAX_TEXT:
        return
    try:
        clean = valid_text(text, what="message")
    except InvalidText:
        return
    for fact in facts(clean):
        yield Entry(line=line, text=fact.text, kind=fact.kind, created_at=_when(at))


def _when(value: object) -> dt.datetime | None:
    """A date that cannot be read is no reason to leave out what was said."""
    try:
        return moment(value, name="date")
    except InvalidText:
        return None


READERS: Mapping[str, Any] = {
    "text": _text,
    "nothing": _nothing,
    "memory": _memory,
    "chatgpt": _chatgpt,
    "claude": _claude_chat,
    "claude memory": _claude_memory,
}
NAMES = {"chatgpt": "ChatGPT's export", "claude": "Claude's export", "claude memory": "Claude's export"}
