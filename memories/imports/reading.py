"""From a file's bytes to what it holds: finds out the format, unpacks an archive within bounds."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath

from memories.errors import InvalidText
from memories.imports import others, ours, plain
from memories.imports.located import Located
from memories.transfer_types import Parsed

MAX_BYTES = 32 * 1024 * 1024
"""Of a file, and of each file in an archive."""
MAX_UNPACKED = 64 * 1024 * 1024
"""Of all that is read from an archive."""
MEASURED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Python unpacks other kinds a whole block at once, however little of it is read: of some hundred bytes it makes
gigabytes in memory."""
MAX_MEMBERS = 5_000
MAX_ENTRIES = 20_000
Sealed = Callable[[object, object], bool]


def read(data: bytes, name: str, *, sealed: Sealed) -> Parsed:
    """What the file holds. `sealed` tells whether an id and its mark are the reader's own.

    InvalidText, in words, when nothing of it can be read; an entry that cannot be read alone becomes a Problem.
    """
    if len(data) > MAX_BYTES:
        raise InvalidText(f"This file is larger than {MAX_BYTES // 1024 // 1024} MB. Split it and import the parts.")
    found = _archive(data, sealed) if data[:4] == b"PK\x03\x04" else _file(data, name, sealed)
    if len(found.entries) > MAX_ENTRIES:
        raise InvalidText(
            f"This file holds {len(found.entries):,} entries; {MAX_ENTRIES:,} fit at once. Nothing was imported."
        )
    if not found.entries and not found.chats and not found.problems:
        raise InvalidText("No memories were found in this file. Nothing was imported.")
    return found


def _file(data: bytes, name: str, sealed: Sealed) -> Parsed:
    text = decoded(data)
    start = text.lstrip()[:1]
    ending = PurePosixPath(name.lower()).suffix
    if start in ("{", "[") and ending not in (".csv", ".txt", ".md") and ending != ".jsonl":
        return others.joined([_json(text, sealed)])
    if ending == ".json":
        Located(text).top()
    if ending in (".csv", ".tsv") or plain.looks_like_csv(text):
        return plain.from_csv(text)
    return plain.from_lines(text)


def _json(text: str, sealed: Sealed) -> others.Part:
    if others.is_json_lines(text):
        return others.from_items(others.json_lines(text))
    top = Located(text).top()
    if top.get("format") == ours.FORMAT:
        return others.Part(ours.read(top, sealed))
    return others.from_top(top)


def _archive(data: bytes, sealed: Sealed) -> Parsed:
    """A ZIP: our own export, ChatGPT's or Claude's. Nothing is written to disk, and sizes are counted while unpacking:
    what the archive says of itself is not believed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise InvalidText(f"This archive holds more than {MAX_MEMBERS:,} files. Nothing was imported.")
            texts = _unpacked(archive, [member for member in members if _wanted(member.filename)])
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise InvalidText("This archive is damaged or locked, and cannot be read. Nothing was imported.") from error
    if not texts:
        raise InvalidText("This archive holds no conversations.json, memories.json or memsite export.")
    return others.joined([_json(text, sealed) for text in texts])


def _wanted(path: str) -> bool:
    name = PurePosixPath(path).name.lower()
    known = name.startswith(("conversations", "memories", "memsite")) or "/memories/" in f"/{path.lower()}"
    return known and name.endswith(".json")


def _unpacked(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> list[str]:
    texts, left = [], MAX_UNPACKED
    for member in members:
        if member.compress_type not in MEASURED:
            raise InvalidText("This archive is packed in an unusual way. Make a plain ZIP of it. Nothing was imported.")
        with archive.open(member) as file:
            data = file.read(min(MAX_BYTES, left) + 1)
        left -= len(data)
        if len(data) > MAX_BYTES or left < 0:
            raise InvalidText(
                f"Unpacked, this archive is larger than {MAX_UNPACKED // 1024 // 1024} MB. Nothing was imported."
            )
        texts.append(decoded(data))
    return texts


def decoded(data: bytes) -> str:
    """The text, from UTF-8 or, with its mark, UTF-16. InvalidText names the line that is neither."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise InvalidText("This file is not whole UTF-16 text. Save it as UTF-8 and try again.") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidText(f"Line {line:,} is not UTF-8 text. Save the file as UTF-8 and try again.") from error
