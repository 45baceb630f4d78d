"""Shows a browser's long self-description as a few words."""

from __future__ import annotations

from django import template

from accounts.devices import name_of

register = template.Library()
register.filter("device", name_of)
