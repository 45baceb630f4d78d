"""What left the site."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from memories.middleware import MemoryRequest
from memories.views.partials import shown


@require_safe
def sent(request: MemoryRequest) -> HttpResponse:
    number = request.GET.get("page", "")[:7]
    page = request.memory.sent(number=int(number) if number.isdecimal() else 1)
    context = {
        "page": page,
        "previous": f"?page={page.number - 1}" if page.number > 1 else "",
        "next": f"?page={page.number + 1}" if page.number < page.pages else "",
    }
    return shown(request, "data/sent.html", context)
