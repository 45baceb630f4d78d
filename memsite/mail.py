"""Turns MEMSITE_EMAIL_URL into Django's e-mail settings."""

from __future__ import annotations

import dataclasses
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SHAPE = "smtp://user:password@host:25, smtp+tls://… (STARTTLS, 587) or smtps://… (TLS, 465)"
PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """Where e-mail goes."""

    backend: str
    host: str = "localhost"
    port: int = 25
    user: str = ""
    password: str = dataclasses.field(default="", repr=False)
    starttls: bool = False
    tls: bool = False


def configured(url: str, *, local: bool) -> Mail:
    """The server that the URL names; without one the console on one's own machine, and a local server elsewhere."""
    if not url:
        return Mail(backend=f"django.core.mail.backends.{'console' if local else 'smtp'}.EmailBackend")
    try:
        return _parsed(urlsplit(url))
    except (KeyError, ValueError):
        # The value holds a password: it is not repeated, and the cause, which repeats it, is left behind.
        raise ImproperlyConfigured(f"MEMSITE_EMAIL_URL cannot be read: write {SHAPE}.") from None


def _parsed(parts: SplitResult) -> Mail:
    port = parts.port or PORTS[parts.scheme]
    if not parts.hostname:
        raise ValueError("no host")
    return Mail(
        backend="django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=parts.scheme == "smtp+tls",
        tls=parts.scheme == "smtps",
    )
