"""What left the site."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from memories.middleware import MemoryRequest
from memories.views.partials import neighbours, page_number, shown


@require_safe
def sent(request: MemoryRequest) -> HttpResponse:
    page = request.memory.sent(number=page_number(request))
    return shown(request, "data/sent.html", {"page": page} | neighbours(request, page))
