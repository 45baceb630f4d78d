"""How long things are kept: a choice, what it would erase today, and the yes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from memories.middleware import MemoryRequest
from memories.views.erasure_forms import RetentionForm


@require_http_methods(["GET", "HEAD", "POST"])
def keeping(request: MemoryRequest) -> HttpResponse:
    """GET shows a choice and what it would do; POST makes it."""
    chosen = request.memory.preferences
    now = {"months": str(chosen.retention_months or ""), "basis": chosen.retention_basis}
    form = RetentionForm(request.POST if request.method == "POST" else request.GET or now)
    if not form.is_valid():
        return render(request, "erasure/keeping.html", {"form": RetentionForm(now), "wrong": True}, status=422)
    months, basis = form.chosen()
    if request.method == "POST":
        request.memory.keep_for(months, basis)
        messages.success(request, _said(months))
        return redirect("memories:keeping")
    context = {
        "form": form,
        "preview": request.memory.preview_keeping(months, basis),
        "same": (months, basis if months else "saved")
        == (chosen.retention_months, chosen.retention_basis if months else "saved"),
    }
    return render(request, "erasure/keeping.html", context)


def _said(months: int | None) -> str:
    if months is None:
        return "Memories are kept until you delete them."
    return f"Memories are kept for {months} months. What is older is out of use now and erased within minutes."
