"""Tells a model's thoughts, written before its answer between <think> and </think>, from the answer."""

from __future__ import annotations

OPEN, CLOSE = "<think>", "</think>"


class Thinking:
    """Fed with text as it comes, cut anywhere. Only thoughts at the very beginning count: further on, "<think>" is a
    word of the answer."""

    def __init__(self) -> None:
        self._state, self._rest = "start", ""

    def feed(self, text: str) -> tuple[str, str]:
        """What can be told so far: (answer, thought). What might still be the half of a mark waits."""
        self._rest += text
        if self._state == "start":
            self._begin()
        if self._state == "start":
            return "", ""
        if self._state == "thinking":
            return self._think()
        answer, self._rest = self._rest, ""
        return answer, ""

    def end(self) -> tuple[str, str]:
        """What is left when nothing more comes."""
        rest, self._rest = self._rest, ""
        return ("", rest) if self._state == "thinking" else (rest, "")

    def _begin(self) -> None:
        begun = self._rest.lstrip()
        if begun.startswith(OPEN):
            self._state, self._rest = "thinking", begun[len(OPEN) :].lstrip("\n")
        elif not OPEN.startswith(begun):
            self._state = "answering"

    def _think(self) -> tuple[str, str]:
        thought, mark, after = self._rest.partition(CLOSE)
        if mark:
            self._state, self._rest = "answering", ""
            return after.lstrip("\n"), thought
        kept = next((n for n in range(len(CLOSE) - 1, 0, -1) if thought.endswith(CLOSE[:n])), 0)
        self._rest = thought[len(thought) - kept :]
        return "", thought[: len(thought) - kept]
