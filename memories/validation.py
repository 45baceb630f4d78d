"""The checks at the door: text that can be kept, and ids that can be an id."""

from __future__ import annotations

import unicodedata
import uuid

from memories.errors import InvalidText, MemoryNotFound

MAX_TEXT = 8_000
"""Characters in one memory or message."""
MAX_MARKS = 30
"""On one letter, as the Stream-Safe Text Format has it (Unicode Standard Annex 15, section 13): no language needs more,
and to put thousands in order takes seconds in which the process does nothing else."""


def valid_text(text: object, *, what: str = "memory") -> str:
    """The text in NFC, without white space around it. InvalidText, in words, for what cannot be kept."""
    if not isinstance(text, str):
        raise InvalidText(f"A {what} has to be text.")
    # Before anything else: normalising and stripping 100 MB would be work for nothing.
    if len(text) > 4 * MAX_TEXT:
        raise InvalidText(
            f"This is too long: a {what} holds up to {MAX_TEXT:,} characters.", "Nothing was saved; shorten it."
        )
    if "\x00" in text:
        raise InvalidText(f"A {what} cannot hold the NUL character.", "Remove it and try again.")
    # Most text is plain ASCII, which Python knows without looking: nothing to normalise then, and no half characters.
    plain = text.isascii()
    if not plain and any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidText(f"This {what} holds half of a character (a lone surrogate).", "Remove it and try again.")
    if not plain and _overlaid(text):
        raise InvalidText(f"This {what} heaps more than {MAX_MARKS} marks on one letter.", "Remove some and try again.")
    clean = (text if plain else unicodedata.normalize("NFC", text)).strip()
    if not any(unicodedata.category(character)[0] not in "CZ" for character in clean):
        raise InvalidText(f"A {what} cannot be empty.", "Write something first.")
    if len(clean) > MAX_TEXT:
        raise InvalidText(
            f"This is too long: a {what} holds up to {MAX_TEXT:,} characters, this has {len(clean):,}.",
            "Nothing was saved; shorten it and try again.",
        )
    return clean


def _overlaid(text: str) -> bool:
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > MAX_MARKS:
            return True
    return False


def valid_query(query: object) -> str:
    """A search text; white space alone is allowed and finds nothing. InvalidText as for a memory."""
    if isinstance(query, str) and not query.strip():
        return ""
    return valid_text(query, what="search")


def valid_id(value: object) -> uuid.UUID:
    """The id, in its one canonical form. MemoryNotFound for anything else, as for an id that is not there."""
    if isinstance(value, uuid.UUID):
        return value
    if not isinstance(value, str) or len(value) != 36:
        raise MemoryNotFound
    try:
        parsed = uuid.UUID(value)
    except ValueError:
        raise MemoryNotFound from None
    # uuid.UUID also reads braces, "urn:" and missing dashes: one id, one spelling.
    if str(parsed) != value.lower():
        raise MemoryNotFound
    return parsed
