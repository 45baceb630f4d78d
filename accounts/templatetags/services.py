"""The services elsewhere that people can sign in with, for the pages that offer them."""

from __future__ import annotations

import dataclasses
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.urls import reverse

from accounts.social import connected

register = template.Library()


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """One of them."""

    name: str
    url: str
    """Where a POST leads there."""
    account: Any = None
    """What the signed-in person connected; None where they did not, or nobody is signed in."""


@register.simple_tag
def services() -> list[Service]:
    """Those of the settings, in their order; no query."""
    return [_service(provider, app) for provider, app in _apps()]


@register.simple_tag(takes_context=True)
def my_services(context: Context) -> list[Service]:
    """The same, with what the person has connected: one query."""
    mine = connected(context["request"].user)
    return [_service(provider, app, mine.get(app.get("provider_id", provider))) for provider, app in _apps()]


def _apps() -> list[tuple[str, dict[str, Any]]]:
    return [(provider, app) for provider, it in settings.SOCIALACCOUNT_PROVIDERS.items() for app in it["APPS"]]


def _service(provider: str, app: dict[str, Any], account: Any = None) -> Service:
    named = {"provider_id": app["provider_id"]} if "provider_id" in app else None
    return Service(name=app["name"], url=reverse(f"{provider}_login", kwargs=named), account=account)
