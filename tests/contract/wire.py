"""The HTTP half of the stand-in for mem0's platform: what was asked, and the faults that are put in its way."""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit


@dataclasses.dataclass
class Asked:
    """One request as it was on the wire."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: Any
    headers: dict[str, str]


@dataclasses.dataclass
class Instead:
    """What the next fitting request gets instead of an answer."""

    status: int = 200
    body: bytes = b'{"detail": "no"}'
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    hold: threading.Event | None = None
    """Waited for after the headers, before the body."""
    drop: bool = False
    """The connection is closed without a word."""
    after: bool = False
    """The request is carried out first: only its answer is lost."""
    method: str = ""
    """Only for requests with this method; any where empty."""
    path: str = ""
    """Only for requests whose path begins like this."""

    def fits(self, asked: Asked) -> bool:
        return (not self.method or self.method == asked.method) and asked.path.startswith(self.path)


class Refused(Exception):
    """An error answer."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(status)
        self.status, self.body = status, body


class Server(Protocol):
    """What stands behind it."""

    requests: list[Asked]
    instead: Any
    held: threading.Event
    handle: Callable[[Asked], tuple[int, Any]]


def handler_of(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body are two writes: with it on, the second waits for the far end to acknowledge the first.
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            url = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, url.path, parse_qs(url.query), json.loads(data) if data else None, headers)
            server.requests.append(asked)
            fits = [instead for instead in server.instead if instead.fits(asked)]
            if not fits:
                self._say(*self._answer(asked), {})
                return
            server.instead.remove(fits[0])
            self._instead(asked, fits[0])

        do_GET = do_POST = do_PUT = do_DELETE = _serve

        def _answer(self, asked: Asked) -> tuple[int, bytes]:
            try:
                status, body = server.handle(asked)
            except Refused as error:
                status, body = error.status, error.body
            return status, json.dumps(body).encode()

        def _instead(self, asked: Asked, instead: Instead) -> None:
            if instead.after:
                self._answer(asked)
            if instead.drop:
                self.close_connection = True
                return
            self._say(instead.status, instead.body, instead.headers, instead.hold)

        def _say(self, status: int, body: bytes, headers: dict[str, str], hold: threading.Event | None = None) -> None:
            self.send_response(status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(body)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            if hold:
                server.held.set()
                hold.wait(20)
            try:
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            """Tests need no access log."""

    return Handler
