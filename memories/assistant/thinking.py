"""Tells a model's thoughts, written before its answer between <think> and </think>, from the answer."""

from __future__ import annotations

OPEN, CLOSE = "<think>", "</think>"


class Thinking:
    """Fed with text as it comes, cut anywhere. Only thoughts at the very beginning count: further on, "<think>" is a
    word of the answer."""

    def __init__(self) -> None:
        self._state, self._rest = "start", ""
        # White space around the marks belongs to neither side.
        self._fresh = False

    def feed(self, text: str) -> tuple[str, str]:
        """What can be told so far: (answer, thought). What might still be the half of a mark waits."""
        self._rest += text
        if self._state == "start":
            self._begin()
        thought = self._think() if self._state == "thinking" else ""
        return (self._taken(len(self._rest)) if self._state == "answering" else ""), thought

    def end(self) -> tuple[str, str]:
        """What is left when nothing more comes."""
        rest = self._taken(len(self._rest))
        return ("", rest) if self._state == "thinking" else (rest, "")

    def _begin(self) -> None:
        begun = self._rest.lstrip()
        if begun.startswith(OPEN):
            self._state, self._rest, self._fresh = "thinking", begun[len(OPEN) :], True
        elif not OPEN.startswith(begun):
            self._state = "answering"

    def _think(self) -> str:
        at = self._rest.find(CLOSE)
        if at < 0:
            half = next((n for n in range(len(CLOSE) - 1, 0, -1) if self._rest.endswith(CLOSE[:n])), 0)
            return self._taken(len(self._rest) - half)
        thought = self._taken(at)
        self._state, self._rest, self._fresh = "answering", self._rest[len(CLOSE) :], True
        return thought

    def _taken(self, length: int) -> str:
        """The next characters, without the white space that follows a mark."""
        text, self._rest = self._rest[:length], self._rest[length:]
        if self._fresh:
            text = text.lstrip("\n")
            self._fresh = not text
        return text
