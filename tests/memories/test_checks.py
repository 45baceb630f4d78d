"""Embedders by setting: what is missing or does not fit is said before the first request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from memories import checks, word_vectors
from memories.engines import embedding
from memories.errors import EngineUnavailable
from memories.scoped import ScopedMemory
from memsite import starting
from tests.postgres import PEEK

LENGTH = 8


class Server(BaseHTTPRequestHandler):
    """OpenAI's embeddings, as far as it is asked: letters counted into LENGTH numbers."""

    asked: list[dict[str, Any]]

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append({**asked, "key": self.headers["Authorization"]})
        vectors = [[float(text.count(letter)) + 0.01 for letter in "aeioutns"] for text in asked["input"]]
        data = [{"object": "embedding", "index": place, "embedding": v} for place, v in enumerate(vectors)]
        body = json.dumps({"object": "list", "data": data, "model": "m", "usage": {}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def asked() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def url(asked: list[dict[str, Any]]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Server,), {"asked": asked}))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def provider(settings: Any, url: str) -> Iterator[Any]:
    settings.EMBEDDER, settings.EMBEDDER_MODEL, settings.EMBEDDER_DIMS = "openai", "m", LENGTH
    settings.EMBEDDER_URL, settings.EMBEDDER_API_KEY = url, "k"
    embedding.chosen_embedder.cache_clear()
    yield settings
    embedding.chosen_embedder.cache_clear()


def test_out_of_the_box_nothing_is_missing_and_nobody_is_asked(asked: list[dict[str, Any]]) -> None:
    assert checks.embedder_is_complete() == checks.embedder_fits() == []
    assert embedding.chosen_embedder().name == "wordllama-256" and not asked


@pytest.mark.parametrize("folder", ["", "empty"])
def test_without_the_files_of_its_package_the_site_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    monkeypatch.setattr(word_vectors, "_folder", lambda: tmp_path / folder if folder else None)
    with pytest.raises(ImproperlyConfigured, match="package of 'wordllama'"):
        starting.look()


@pytest.mark.parametrize("kept", [0, 7, 90, 5_000_000])
def test_with_half_a_file_of_vectors_the_site_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    package = word_vectors._folder()
    assert package
    for name in (word_vectors._WEIGHTS, word_vectors._TOKENIZER):
        (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / word_vectors._TOKENIZER).symlink_to(package / word_vectors._TOKENIZER)
    with (package / word_vectors._WEIGHTS).open("rb") as whole:
        (tmp_path / word_vectors._WEIGHTS).write_bytes(whole.read(kept))
    monkeypatch.setattr(word_vectors, "_folder", lambda: tmp_path)
    with pytest.raises(ImproperlyConfigured, match="package of 'wordllama'"):
        starting.look()


def test_a_providers_vectors_are_unit_and_bear_its_name(provider: Any, asked: list[dict[str, Any]]) -> None:
    embedder = embedding.chosen_embedder()
    vectors = embedder.embed(["tea", "a tune"])
    assert vectors.shape == (2, LENGTH) and abs(float(vectors[0] @ vectors[0]) - 1) < 1e-5
    assert embedder.name == f"openai:m:{LENGTH}" and asked[0]["key"] == "Bearer k"
    assert embedder.embed([]).shape == (0, LENGTH)


@pytest.mark.postgres
def test_a_role_that_passes_by_the_policies_is_told(db: None) -> None:
    assert checks.policies_hold(["default"]) == [], "the site's own role is held by them"
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {PEEK}")
        try:
            assert [warning.id for warning in checks.policies_hold(["default"])] == ["memories.W003"]
            assert checks.policies_hold(None) == [], "asked only where somebody asks for the database"
        finally:
            cursor.execute("RESET ROLE")


@pytest.mark.slow
@pytest.mark.postgres
def test_a_server_that_writes_statements_down_is_warned_of(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it comes it does; whether it is silent, only its own administrator can say."""
    [warning] = checks.server_is_silent(["default"])
    assert warning.id == "memories.W004" and "log_error_verbosity, log_min_error_statement." in warning.msg
    assert checks.server_is_silent(None) == []
    monkeypatch.setattr(checks, "SILENT", {"log_statement": ("none",), "log_min_duration_statement": ("-1",)})
    assert checks.server_is_silent(["default"]) == []


@pytest.mark.django_db
def test_memories_of_another_embedder_are_brought_over(owner: User, provider: Any) -> None:
    old = provider.EMBEDDER
    provider.EMBEDDER = "wordllama"
    embedding.chosen_embedder.cache_clear()
    ScopedMemory(owner).add("I have a cat called Miso", infer=False)
    provider.EMBEDDER = old
    embedding.chosen_embedder.cache_clear()
    assert ScopedMemory(owner).search("cat"), "found by its words meanwhile"
    call_command("reembed", verbosity=0)
    assert [row.memory for row in ScopedMemory(owner).search("cat")] == ["I have a cat called Miso"]


@pytest.mark.slow
def test_a_wrong_length_stops_the_start_in_words(provider: Any) -> None:
    provider.EMBEDDER_DIMS = LENGTH + 1
    with pytest.raises(ImproperlyConfigured, match=rf"have {LENGTH} numbers, not {LENGTH + 1}.*reembed"):
        starting.look()
    with pytest.raises(EngineUnavailable):
        embedding.chosen_embedder().embed(["x"])


def test_a_missing_package_stops_the_start_in_words(provider: Any) -> None:
    provider.EMBEDDER = "together"
    with pytest.raises(ImproperlyConfigured, match="not installed"):
        starting.look()


def test_a_half_said_embedder_stops_the_start_in_words(provider: Any) -> None:
    provider.EMBEDDER_DIMS = 0
    with pytest.raises(ImproperlyConfigured, match="MEMSITE_EMBEDDER_DIMS"):
        starting.look()


@pytest.mark.slow
def test_a_provider_that_is_away_lets_the_site_start(provider: Any) -> None:
    provider.EMBEDDER_URL = "http://127.0.0.1:1/v1"
    starting.look()
    [warning] = checks.embedder_fits()
    assert warning.id == "memories.W002"
