"""Writes the replies of the offline assistant: deterministic, and never more than the data says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from memories.assistant.quoting import cited, quoted
from memories.assistant.reading import Intent, Reading
from memories.assistant.smalltalk import Small
from memories.types import Memory

__all__ = [
    "compose",
    "compose_forget_question",
    "compose_forgotten",
    "compose_kept",
    "compose_nothing_to_forget",
    "compose_overview",
    "compose_wipe",
    "quoted",
]

MAX_RECALLED = 5
"""Memories brought up in one reply."""

_SMALL = {
    Small.GREETING: "Hello! Tell me something about yourself, or ask me what I remember.",
    Small.THANKS: "You're welcome!",
    Small.GOODBYE: "Goodbye! Your memories stay with you until you delete them.",
    Small.HOW_ARE_YOU: "I'm ready, thank you. What is on your mind?",
    Small.ABOUT_YOU: (
        "I'm the assistant of this site. I remember what you tell me about yourself and bring it up when you ask. "
        'Try "I am vegetarian", "What do you know about me?" or "Forget that I am vegetarian".'
    ),
    Small.SORRY: "No harm done.",
    Small.PRAISE: "Glad to hear it!",
    Small.OK: "All right.",
    Small.UNCLEAR: "I could not read anything in that. Tell me something about yourself, or ask me what I remember.",
}
_NOTHING_STATED = "I saved nothing from that. I keep what you tell me about yourself, such as: I am vegetarian."
_NOTHING_KNOWN = "I only know what you have told me, and nothing you told me is about that."


def compose(
    reading: Reading,
    *,
    saved: Sequence[Memory] = (),
    known: Sequence[Memory] = (),
    refused: Sequence[str] = (),
    failed: Sequence[str] = (),
    full: bool = False,
    recalled: Sequence[Memory] = (),
    forgotten: Sequence[str] = (),
    now: dt.datetime,
) -> str:
    """The reply to a message, as short Markdown.

    `saved` were stored just now, `known` were there before, `refused` the person once asked to forget, `failed`
    could not be stored (`full`: for want of room), `forgotten` were deleted just now; `recalled` bear on the question,
    best first. `now` is aware, in the person's time zone. Overviews and forgetting have functions of their own.
    """
    parts = [
        compose_forgotten(forgotten) if forgotten else "",
        _saved(saved),
        _known(known, now),
        _refused(refused),
        _failed(failed, full),
    ]
    if reading.question:
        new = {memory.id for memory in saved}
        parts.append(_answer([memory for memory in recalled if memory.id not in new], bool(saved or known), now))
    said = "\n\n".join(part for part in parts if part)
    return said or _small(reading)


def compose_overview(memories: Sequence[Memory], total: int, url: str) -> str:
    """What is remembered: the stored texts themselves, of `total`, with the page that has them all."""
    link = f"[Your data]({url})"
    if not total:
        return f"I remember nothing about you yet. What you tell me will be listed under {link}."
    shown = "\n".join(f"- {quoted(memory.memory)}" for memory in memories)
    if total == 1:
        return f"I remember one thing about you:\n\n{shown}\n\nYou can change or delete it under {link}."
    head = f"I remember {total} things about you"
    head += ":" if len(memories) >= total else f". Here are {len(memories)} of them:"
    return f"{head}\n\n{shown}\n\nAll of them, to change or delete, are under {link}."


def compose_forget_question(candidates: Sequence[Memory]) -> str:
    """Quotes what would be deleted and asks; with several they are numbered, so that one can be picked."""
    if len(candidates) == 1:
        return f"Shall I forget this?\n\n- {quoted(candidates[0].memory)}\n\nNothing happens unless you answer yes."
    listed = "\n".join(f"{number}. {quoted(memory.memory)}" for number, memory in enumerate(candidates, start=1))
    return (
        f"I remember several things about that:\n\n{listed}\n\n"
        "Shall I forget all of these? Answer yes, or with the number of the one you mean. Nothing happens without that."
    )


def compose_wipe(count: int, url: str) -> str:
    """Where everything is forgotten; here, nothing is."""
    what = "the one thing" if count == 1 else f"all {count} things"
    return (
        f"To forget {what} I remember about you, open [Wipe]({url}): it shows what would go, asks once more who you "
        "are, and gives you a receipt. I deleted nothing."
    )


def compose_forgotten(texts: Sequence[str]) -> str:
    """Says what was deleted. Call it after the deletion."""
    if len(texts) == 1:
        return f"Forgotten: {quoted(texts[0])}"
    return "Forgotten:\n\n" + "\n".join(f"- {quoted(text)}" for text in texts)


def compose_kept() -> str:
    """After a no: nothing was done."""
    return "All right, I kept everything as it was."


def compose_nothing_to_forget(topic: str) -> str:
    """Nothing stored matches what was to be forgotten."""
    if not topic:
        return "There is nothing to forget: I remember nothing about you."
    return f"I found no memory about {quoted(topic)}, so there is nothing to forget."


def _saved(saved: Sequence[Memory]) -> str:
    if len(saved) == 1:
        return f"I'll remember that: {quoted(saved[0].memory)}"
    return "I'll remember that:\n\n" + _bullets([quoted(memory.memory) for memory in saved]) if saved else ""


def _known(known: Sequence[Memory], now: dt.datetime) -> str:
    if len(known) == 1:
        return f"I knew that already. {cited(known[0], now)}"
    return "I knew that already:\n\n" + _bullets([cited(memory, now) for memory in known]) if known else ""


def _refused(refused: Sequence[str]) -> str:
    if not refused:
        return ""
    if len(refused) == 1:
        return (
            f"You asked me to forget this: {quoted(refused[0])}. Remember it again? I saved nothing unless you say yes."
        )
    listed = _bullets([quoted(text) for text in refused])
    return f"You asked me to forget these:\n\n{listed}\n\nRemember them again? Nothing is saved without a yes."


def _failed(failed: Sequence[str], full: bool) -> str:
    if not failed:
        return ""
    listed = _bullets([quoted(text) for text in failed])
    if full:
        return (
            f"Your memory is full, so I could not save this:\n\n{listed}\n\nDelete something first, then say it again."
        )
    return f"I could not save this, please try again:\n\n{listed}"


def _answer(recalled: Sequence[Memory], stated: bool, now: dt.datetime) -> str:
    """What was recalled, each with where it comes from; no answer is made up from it."""
    if not recalled:
        return "Nothing else you told me is about that." if stated else _NOTHING_KNOWN
    if len(recalled) == 1:
        return cited(recalled[0], now)
    return "This is what you told me that may bear on it:\n\n" + _bullets(
        [cited(memory, now) for memory in recalled[:MAX_RECALLED]]
    )


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _small(reading: Reading) -> str:
    if reading.otherwise is Intent.STATEMENT:
        return _NOTHING_STATED
    return _SMALL[reading.small or Small.OK]
