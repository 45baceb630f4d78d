"""Receipts of erasures: the list, a page to print, a file to keep."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from memories.errors import MemoryNotFound
from memories.forgetting import last_receipt
from memories.middleware import MemoryRequest
from memories.types import Receipt

LAST = "last_receipt"
"""The session's key for the receipt of an account that is gone: only the browser that erased it may look."""


@require_safe
def receipts(request: MemoryRequest) -> HttpResponse:
    return render(request, "erasure/receipts.html", {"receipts": request.memory.receipts()})


@require_safe
def receipt(request: MemoryRequest, receipt_id: uuid.UUID) -> HttpResponse:
    return render(request, "erasure/receipt.html", {"receipt": request.memory.receipt(receipt_id)})


@require_safe
def receipt_json(request: MemoryRequest, receipt_id: uuid.UUID) -> HttpResponse:
    return _file(request.memory.receipt(receipt_id))


@require_safe
@login_not_required
def erased(request: HttpRequest, receipt_id: uuid.UUID) -> HttpResponse:
    return render(request, "erasure/receipt.html", {"receipt": _last(request, receipt_id), "gone": True})


@require_safe
@login_not_required
def erased_json(request: HttpRequest, receipt_id: uuid.UUID) -> HttpResponse:
    return _file(_last(request, receipt_id))


def _last(request: HttpRequest, receipt_id: uuid.UUID) -> Receipt:
    if request.session.get(LAST) != str(receipt_id):
        raise MemoryNotFound
    return last_receipt(receipt_id)


def _file(receipt: Receipt) -> HttpResponse:
    response = JsonResponse(as_json(receipt), json_dumps_params={"indent": 1, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="receipt-{receipt.id}.json"'
    return response


def as_json(receipt: Receipt) -> dict[str, Any]:
    """The receipt as a file. Numbers and fixed sentences; nothing of anyone."""
    settled = receipt.settled_at
    return {
        "receipt": receipt.id,
        "erased": receipt.size,
        "asked_by": receipt.asked_by,
        "started_at": receipt.started_at.isoformat(),
        "finished_at": receipt.finished_at.isoformat(),
        "stores": [
            {"store": line.store, "found": line.found, "removed": line.removed, "left": line.left}
            for line in receipt.stores
        ],
        "freed_places_overwritten_at": settled.isoformat() if settled else None,
        "remains_outside_our_reach": list(receipt.remains),
    }
