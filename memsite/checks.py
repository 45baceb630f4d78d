"""What `manage.py check --deploy` looks at beside Django's own list: each is a promise of the site that a setting could
break without an error anywhere."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

CLOSED = {"default-src": "'none'", "object-src": "'none'", "base-uri": "'none'", "frame-ancestors": "'none'"}
LOOSE = ("'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:", "data:")


@register(Tags.security, deploy=True)
def policy(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """No script or style from a page's own text, none from elsewhere, and no frame around us."""
    rules = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    found: list[CheckMessage] = [
        Error(f"The policy's {name} has to be {value}.", id="memsite.E001")
        for name, value in CLOSED.items()
        if list(rules.get(name, [])) != [value]
    ]
    for name in ("script-src", "style-src", "connect-src", "form-action"):
        if set(rules.get(name, LOOSE)) & set(LOOSE):
            found.append(Error(f"The policy's {name} lets in what was not written by us.", id="memsite.E002"))
    return found


@register(Tags.security, deploy=True)
def cookies(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Only this very host sets and gets the cookies that sign people in."""
    names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
    if all(name.startswith("__Host-") for name in names):
        return []
    return [Error("Cookies have to be named __Host-…, so that no other host can set them.", id="memsite.E003")]


@register(Tags.security, deploy=True)
def proxies(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A header about HTTPS or the visitor's address counts only where a proxy of ours writes it."""
    found: list[CheckMessage] = []
    if bool(settings.PROXIES) != bool(settings.SECURE_PROXY_SSL_HEADER):
        found.append(Error("MEMSITE_PROXIES and SECURE_PROXY_SSL_HEADER do not agree.", id="memsite.E004"))
    if "*" in settings.ALLOWED_HOSTS:
        found.append(
            Error("MEMSITE_ALLOWED_HOSTS lets in any name: links in e-mails could lead elsewhere.", id="memsite.E005")
        )
    return found


@register(Tags.security, deploy=True)
def limits(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Limits that nobody counts are none."""
    found: list[CheckMessage] = []
    if settings.CACHES["default"]["BACKEND"].endswith("DummyCache"):
        found.append(Error("The cache keeps nothing, so no limit counts.", id="memsite.E006"))
    if settings.CACHES["default"]["BACKEND"].endswith("LocMemCache"):
        words = "CACHE_URL=locmem:// counts for each process alone: with several, every limit is multiplied."
        found.append(Warning(words, id="memsite.W002"))
    if not settings.LIMITS:
        found.append(Warning("MEMSITE_LIMITS=0: people may send, search and export without limit.", id="memsite.W001"))
    return found


@register(Tags.security, deploy=True)
def silence(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Nothing is told to anyone about how the site is used."""
    if os.environ.get("MEM0_TELEMETRY", "False").lower() == "false":
        return []
    return [Error("MEM0_TELEMETRY has to be False: mem0 would tell its makers of each use.", id="memsite.E007")]
