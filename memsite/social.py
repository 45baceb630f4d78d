"""Sign-in with an account elsewhere: the services that the operator named, as allauth wants them. None by default."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from memsite import env

OPENID = "openid"
"""The part of the address under which the operator's own OpenID Connect server is known here."""
SCOPES = {"google": ["openid", "email"], "github": ["user:email"], "openid_connect": ["openid", "email"]}
"""Who somebody is and their address; nothing else is asked for."""


def configured(*, local: bool) -> dict[str, Any]:
    """SOCIALACCOUNT_PROVIDERS: a service is there where both its id and its secret are."""
    found = {
        "google": _app("GOOGLE", env.text("MEMSITE_GOOGLE_ID"), env.text("MEMSITE_GOOGLE_SECRET"), name="Google"),
        "github": _app("GITHUB", env.text("MEMSITE_GITHUB_ID"), env.text("MEMSITE_GITHUB_SECRET"), name="GitHub"),
        "openid_connect": _openid(
            _app("OPENID", env.text("MEMSITE_OPENID_ID"), env.text("MEMSITE_OPENID_SECRET")),
            env.text("MEMSITE_OPENID_URL"),
            env.text("MEMSITE_OPENID_NAME", "your organisation"),
            local=local,
        ),
    }
    return {
        provider: {"APPS": [app], "SCOPE": SCOPES[provider], "OAUTH_PKCE_ENABLED": True}
        for provider, app in found.items()
        if app
    }


def _app(which: str, client: str, secret: str, *, name: str = "") -> dict[str, Any] | None:
    if bool(client) != bool(secret):
        raise ImproperlyConfigured(f"MEMSITE_{which}_ID and MEMSITE_{which}_SECRET go together: set both or neither.")
    return {"client_id": client, "secret": secret, "name": name} if client else None


def _openid(app: dict[str, Any] | None, url: str, name: str, *, local: bool) -> dict[str, Any] | None:
    if bool(app) != bool(url):
        raise ImproperlyConfigured("MEMSITE_OPENID_ID and MEMSITE_OPENID_URL go together: set both or neither.")
    if app is None:
        return None
    if not url.startswith("https://") and not (local and url.startswith("http://")):
        raise ImproperlyConfigured("MEMSITE_OPENID_URL has to begin with https://: it says who people are.")
    # allauth adds the path of the description itself.
    return {**app, "name": name, "provider_id": OPENID, "settings": {"server_url": url.rstrip("/")}}
