"""How many keys for programs a person has, for the pages about their password."""

from __future__ import annotations

from django import template
from django.template import Context

from accounts.keys import good_keys

register = template.Library()


@register.simple_tag(takes_context=True)
def keys_in_use(context: Context) -> int:
    """Those that still open something: one query."""
    return good_keys(context["request"].user)
