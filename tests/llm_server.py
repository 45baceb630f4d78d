"""A small OpenAI-compatible server on loopback: answers from a queue, keeps what it was asked."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclasses.dataclass
class Answer:
    """What one request gets. Streamed in `parts` when it was asked to stream, whole otherwise."""

    parts: Sequence[str] = ()
    status: int = 200
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    raw: bytes | None = None
    """Sent instead of anything that would be made from `parts`."""
    finish: str | None = "stop"
    """None: the stream ends without one, as when the model was cut off."""
    thoughts: str = ""
    bytewise: bool = False
    """One byte to a packet."""
    hold_before: threading.Event | None = None
    """Waited for before the first byte."""
    hold_after: int = -1
    """The part after which `hold` is waited for."""
    hold: threading.Event | None = None


class LLMServer:
    """`with LLMServer() as server:`; `server.url` is the base URL, `server.requests` the bodies, oldest first."""

    def __init__(self) -> None:
        self.answers: deque[Answer] = deque()
        self.requests: list[dict[str, Any]] = []
        self.paused = threading.Event()
        """Set when an answer has come to where it is held."""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append({"path": self.path, "authorization": self.headers["Authorization"], **body})
                answer = outer.answers.popleft() if outer.answers else Answer(["All right."])
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    outer._serve(self, answer, bool(body.get("stream")))

            def log_message(self, format: str, *args: Any) -> None:
                """Tests need no access log."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> LLMServer:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def say(self, *parts: str, **how: Any) -> Answer:
        """Queues an answer."""
        answer = Answer(list(parts), **how)
        self.answers.append(answer)
        return answer

    def prompts(self) -> str:
        """All that was sent, as one text: what is nowhere in it did not leave the site."""
        return json.dumps(self.requests, ensure_ascii=False)

    def _serve(self, handler: BaseHTTPRequestHandler, answer: Answer, stream: bool) -> None:
        if answer.hold_before:
            self.paused.set()
            answer.hold_before.wait(20)
        handler.send_response(answer.status)
        kind = "text/event-stream" if stream and answer.status == 200 else "application/json"
        for name, value in {"Content-Type": kind, **answer.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        if answer.raw is not None:
            self._write(handler, answer.raw, answer.bytewise)
        elif answer.status != 200:
            self._write(handler, json.dumps({"error": {"message": "no"}}).encode(), False)
        elif stream:
            self._stream(handler, answer)
        else:
            message = {"role": "assistant", "content": "".join(answer.parts)}
            body = {"choices": [{"message": message, "finish_reason": answer.finish}]}
            self._write(handler, json.dumps(body).encode(), answer.bytewise)

    def _stream(self, handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        if answer.thoughts:
            self._write(handler, _chunk({"reasoning_content": answer.thoughts}), answer.bytewise)
        for number, part in enumerate(answer.parts):
            self._write(handler, _chunk({"content": part}), answer.bytewise)
            if answer.hold and number == answer.hold_after:
                self.paused.set()
                answer.hold.wait(20)
        if answer.finish:
            self._write(handler, _chunk({}, answer.finish) + b"data: [DONE]\n\n", answer.bytewise)

    def _write(self, handler: BaseHTTPRequestHandler, data: bytes, bytewise: bool) -> None:
        for piece in (data[i : i + 1] for i in range(len(data))) if bytewise else (data,):
            handler.wfile.write(piece)
            handler.wfile.flush()


def _chunk(delta: dict[str, str], finish: str | None = None) -> bytes:
    body = {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n".encode()


@contextlib.contextmanager
def connected(settings: Any, *, timeout: int = 5) -> Iterator[LLMServer]:
    """A server that the site in this process asks, with `secret` as its key; `timeout` in seconds."""
    with LLMServer() as running:
        settings.LLM_BASE_URL, settings.LLM_MODEL, settings.LLM_API_KEY = running.url, "small", "secret"
        settings.LLM_TIMEOUT = timeout
        yield running
