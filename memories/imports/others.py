"""What other products write, as far as it is known: ChatGPT, Claude, mem0, and lists of memories in JSON.

ChatGPT: an archive with conversations.json (or conversations-000.json and on), a list of chats, each a tree: a
`mapping` of nodes with a `message` and a `parent`. The chat as it was last seen goes from `current_node` to the root;
the other branches are turns done over. What its memory kept are messages to the recipient "bio", and the list that a
chat was given, a `model_editable_context`: the newest is how it ended. What the person wrote about themselves in the
settings is a `user_editable_context`.
Claude: an archive with conversations.json, a list of chats with `chat_messages`, and memories.json or memories/*.json,
with a `conversations_memory`, a text with headings, and `project_memories`.
From chats the statements of the person alone are taken, by the same rules as in our own chat.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from memories.assistant.facts import facts
from memories.errors import InvalidText
from memories.imports.fields import OLDEST, moment
from memories.imports.located import lines_of
from memories.imports.plain import cleaned, from_lines, stamped
from memories.transfer_types import Entry, Parsed, Problem
from memories.validation import MAX_TEXT, valid_text

Items = Sequence[tuple[int, Any]]
TEXTS = ("text", "memory", "content", "data", "fact")
LISTS = ("memories", "results", "items", "data", "conversations", "")


Given = Mapping[str, tuple[dt.datetime, int, str]]
"""What a product's chats were given of its own memory, by name: when, the line, the text."""


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """One file of an archive, or the only one."""

    parsed: Parsed
    given: Given = dataclasses.field(default_factory=dict)
    """The newest of this file; of an archive that is split the newest of all counts."""


def from_top(top: Mapping[str, Any]) -> Part:
    """A JSON document that is not ours."""
    if isinstance(top.get("conversations_memory"), str):
        return from_items([(1, dict(top))])
    for name in LISTS:
        if isinstance(top.get(name), list):
            return from_items(top[name])
    raise InvalidText("This JSON holds no list of memories or chats. Nothing was imported.")


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


def from_items(items: Items) -> Part:
    """A list: of chats, of memories as objects, or of texts."""
    kinds = [(_kind(item), line, item) for line, item in items]
    entries: list[Entry] = []
    problems: list[Problem] = []
    for kind, line, item in kinds:
        try:
            entries += READERS[kind](line, item)
        except InvalidText as error:
            problems.append(Problem(line=line, sentence=error.fault))
        except RecursionError:
            problems.append(Problem(line=line, sentence="It is nested too deeply to be read."))
    name = next((NAMES[kind] for kind, _, _ in kinds if kind in NAMES), "A list of memories")
    given = _newest([(line, item) for kind, line, item in kinds if kind == "chatgpt"])
    return Part(Parsed(format=name, entries=tuple(entries), problems=tuple(problems)), given)


def joined(files: Sequence[Part]) -> Parsed:
    """What the files of one archive hold together."""
    parts = [file.parsed for file in files]
    names = {name for file in files for name in file.given}
    # Of the same moment the first stands, as within one file.
    given = {name: max((f.given[name] for f in files if name in f.given), key=lambda kept: kept[0]) for name in names}
    return Parsed(
        format=next((part.format for part in parts if part.format in NAMES.values()), parts[0].format),
        entries=(*(entry for part in parts for entry in part.entries), *_given(given)),
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
    seen = _branch(item)
    for key, message in _messages(item):
        author, content = message.get("author"), message.get("content")
        role = author.get("role") if isinstance(author, dict) else ""
        text = _parts(content.get("parts")) if isinstance(content, dict) else ""
        at = message.get("create_time")
        if message.get("recipient") == "bio" and text.strip():
            yield Entry(line=line, text=valid_text(cleaned(text)), created_at=_when(at) or stamped(text))
        elif role == "user" and key in seen and not _hidden(message):
            yield from _said(line, text, at)


def _messages(item: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for key, node in item["mapping"].items():
        message = node.get("message") if isinstance(node, dict) else None
        if isinstance(message, dict):
            yield key, message


def _branch(item: Mapping[str, Any]) -> Collection[str]:
    """The nodes from the last one seen to the root; all where the export does not say."""
    mapping, key = item["mapping"], item.get("current_node")
    found: set[str] = set()
    while isinstance(key, str) and key not in found and isinstance(mapping.get(key), dict):
        found.add(key)
        key = mapping[key].get("parent")
    return found or mapping.keys()


def _hidden(message: Mapping[str, Any]) -> bool:
    """Whether the product put it there and showed it to nobody."""
    notes = message.get("metadata")
    return isinstance(notes, dict) and bool(notes.get("is_visually_hidden_from_conversation"))


def _newest(chats: Items) -> Given:
    """What the newest chat was given of the product's memory and of the person's own settings. Older ones hold what was
    deleted or changed since."""
    newest: dict[str, tuple[dt.datetime, int, str]] = {}
    for line, item in chats:
        for _, message in _messages(item):
            content = message.get("content")
            for name in ("model_set_context", "user_profile"):
                text = content.get(name) if isinstance(content, dict) else None
                at = _when(message.get("create_time")) or _when(item.get("create_time")) or OLDEST
                if isinstance(text, str) and (name not in newest or at > newest[name][0]):
                    newest[name] = (at, line, text)
    return newest


def _given(newest: Given) -> Iterator[Entry]:
    if "model_set_context" in newest:
        _, line, text = newest["model_set_context"]
        yield from (dataclasses.replace(entry, line=line) for entry in from_lines(text).entries)
    if "user_profile" in newest:
        at, line, text = newest["user_profile"]
        # The product wraps what was typed in a sentence of its own and a fence.
        yield from _said(line, text.split("```")[1] if text.count("```") > 1 else text, at.isoformat())


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
