"""/healthz and /readyz: for probes, without a session, a host that is ours, or a word too much."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client

from memsite import health


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_signed_out_probe_by_address_is_answered(client: Client, db: None, path: str) -> None:
    response = client.get(path, headers={"host": "10.0.0.7:8000"})
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response.headers["Cache-Control"] == "no-store"


def test_healthz_asks_nothing_of_the_database(client: Client, django_assert_num_queries, db: None) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_readyz_names_the_database_that_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> int:
        raise OperationalError("connection to db.internal as user site failed")

    monkeypatch.setattr(health, "_waiting_migrations", away)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.content == b"database: cannot be reached (OperationalError)\n"


def test_readyz_counts_waiting_migrations(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_waiting_migrations", lambda: 2)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert b"2 migrations are waiting" in response.content


def test_another_method_is_no_probe(client: Client, db: None) -> None:
    assert client.post("/healthz").status_code == 404
