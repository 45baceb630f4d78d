"""Many at once: what was ticked, everything that matches, and everything about a topic."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from memories.data_forms import TopicForm
from memories.data_types import Selection
from memories.middleware import MemoryRequest
from memories.views.contexts import browse_form
from memories.views.partials import go_back, list_query, offer_undo, say, shown

SHOWN = 200
"""Memories that a topic's preview lists; it deletes no more than it shows."""


def chosen(request: MemoryRequest) -> Selection:
    """What was ticked; or, where `all` was asked for, everything under the address' filters."""
    if request.POST.get("all") == "1":
        form = browse_form(request)
        return request.memory.matching(form.chosen(), form.read().get("q", ""))
    return request.memory.selection(request.POST.getlist("id")[:1_000])


@require_POST
def pause(request: MemoryRequest) -> HttpResponse:
    return _moved(request, request.memory.pause_many(_some(request)), "Paused")


@require_POST
def resume(request: MemoryRequest) -> HttpResponse:
    return _moved(request, request.memory.resume_many(_some(request)), "Resumed")


def _some(request: MemoryRequest) -> Sequence[uuid.UUID]:
    return chosen(request).ids


def _moved(request: MemoryRequest, count: int, verb: str) -> HttpResponse:
    if count:
        say(request, f"{verb}: {count:,} {'memory' if count == 1 else 'memories'}.")
    else:
        say(request, "Nothing to do: tick some memories first.", level=messages.WARNING)
    return go_back(request)


@require_POST
def forget(request: MemoryRequest) -> HttpResponse:
    """The consequences, before anything happens."""
    selection = chosen(request)
    if not selection.count:
        say(request, "Nothing to delete: tick some memories first.", level=messages.WARNING)
        return go_back(request)
    return _consequences(request, selection)


def _consequences(
    request: MemoryRequest, selection: Selection, *, changed: bool = False, status: int = 200
) -> HttpResponse:
    everything = request.POST.get("all") == "1"
    context = {
        "selection": selection,
        "everything": everything,
        # The filters stand for themselves; the mark says whether they still find the same.
        "ids": () if everything else selection.ids,
        "query": list_query(request),
        "changed": changed,
    }
    return shown(request, "data/forget.html", context, status=status)


@require_POST
def delete(request: MemoryRequest) -> HttpResponse:
    """Deletes exactly what the page before showed; when that is not the same any more, shows it anew."""
    selection = chosen(request)
    if not selection.count or selection.mark != request.POST.get("mark"):
        if not selection.count:
            say(request, "Nothing was deleted: what you chose is gone already.", level=messages.WARNING)
            return go_back(request)
        return _consequences(request, selection, changed=True, status=409)
    return _deleted(request, selection)


def _deleted(request: MemoryRequest, selection: Selection) -> HttpResponse:
    count, until = request.memory.hold_many(selection.ids)
    words = "Deleted." if count == 1 else f"Deleted: {count:,} memories."
    offer_undo(request, words, reverse("memories:take_back"), until)
    return go_back(request)


@require_safe
def topic(request: MemoryRequest) -> HttpResponse:
    """Everything about a topic, to be looked through: what stays ticked is what goes."""
    form = TopicForm(request.GET if "topic" in request.GET else None)
    words = form.cleaned_data["topic"].replace("\x00", "") if form.is_valid() else ""
    selection = request.memory.about(words)
    shown_ids = selection.ids[:SHOWN]
    found = request.memory.named([str(key) for key in shown_ids])
    context = {"form": form, "topic": words, "found": found, "more": selection.count - len(found)}
    return shown(request, "data/topic.html", context)


@require_POST
def forget_topic(request: MemoryRequest) -> HttpResponse:
    """Deletes what is ticked. The page listed each one in full: there is nothing left to preview."""
    selection = chosen(request)
    if not selection.count:
        say(request, "Nothing was deleted: nothing was ticked.", level=messages.WARNING)
        return redirect("memories:topic")
    return _deleted(request, selection)
