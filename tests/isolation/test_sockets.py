"""Two connections may be opened: to the database and to the configured model. Nothing is written at home."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.llm_server import LLMServer

ROOT = Path(__file__).resolve().parents[2]


def journey(home: Path, data: Path, **variables: str) -> dict[str, Any]:
    home.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "memsite.settings",
        "MEMSITE_DEBUG": "1",
        "MEMSITE_DATA_DIR": str(data),
        "PYTHONDONTWRITEBYTECODE": "1",
        **variables,
    }
    command = [sys.executable, "-m", "tests.isolation.journey"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    # What was found is also what is there: the hook cannot be told to look away.
    assert sorted(home.rglob("*")) == [] == seen["write"]
    assert seen["found"] and set(seen["pages"]) <= {200, 302}
    return seen


@pytest.mark.slow
def test_without_a_model_nothing_is_connected_to(tmp_path: Path) -> None:
    data = tmp_path / "data"
    # As an operator's own `mkdir` leaves it.
    data.mkdir(mode=0o755)
    seen = journey(tmp_path / "home", data)
    assert seen["connect"] == [] == seen["lookup"]
    assert (data / "memsite.sqlite3").stat().st_mode & 0o77 == 0, "others on this machine could read everything"


@pytest.mark.slow
@pytest.mark.sqlite
def test_with_a_model_only_the_model_is_connected_to(tmp_path: Path, folder_with_tables: Path) -> None:
    with LLMServer() as server:
        for _ in range(4):
            server.say('{"memory": []}')
        seen = journey(
            tmp_path / "home", folder_with_tables, MEMSITE_LLM_BASE_URL=server.url, MEMSITE_LLM_MODEL="small"
        )
        place = urlsplit(server.url)
        assert len(server.requests) >= 2
        assert set(seen["connect"]) == {repr((place.hostname, place.port))}
        assert set(seen["lookup"]) <= {place.hostname}
