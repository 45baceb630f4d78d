"""What programs send and get, as JSON Schema; and the part of JSON Schema that these use, checked."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from memories.data_forms import ORDERS
from memories.types import Memory, Version
from memories.validation import MAX_TEXT

Schema = Mapping[str, Any]

MOMENT: Schema = {"type": "string", "format": "date-time"}
MAYBE_MOMENT: Schema = {"type": ["string", "null"], "format": "date-time"}
ID: Schema = {"type": "string", "format": "uuid", "description": "A memory's id."}
TEXT: Schema = {"type": "string", "minLength": 1, "maxLength": MAX_TEXT}
NUMBER: Schema = {"type": "integer", "minimum": 0}
VERSION: Schema = {"type": "integer", "minimum": 1, "maximum": 1_000_000_000}
SOURCE: Schema = {"type": "string", "enum": ["chat", "typed", "imported", "program"]}
KIND: Schema = {"type": "string", "enum": ["stated", "inferred"]}
STATE: Schema = {"type": "string", "enum": ["active", "paused", "review"]}
DAY: Schema = {"type": "string", "format": "date"}


def closed(properties: Schema, *required: str) -> Schema:
    """An object with these properties and no others."""
    shape: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return shape | ({"required": list(required)} if required else {})


def whole(properties: Schema) -> Schema:
    """An object that has each of these properties, always."""
    return closed(properties, *properties)


def several(item: Schema) -> Schema:
    return {"type": "array", "items": item}


_MEMORY: dict[str, Schema] = {
    "id": ID,
    "text": {"type": "string"},
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "source": SOURCE,
    "kind": KIND,
    "state": STATE,
    "expires_at": MAYBE_MOMENT,
    "use_count": NUMBER,
    "last_used_at": MAYBE_MOMENT,
    "version": VERSION,
}
MEMORY = whole(_MEMORY)
FOUND = closed({**_MEMORY, "score": {"type": "number", "minimum": 0, "maximum": 1}}, *_MEMORY, "score")
_TEXTS: dict[str, Schema] = {"number": VERSION, "text": {"type": "string"}, "created_at": MOMENT}
HISTORY = whole({"versions": several(whole(_TEXTS))})
_PAGE: dict[str, Schema] = {
    "items": several(MEMORY),
    "total": NUMBER,
    "page": VERSION,
    "pages": VERSION,
    "next": {"type": ["integer", "null"], "description": "The next page's number; null on the last one."},
}
PAGE = whole(_PAGE)
FILTERS = closed(
    {
        "source": SOURCE,
        "kind": KIND,
        "state": STATE,
        "expiring": {"type": "boolean", "description": "Only those with an end."},
        "since": {**DAY, "description": "Saved on this day or later."},
        "until": {**DAY, "description": "Saved on this day or before."},
        "order": {"type": "string", "enum": list(ORDERS)},
        "page": {"type": "integer", "minimum": 1, "maximum": 1_000_000},
        "size": {"type": "integer", "minimum": 1, "maximum": 200, "description": "How many a page; 25 if not given."},
    }
)


def told(memory: Memory) -> dict[str, Any]:
    """A memory as programs get it; nothing of the chat it was said in."""
    return {name: memory["memory" if name == "text" else name] for name in _MEMORY}


def text_told(version: Version) -> dict[str, Any]:
    return {"number": version.number, "text": version.new_memory, "created_at": version.created_at.isoformat()}


# --- Checking ---------------------------------------------------------------------------------------------------------
KINDS: dict[str, type] = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
FORMATS: dict[str, Callable[[str], Any]] = {"date": dt.date.fromisoformat, "uuid": uuid.UUID}


def misfit(schema: Schema, value: Any, name: str = "what was sent") -> str:
    """What is wrong, as a sentence that repeats nothing of the value; "" where it fits."""
    kind = schema["type"]
    # JSON has these types and no subclasses; in Python a bool is an int.
    if type(value) is not KINDS[kind]:
        return f"{name} has to be of type {kind}."
    if "enum" in schema and value not in schema["enum"]:
        return f"{name} has to be one of: {', '.join(schema['enum'])}."
    if kind == "object":
        return _object(schema, value, name)
    if kind == "array":
        return _array(schema, value, name)
    return _range(schema, value, name) if kind == "integer" else _string(schema, value, name)


def _object(schema: Schema, value: Any, name: str) -> str:
    known = schema["properties"]
    missing = [word for word in schema.get("required", ()) if word not in value]
    if missing:
        return f"{name} lacks {missing[0]}."
    if not value.keys() <= known.keys():
        return f"{name} may hold {', '.join(known)}, and nothing else." if known else f"{name} has to be empty."
    return next((wrong for word, inner in value.items() if (wrong := misfit(known[word], inner, word))), "")


def _array(schema: Schema, value: Any, name: str) -> str:
    most = schema.get("maxItems", len(value))
    if not value or len(value) > most:
        return f"{name} has to hold 1 to {most} entries."
    return next((wrong for inner in value if (wrong := misfit(schema["items"], inner, f"an entry of {name}"))), "")


def _range(schema: Schema, value: Any, name: str) -> str:
    least, most = schema.get("minimum", value), schema.get("maximum", value)
    return "" if least <= value <= most else f"{name} has to be from {least} to {most}."


def _string(schema: Schema, value: Any, name: str) -> str:
    read = FORMATS.get(schema.get("format", ""))
    if read is not None:
        try:
            read(value)
        except ValueError:
            return f"{name} has to be a {schema['format']}."
    # How long a text may be is decided at the door, in its own words.
    return ""
