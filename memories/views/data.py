"""Your data: the list of everything remembered."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from memories.middleware import MemoryRequest


@require_safe
def browse(request: MemoryRequest) -> HttpResponse:
    query = request.GET.get("q", "")[:500]
    page = request.memory.page(query=query)
    return render(request, "data/list.html", {"page": page, "q": query})


@require_POST
def delete(request: MemoryRequest, memory_id: uuid.UUID) -> HttpResponse:
    request.memory.hold(str(memory_id))
    return redirect("memories:data")


@require_POST
def undo(request: MemoryRequest, memory_id: uuid.UUID) -> HttpResponse:
    request.memory.restore(str(memory_id))
    return redirect("memories:data")
