"""The one reader of HX-* headers, and how an action on the list answers: the part that changed, or a redirect."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from memories.middleware import MemoryRequest
from memories.types import Paged

UNDO = "data_undo"
"""The session's key for what can be taken back just now: words, address and moment; no text of a memory, and not the
words that the list was searched for: a session outlasts a wipe."""


def wants(request: MemoryRequest, target: str) -> bool:
    """Whether only the part with this id was asked for. Going back in the browser asks for the page."""
    asked = request.headers.get("HX-Request") == "true" and not request.headers.get("HX-History-Restore-Request")
    return asked and request.headers.get("HX-Target") == target


def shown(request: MemoryRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A rendering that depends on who asks: kept apart by caches."""
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def list_query(request: MemoryRequest, **changes: str) -> str:
    """The address' own filters with some changed, as a query string; an empty value takes one away."""
    kept = {name: value for name, value in request.GET.items() if name not in ("at", "all")} | changes
    return urlencode({name: value for name, value in kept.items() if value})


def page_number(request: MemoryRequest) -> int:
    """The page that the address names; the first for anything that is no number."""
    named = request.GET.get("page", "")[:7]
    return int(named) if named.isdecimal() else 1


def neighbours(request: MemoryRequest, page: Paged[Any]) -> dict[str, str]:
    """The addresses of the pages before and after this one; empty where there is none."""
    return {
        "previous": "?" + list_query(request, page=str(page.number - 1)) if page.number > 1 else "",
        "next": "?" + list_query(request, page=str(page.number + 1)) if page.number < page.pages else "",
    }


def go_back(request: MemoryRequest, memory_id: object = None) -> HttpResponse:
    """To the memory's own page where the form stood there, otherwise to the list with its filters."""
    if request.GET.get("at") == "memory" and memory_id:
        return redirect("memories:memory", memory_id)
    if request.GET.get("at") == "review":
        return redirect("memories:review")
    query = list_query(request)
    return redirect(reverse("memories:data") + (f"?{query}" if query else ""))


def say(request: MemoryRequest, words: str, *, level: int = messages.SUCCESS) -> None:
    """A line on the next page."""
    messages.add_message(request, level, words)


def offer_undo(request: MemoryRequest, words: str, url: str, until: dt.datetime, *, part: bool = False) -> None:
    """Says on the next page what was done, with a button that takes it back until then. `part`: the address also
    answers with the list alone, under the filters of where the button stands."""
    request.session[UNDO] = {"words": words, "url": url, "until": until.isoformat(), "part": part}


def open_offer(request: MemoryRequest) -> dict[str, Any] | None:
    """What can be taken back just now."""
    offer: dict[str, Any] | None = request.session.get(UNDO)
    if not offer or dt.datetime.fromisoformat(offer["until"]) <= timezone.now():
        return None
    return offer


def close_offer(request: MemoryRequest) -> None:
    """It was taken back."""
    request.session.pop(UNDO, None)
