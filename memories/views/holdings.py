"""What we hold and where: the inventory, with live counts."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from memories.middleware import MemoryRequest


@require_safe
def holdings(request: MemoryRequest) -> HttpResponse:
    lines = request.memory.holdings()
    context = {
        "tables": [line for line in lines if line.goes_with],
        "places": [line for line in lines if not line.goes_with and line.ours],
        "outside": [line for line in lines if not line.ours],
    }
    return render(request, "erasure/holdings.html", context)
