"""A memory on the list, as one tag. A page prints 25 of them, each of some thirty values: as templates the rows were a
third of the time of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from memories.templatetags.data_words import address, counted, day, past, short, when
from memories.types import Memory

register = template.Library()

SWITCH = {"active": "pause", "paused": "resume"}
CAME = {"chat": "From a chat", "typed": "Typed by you", "imported": "Imported", "program": "By a program"}


@register.simple_tag(takes_context=True)
def memory_row(context: Mapping[str, Any], memory: Memory) -> SafeString:
    """Its words, where they come from, and what can be done with them: links and forms that work without scripts. The
    acts lead back to the list as the context's `query` says it was; with `all` its box is ticked."""
    named = escape(short(memory.memory, 60))
    return format_html(
        '<li id="memory-{0}" class="{1}">'
        '<input type="checkbox" name="id" value="{0}" form="bulk" aria-label="Select: {2}"{3}>'
        '<div><p class="words" dir="auto"><a href="{4}" hx-get="{4}" hx-target="#drawer-body" hx-swap="innerHTML" '
        'data-drawer>{5}</a></p><div class="meta"><span>{6}, {7}</span> <span>{8}</span> {9}</div></div>'
        '<div class="acts">{10}</div></li>',
        memory.id,
        memory.state,
        named,
        " checked" if context.get("all") else "",
        address(memory.id, "memory"),
        memory.memory,
        _came(memory),
        when(memory.created_at),
        _used(memory),
        badges(memory),
        _acts(context, memory, named),
    )


@register.simple_tag
def badges(memory: Memory) -> SafeString:
    """Its kind, and what keeps it from being used: it waits for a yes, is paused, or ends."""
    if memory.state == "review":
        made = format_html('<span class="badge review">{}, waiting for you</span>', memory.kind)
    else:
        made = format_html('<span class="badge">{}</span>', memory.kind)
    if memory.state == "paused":
        made += format_html(' <span class="badge warn">{}</span>', "paused")
    return made + _end(memory) if memory.expires_at else made


def _end(memory: Memory) -> SafeString:
    if past(memory.expires_at):
        return format_html(' <span class="badge warn">ended {}</span>', day(memory.expires_at))
    return format_html(' <span class="badge">until {}</span>', day(memory.expires_at))


def _came(memory: Memory) -> str:
    """From where: a link while the chat is there."""
    if memory.source == "chat" and memory.conversation_id:
        return format_html(
            'From <a href="{}#turn-{}">{}</a>',
            address(memory.conversation_id, "conversation"),
            memory.message_id,
            short(memory.conversation_title or "a chat", 40),
        )
    return CAME[memory.source]


def _used(memory: Memory) -> str:
    if not memory.use_count:
        return "never used"
    return f"used in {counted(memory.use_count, 'reply,replies')}, last {when(memory.last_used_at)}"


def _acts(context: Mapping[str, Any], memory: Memory, named: str) -> SafeString:
    """Keep, edit, pause or resume, and delete. `named`, escaped, tells who hears a button which memory it is for."""
    key, back = memory.id, f"?{context.get('query', '')}"
    token = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', context.get("csrf_token", ""))
    made = _edit(address(key, "edit") + back, key, named)
    if memory.state == "review":
        made = _keep(address(key, "keep"), token, named) + made
    elif verb := SWITCH.get(memory.state):
        made += _act(address(key, verb) + back, token, named, verb.capitalize(), " data-pauses")
    return made + _act(address(key, "delete") + back, token, named, "Delete")


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


def _act(to: str, token: str, named: str, word: str, mark: str = "") -> SafeString:
    """A button that changes the list. `mark`: an attribute that scripts know it by."""
    return format_html(
        '<form method="post" action="{0}" hx-post="{0}" hx-target="#memory-list">{1}'
        '<button class="btn quiet"{4} aria-label="{3}: {2}">{3}</button></form>',
        to,
        token,
        named,
        word,
        mark,
    )
