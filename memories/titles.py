"""A title for a conversation, from its first turn."""

from __future__ import annotations

import re

LENGTH = 60
_POLITE = re.compile(
    r"^(?:(?:hi|hello|hey|good (?:morning|evening|afternoon))(?: there)?[,!. ]+|"
    r"(?:please|can you|could you|would you|will you|kindly)[, ]+(?:please[, ]+)?|by the way[, ]+)",
    re.IGNORECASE,
)
_AFTERTHOUGHT = re.compile(r"[.,;!]?\s*(?:please\s+)?remember (?:that|this|it)\b[.! ]*$", re.IGNORECASE)
# "Dr. Who" is no end: what follows has to be long enough to stand, and what comes before too.
_FIRST = re.compile(r"(.{12,}?[a-z0-9)][.!?])\s+(?=\S{2,}\s)")


def title_of(text: str) -> str:
    """The first line without greetings, cut at a word, at most 61 characters; "New chat" where nothing is left."""
    line = next((line for line in text.splitlines() if line.strip()), "")
    line = " ".join(line.strip(" #*->`\t").split())
    sentence = _FIRST.match(line)
    line = sentence[1] if sentence else line
    line = _AFTERTHOUGHT.sub("", _POLITE.sub("", line)).strip(" ,;:") or line
    if len(line) > LENGTH:
        cut = line[: LENGTH + 1].rsplit(" ", 1)[0] if " " in line[: LENGTH + 1] else line[:LENGTH]
        line = cut.rstrip(" ,;:.") + "…"
    line = line.rstrip(".")
    return line[:1].upper() + line[1:] or "New chat"
