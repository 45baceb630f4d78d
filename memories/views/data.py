"""Your data: the list of everything remembered, its switches, and adding to it by hand."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from memories import charts
from memories.data_forms import MemoryForm, SwitchesForm, UndoForm
from memories.errors import InvalidText, QuotaExceeded
from memories.middleware import MemoryRequest
from memories.templatetags.data_words import KINDS, SOURCES, STATES
from memories.views.contexts import data_context, list_context
from memories.views.partials import close_offer, go_back, open_offer, say, shown, wants


@require_safe
def browse(request: MemoryRequest) -> HttpResponse:
    if wants(request, "memory-list"):
        return shown(request, "data/_list.html", list_context(request))
    return shown(request, "data/list.html", data_context(request))


@require_POST
def add(request: MemoryRequest) -> HttpResponse:
    form = MemoryForm(request.POST)
    form.is_valid()
    try:
        memory, new = request.memory.write(form.cleaned_data.get("text", ""))
    except (InvalidText, QuotaExceeded) as error:
        form.add_error("text", str(error))
        return shown(request, "data/list.html", data_context(request) | {"add_form": form}, status=422)
    say(
        request,
        "Saved. It is used in replies from now on." if new else "You have this already; it was not saved twice.",
    )
    return redirect(reverse("memories:data") + f"#memory-{memory.id}")


@require_POST
def switch(request: MemoryRequest) -> HttpResponse:
    form = SwitchesForm(request.POST)
    form.is_valid()
    before = request.memory.preferences
    request.memory.choose(**form.cleaned_data)
    after = request.memory.preferences
    if before.use_memories and not after.use_memories:
        say(request, "Paused: replies do not use your memories. Nothing was deleted.")
    elif before != after:
        say(request, "Saved. It holds from the next message on.")
    return go_back(request)


@require_POST
def take_back(request: MemoryRequest) -> HttpResponse:
    """Undoes a deletion: what was deleted together comes back together."""
    form = UndoForm(request.POST)
    count = request.memory.restore_held(form.cleaned_data["moment"]) if form.is_valid() else 0
    if not count:
        say(request, "It is too late to take this back: it is gone.", level=messages.WARNING)
    else:
        say(request, "Taken back." if count == 1 else f"Taken back: {count:,} memories.")
    if open_offer(request):
        close_offer(request)
    return go_back(request)


@require_safe
def pictures(request: MemoryRequest) -> HttpResponse:
    found = request.memory.pictures()
    tables = [
        (
            "came",
            "When memories came in",
            [(f"{start:%B %Y}", n) for start, n in zip(found.starts, found.saved, strict=True)],
        ),
        ("source", "Where they came from", [(SOURCES[name], n) for name, n in found.source.items()]),
        ("used", "How often they were used", [(name.capitalize(), n) for name, n in found.used.items()]),
        ("kind", "What kinds there are", [(KINDS[name], n) for name, n in found.kind.items()]),
        ("state", "What state they are in", [(STATES[name], n) for name, n in found.state.items()]),
    ]
    drawn = [
        {"name": name, "title": title, "rows": rows, "svg": charts.drawn(name, title, rows)}
        for name, title, rows in tables
    ]
    return shown(request, "data/pictures.html", {"pictures": drawn, "total": found.total})
