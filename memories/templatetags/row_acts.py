"""What can be done with a memory of the list, as one tag: in a template the hundred forms of a page took half as
long again as the rest of the rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from memories.templatetags.data_words import address
from memories.types import Memory

register = template.Library()

SWITCH = {"active": "pause", "paused": "resume"}


@register.simple_tag(takes_context=True)
def row_acts(context: Mapping[str, Any], memory: Memory, named: str) -> SafeString:
    """Keep, edit, pause or resume, and delete: links and forms that work without scripts. Each but the first leads back
    to the list as the context's `query` says it was. `named` tells those who hear a button which memory it is for."""
    key, back = memory.id, f"?{context.get('query', '')}"
    named = escape(named)
    token = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', context.get("csrf_token", ""))
    made = _edit(address(key, "edit") + back, key, named)
    if memory.state == "review":
        made = _keep(address(key, "keep"), token, named) + made
    elif verb := SWITCH.get(memory.state):
        made += _switch(address(key, verb) + back, key, token, named, verb.capitalize())
    return made + _delete(address(key, "delete") + back, token, named)


def _keep(to: str, token: str, named: str) -> SafeString:
    return format_html(
        '<form method="post" action="{}">{}<button class="btn quiet" aria-label="Keep: {}">Keep</button></form>',
        to,
        token,
        named,
    )


def _edit(to: str, key: str, named: str) -> SafeString:
    return format_html(
        '<a class="btn quiet" href="{0}" hx-get="{0}" hx-target="#memory-{1}" hx-swap="outerHTML" '
        'aria-label="Edit: {2}">Edit</a>',
        to,
        key,
        named,
    )


def _switch(to: str, key: str, token: str, named: str, word: str) -> SafeString:
    return format_html(
        '<form method="post" action="{0}" hx-post="{0}" hx-target="#memory-{1}">{2}'
        '<button class="btn quiet" data-pauses aria-label="{4}: {3}">{4}</button></form>',
        to,
        key,
        token,
        named,
        word,
    )


def _delete(to: str, token: str, named: str) -> SafeString:
    return format_html(
        '<form method="post" action="{0}" hx-post="{0}" hx-target="#memory-list">{1}'
        '<button class="btn quiet" aria-label="Delete: {2}">Delete</button></form>',
        to,
        token,
        named,
    )
