"""One memory: its page, and what can be done to it."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from memories.data_forms import ExpiryForm, MemoryForm, VersionForm
from memories.errors import InvalidText, StaleVersion
from memories.middleware import MemoryRequest
from memories.views.contexts import data_context, memory_context
from memories.views.partials import close_offer, go_back, list_query, offer_undo, say, shown, wants


@require_safe
def memory(request: MemoryRequest, memory_id: uuid.UUID) -> HttpResponse:
    context = memory_context(request, memory_id)
    if wants(request, f"memory-{memory_id}"):
        return shown(request, "data/_row.html", context | {"query": list_query(request)})
    return shown(request, "data/_memory.html" if wants(request, "drawer-body") else "data/memory.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemoryRequest, memory_id: uuid.UUID) -> HttpResponse:
    """The form, in the row's place or on its own page; Save keeps id, date and source."""
    if request.method == "POST":
        return _save(request, memory_id)
    found = request.memory.get(str(memory_id))
    form = MemoryForm(initial={"text": found.memory, "version": found.version})
    return _edit_form(request, memory_id, form)


def _save(request: MemoryRequest, memory_id: uuid.UUID) -> HttpResponse:
    form = MemoryForm(request.POST)
    form.is_valid()
    try:
        request.memory.update(
            str(memory_id), form.cleaned_data.get("text", ""), version=form.cleaned_data.get("version")
        )
    except InvalidText as error:
        form.add_error("text", str(error))
        return _edit_form(request, memory_id, form, status=422)
    except StaleVersion as error:
        form.add_error("text", f"{error} What you wrote is still here, to copy.")
        return _edit_form(request, memory_id, form, status=409, stale=True)
    if request.GET.get("at") == "review":
        request.memory.keep(memory_id)
    if wants(request, f"memory-{memory_id}"):
        return _row(request, memory_id)
    say(request, "Saved. The text before is kept as a version.")
    return go_back(request, memory_id)


def _row(request: MemoryRequest, memory_id: uuid.UUID) -> HttpResponse:
    context = memory_context(request, memory_id) | {"query": list_query(request)}
    return shown(request, "data/_row.html", context)


def _edit_form(
    request: MemoryRequest, memory_id: uuid.UUID, form: MemoryForm, *, status: int = 200, stale: bool = False
) -> HttpResponse:
    context = {
        "form": form,
        "stale": stale,
        "memory": request.memory.get(str(memory_id)),
        "query": list_query(request),
        "at": request.GET.get("at", ""),
    }
    part = wants(request, f"memory-{memory_id}")
    return shown(request, "data/_row_form.html" if part else "data/edit.html", context, status=status)


@require_POST
def delete(request: MemoryRequest, memory_id: uuid.UUID) -> HttpResponse:
    """Gone at once, with ten seconds to take it back; no dialog."""
    until = request.memory.hold(str(memory_id))
    offer_undo(request, "Deleted.", reverse("memories:undo", args=[memory_id]), until, part=True)
    if wants(request, "memory-list"):
        return shown(request, "data/_changed.html", data_context(request))
    if request.GET.get("at") == "memory":
        return redirect("memories:data")
    return go_back(request)


@require_POST
def undo(request: MemoryRequest, memory_id: uuid.UUID) -> HttpResponse:
    request.memory.restore(str(memory_id))
    close_offer(request)
    if wants(request, "memory-list"):
        return shown(request, "data/_changed.html", data_context(request) | {"offer": None})
    say(request, "Taken back.")
    return go_back(request)


@require_POST
def pause(request: MemoryRequest, memory_id: uuid.UUID) -> HttpResponse:
    request.memory.pause(memory_id)
    return _changed(request, memory_id, "Paused: it is not used in replies until you resume it.")


@require_POST
def resume(request: MemoryRequest, memory_id: uuid.UUID) -> HttpResponse:
    request.memory.resume(memory_id)
    return _changed(request, memory_id, "Resumed: it is used in replies again.")


def _changed(request: MemoryRequest, memory_id: uuid.UUID, words: str) -> HttpResponse:
    if wants(request, "memory-list"):
        return shown(request, "data/_changed.html", data_context(request))
    say(request, words)
    return go_back(request, memory_id)


@require_POST
def expire(request: MemoryRequest, memory_id: uuid.UUID) -> HttpResponse:
    form = ExpiryForm(request.POST)
    try:
        if not form.is_valid():
            raise InvalidText(str(form.errors["until"][0]))
        changed = request.memory.expire(memory_id, form.moment())
    except InvalidText as error:
        context = memory_context(request, memory_id) | {"expiry_problem": str(error)}
        return shown(request, "data/memory.html", context, status=422)
    say(request, "Saved." if changed.expires_at else "Saved: it has no end any more.")
    return redirect("memories:memory", memory_id)


@require_POST
def revert(request: MemoryRequest, memory_id: uuid.UUID) -> HttpResponse:
    form = VersionForm(request.POST)
    number = form.cleaned_data.get("number", 0) if form.is_valid() else 0
    try:
        request.memory.revert(memory_id, number, version=form.cleaned_data.get("version"))
    except StaleVersion as error:
        context = memory_context(request, memory_id) | {"stale": str(error)}
        return shown(request, "data/memory.html", context, status=409)
    say(request, "Brought back. The text before is kept as a version.")
    return redirect("memories:memory", memory_id)
