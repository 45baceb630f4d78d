"""Refuses to serve what could not work, in words, before the first request."""

from __future__ import annotations

from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured


def look() -> None:
    """Runs the checks of commands, and those that ask another server; ImproperlyConfigured names what is wrong."""
    found = run_checks(tags=["embedder"], include_deployment_checks=True)
    wrong = [" ".join(filter(None, (message.msg, message.hint))) for message in found if message.is_serious()]
    if wrong:
        raise ImproperlyConfigured(" ".join(wrong))
