"""Warming up: beside the start, never in its way."""

from __future__ import annotations

import pytest

from memories import embedders
from memsite import warm


def test_the_embedder_is_loaded_by_a_daemon(monkeypatch: pytest.MonkeyPatch) -> None:
    thread = warm.start()
    thread.join(30)
    assert thread.daemon and not thread.is_alive()


def test_a_failure_is_logged_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise OSError("no weights")

    monkeypatch.setattr(embedders, "default_embedder", fail)
    monkeypatch.setattr(warm.logger, "propagate", True)
    warm.start().join(30)
    assert "warming up failed" in caplog.text
