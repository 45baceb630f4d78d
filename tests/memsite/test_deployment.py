"""The files of a deployment: no container can run here, so each word in them is held against what there is."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import uvicorn
import yaml
from django.core.management import get_commands
from django.utils.module_loading import import_string

from memories import checks

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
PROCFILE = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
DEPLOY = (ROOT / "docs/deploy.md").read_text()


def instructions(name: str) -> list[str]:
    joined = DOCKERFILE.replace("\\\n", " ")
    return [line.removeprefix(f"{name} ") for line in joined.splitlines() if line.startswith(f"{name} ")]


def commands() -> list[list[str]]:
    """Every command line in the three files, as words."""
    image = [shlex.split(re.sub(r"[\[\],]", " ", instructions("CMD")[0]))]
    services = [service["command"] for service in COMPOSE["services"].values() if "command" in service]
    return [*image, *services, *map(shlex.split, PROCFILE.values())]


def described() -> set[str]:
    return set(re.findall(r"^\| `([A-Z0-9_]+)` \|", (ROOT / "docs/settings.md").read_text(), re.M))


@pytest.mark.slow
def test_every_command_is_one_that_there_is() -> None:
    options = {option for parameter in uvicorn.main.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert len(commands()) >= 6
    for words in commands():
        if words[0] == "postgres":
            assert {word.partition("=")[0] for word in words[2::2]} <= checks.SILENT.keys() and set(words[1::2]) == {
                "-c"
            }
        elif words[0] == "uvicorn":
            assert import_string(words[1].replace(":", "."))
            assert {word for word in words if word.startswith("--")} <= options
        else:
            assert words[:2] == ["python", "manage.py"] and words[2] in get_commands()


def test_every_variable_is_described() -> None:
    used = set(re.findall(r"\b((?:MEMSITE|MEM0)_[A-Z0-9_]+|DATABASE_URL)\b", DOCKERFILE + str(COMPOSE) + DEPLOY))
    assert {name.removesuffix("_FILE") for name in used} <= described()
    assert {"POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB"} <= set(re.findall(r"POSTGRES_[A-Z]+", DEPLOY))


def test_no_secret_is_inside() -> None:
    for service in COMPOSE["services"].values():
        assert "environment" not in service and service["env_file"]
    assert "ARG " not in DOCKERFILE
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".env", ".git", "var", ".venv"} <= set(ignored)


def test_the_image_is_locked_unprivileged_and_looked_after() -> None:
    assert "--require-hashes -r requirements/base.lock" in DOCKERFILE and (ROOT / "requirements/base.lock").exists()
    assert instructions("USER") == ["memsite"] and "/healthz" in instructions("HEALTHCHECK")[0]
    assert "collectstatic --noinput" in DOCKERFILE and len(instructions("FROM")) == 2
    assert DOCKERFILE.index("USER memsite") > DOCKERFILE.index("COPY --from=build")


def test_the_services_wait_for_each_other() -> None:
    services = COMPOSE["services"]
    assert set(services) == {"database", "migrate", "web", "tend"}
    for name in ("web", "tend"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert services["migrate"]["depends_on"]["database"] == {"condition": "service_healthy"}
    assert "pgvector" in services["database"]["image"] and services["database"]["healthcheck"]
    named = {mount.split(":")[0] for service in services.values() for mount in service["volumes"]}
    assert named == set(COMPOSE["volumes"]) == {"data", "database"}
    assert services["web"]["ports"] == ["127.0.0.1:8000:8000"], "the proxy in front is the one way in"


def test_the_database_writes_no_words_into_its_own_log() -> None:
    said = dict(word.split("=") for word in COMPOSE["services"]["database"]["command"] if "=" in word)
    assert set(said) == {"log_min_error_statement", "log_error_verbosity"}
    assert all(value in checks.SILENT[name] for name, value in said.items())


def test_nobody_but_the_site_reads_the_proxys_headers() -> None:
    for words in commands():
        assert words[0] != "uvicorn" or "--no-proxy-headers" in words


@pytest.mark.parametrize("command", re.findall(r"manage\.py ([a-z_]+)", DEPLOY))
def test_the_docs_name_commands_that_there_are(command: str) -> None:
    assert command in get_commands()


@pytest.mark.parametrize(
    "word", ["HTTPS", "backup", "restore", "erasures", "upgrade", "roll", "could not be run", "proxy", "tend"]
)
def test_the_docs_cover(word: str) -> None:
    assert word.lower() in DEPLOY.lower()
