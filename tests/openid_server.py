"""A small OpenID Connect server on loopback: says that the person is who `persona` describes, keeps what was asked."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest

from memsite import social

CLIENT, SECRET = "the-site", "known-to-both"
KEY = "x" * 32


class OpenIDServer:
    """`with OpenIDServer() as server:`; `server.url` is what the site is told."""

    def __init__(self) -> None:
        self.persona: dict[str, Any] = {"sub": "77", "email": "ana@example.org", "email_verified": True}
        self.denies = False
        """Whether the person says no."""
        self.asked: list[tuple[str, dict[str, str]]] = []
        """Path and parameters of every request, oldest first."""
        self._codes: dict[str, dict[str, str]] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer._answer(self, urlsplit(self.path).query)

            def do_POST(self) -> None:
                outer._answer(self, self.rfile.read(int(self.headers["Content-Length"])).decode())

            def log_message(self, format: str, *args: Any) -> None:
                """Tests need no access log."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> OpenIDServer:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler, sent: str) -> None:
        path = urlsplit(handler.path).path
        asked = {name: values[0] for name, values in parse_qs(sent).items()}
        self.asked.append((path, asked))
        if path == "/authorize":
            handler.send_response(302)
            handler.send_header("Location", self._back(asked))
            handler.end_headers()
            return
        answers = {
            "/.well-known/openid-configuration": self._description,
            "/token": self._token,
            "/userinfo": lambda asked: self.persona if handler.headers["Authorization"] == "Bearer access" else None,
        }
        answer = answers[path](asked)
        body = json.dumps(answer or {"error": "invalid_request"}).encode()
        handler.send_response(200 if answer else 400)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def _description(self, asked: dict[str, str]) -> dict[str, Any]:
        places = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            **{f"{name}_endpoint": f"{self.url}/{path}" for name, path in places.items()},
        }

    def _back(self, asked: dict[str, str]) -> str:
        """Where the person is led after they said yes, or no."""
        if self.denies:
            return f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': asked['state']})}"
        code = secrets.token_urlsafe(12)
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def _token(self, asked: dict[str, str]) -> dict[str, Any] | None:
        """A code is good once, for the client that knows the secret and what it began with."""
        begun = self._codes.pop(asked.get("code", ""), None)
        proof = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        if begun is None or (asked.get("client_id"), asked.get("client_secret")) != (CLIENT, SECRET):
            return None
        if begun["code_challenge"] != base64.urlsafe_b64encode(proof).decode().rstrip("="):
            return None
        claims = {**self.persona, "iss": self.url, "aud": CLIENT, "exp": int(time.time()) + 60}
        return {
            "access_token": "access",
            "refresh_token": "refresh",
            "token_type": "Bearer",
            "id_token": jwt.encode(claims, KEY, algorithm="HS256"),
        }


@contextlib.contextmanager
def offered(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenIDServer]:
    """A server that the site offers to sign in with, by the name of Acme."""
    with OpenIDServer() as running:
        for name, value in (("ID", CLIENT), ("SECRET", SECRET), ("URL", running.url), ("NAME", "Acme")):
            monkeypatch.setenv(f"MEMSITE_OPENID_{name}", value)
        settings.SOCIALACCOUNT_PROVIDERS = social.configured(local=True)
        yield running
