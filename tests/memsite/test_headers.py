"""Headers on every kind of answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
}
PATHS = ["/", "/account/login/", "/nowhere/", "/static/memsite/memsite.css", "/admin/", "/account/email/"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_hardened(client: Client, db: None, path: str) -> None:
    response = client.get(path)
    response.close()
    headers = response.headers
    assert set(headers["Content-Security-Policy"].split("; ")) >= POLICY
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/account/login/"])
def test_answers_before_the_pages_are_hardened_too(db: None, settings: Any, path: str) -> None:
    """Health, and the redirect to HTTPS."""
    settings.SECURE_SSL_REDIRECT = True
    headers = Client().get(path).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/account/email/", "/account/sessions/", "/admin/", "/nowhere/"])
def test_no_cache_keeps_what_a_signed_in_person_sees(
    admin: User, client_as: Callable[[User], Client], path: str
) -> None:
    assert "no-store" in client_as(admin).get(path).headers["Cache-Control"]


def test_files_may_be_kept(client: Client, db: None) -> None:
    response = client.get("/static/memsite/memsite.css")
    response.close()
    assert "max-age" in response.headers["Cache-Control"]


def test_an_error_inside_django_is_hardened_too(client: Client, db: None) -> None:
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "Content-Security-Policy" in response.headers
