"""What we hold and where: the inventory, with live counts."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from memories.middleware import MemoryRequest

GOES_WITH = {
    "memories": "Erased with your memories",
    "conversations": "Erased with your chats",
    "account": "Erased with your account",
}


@require_safe
def holdings(request: MemoryRequest) -> HttpResponse:
    lines = request.memory.holdings()
    tables = [line for line in lines if line.goes_with]
    context = {
        "groups": [
            (words, [line for line in tables if line.goes_with == size and line.count])
            for size, words in GOES_WITH.items()
        ],
        "empty": [line for line in tables if not line.count],
        "how": tables[0],
        "places": [line for line in lines if not line.goes_with and line.ours],
        "outside": [line for line in lines if not line.ours],
    }
    return render(request, "erasure/holdings.html", context)
