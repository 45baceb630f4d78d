"""The form in which OpenAI-compatible servers answer: lines of events, and the JSON in them."""

from __future__ import annotations

import json
from typing import Any


class Lines:
    """Cuts a stream of bytes into the payloads of its `data:` lines. ValueError for a line over the limit."""

    def __init__(self, longest: int) -> None:
        self._longest, self._rest = longest, b""

    def feed(self, data: bytes) -> list[str]:
        """The payloads that these bytes complete; the bytes may end anywhere, even inside a character."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > self._longest:
            raise ValueError("an endless line")
        payloads = [line.strip()[5:].strip() for line in lines if line.startswith(b"data:")]
        return [payload.decode("utf-8", "replace") for payload in payloads if payload]


def chunk_of(line: str) -> tuple[str, str, str]:
    """Text, thought and reason of the end in one streamed chunk. ValueError for another shape, LookupError for an
    error that the server tells in the stream."""
    data = json.loads(line)
    if not isinstance(data, dict):
        raise ValueError("not an object")
    if data.get("error"):
        raise LookupError("an error in the stream")
    choices = data.get("choices") or []
    if not choices:
        return "", "", ""  # Usage, at the end of some servers' streams.
    choice = _object(choices[0])
    delta = _object(choice.get("delta") or {})
    # DeepSeek and vLLM say reasoning_content, Ollama and OpenRouter reasoning.
    thought = delta.get("reasoning_content") or delta.get("reasoning") or ""
    return _text(delta.get("content")), _text(thought), _text(choice.get("finish_reason"))


def answer_of(body: bytes) -> tuple[str, str, bool]:
    """Text, reason of the end, and whether the model refused, of an answer that was sent whole. ValueError."""
    data = json.loads(body.decode("utf-8", "replace"))
    if not isinstance(data, dict) or not isinstance(data.get("choices"), list) or not data["choices"]:
        raise ValueError("no choices")
    choice = _object(data["choices"][0])
    message = _object(choice.get("message") or {})
    return _text(message.get("content")), _text(choice.get("finish_reason")), bool(message.get("refusal"))


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _text(value: Any) -> str:
    """A text without what a database cannot keep."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
