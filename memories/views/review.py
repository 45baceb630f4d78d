"""What waits for the person's yes."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from memories.middleware import MemoryRequest
from memories.types import Filter
from memories.views.partials import close_offer, neighbours, offer_undo, open_offer, page_number, say, shown

WAITING = Filter(state="review")


@require_safe
def review(request: MemoryRequest) -> HttpResponse:
    listing = request.memory.browse(WAITING, order="oldest", number=page_number(request))
    context = {
        "page": listing.page,
        "offer": open_offer(request),
        "ask_first": request.memory.preferences.ask_first,
    } | neighbours(request, listing.page)
    return shown(request, "data/review.html", context)


@require_POST
def keep(request: MemoryRequest, memory_id: uuid.UUID) -> HttpResponse:
    request.memory.keep(memory_id)
    soon = request.memory.undo_until()
    offer_undo(request, "Kept: it is used in replies from now on.", reverse("memories:unkeep", args=[memory_id]), soon)
    return redirect("memories:review")


@require_POST
def unkeep(request: MemoryRequest, memory_id: uuid.UUID) -> HttpResponse:
    request.memory.ask_again(memory_id)
    close_offer(request)
    say(request, "It waits for you again.")
    return redirect("memories:review")


@require_POST
def discard(request: MemoryRequest, memory_id: uuid.UUID) -> HttpResponse:
    until = request.memory.hold(str(memory_id))
    url = reverse("memories:undo", args=[memory_id]) + "?at=review"
    offer_undo(request, "Discarded: it will not be learned again.", url, until)
    return redirect("memories:review")
