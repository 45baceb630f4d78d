"""Warming up: beside the start, never in its way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from memories import embedders
from memories.embedders import default_embedder
from memories.storage.topics import topics_of
from memsite import warm

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("mem0", "wordllama", "tokenizers", "openai", "qdrant_client")


def python(code: str) -> str:
    """What the code prints in a process of its own."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    return ran.stdout


@pytest.mark.slow
def test_all_that_the_first_search_needs_is_read_by_a_daemon() -> None:
    thread = warm.start()
    thread.join(120)
    assert thread.daemon and not thread.is_alive()
    assert default_embedder()._model is not None
    assert "memories.engines.embedded" in sys.modules
    assert topics_of.cache_info().currsize == 1


@pytest.mark.slow
def test_commands_import_neither_mem0_nor_the_embedder() -> None:
    code = (
        "import sys, django; django.setup(); from django.core.checks import run_checks; run_checks();"
        f"print([name for name in {HEAVY} if name in sys.modules]);"
        "from memories.warming import warm; warm(); print('mem0' in sys.modules)"
    )
    assert python(code).splitlines()[-2:] == ["[]", "False"], "without a model nobody needs mem0"


@pytest.mark.slow
def test_a_server_answers_before_it_is_warm_and_reads_the_weights_once() -> None:
    code = (
        "import threading, sys; from memories import embedders; loads = []; load = embedders._load;"
        "gate = threading.Event();"
        "embedders._load = lambda: (gate.wait(60), loads.append(1), load())[2];"
        "from django.conf import settings; settings.LLM_MODEL = 'some';"
        "import memsite.asgi; print('mem0' in sys.modules);"
        "gate.set(); [t.join(60) for t in threading.enumerate() if t.name == 'warm'];"
        "embedders.default_embedder().embed(['again']); print(loads, 'mem0' in sys.modules)"
    )
    assert python(code).splitlines()[-2:] == ["False", "[1] True"]


def test_a_failure_is_logged_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise OSError("no weights")

    monkeypatch.setattr(embedders, "default_embedder", fail)
    monkeypatch.setattr(warm.logger, "propagate", True)
    warm.start().join(30)
    assert "warming up failed" in caplog.text
