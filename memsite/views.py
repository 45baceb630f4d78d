"""The pages that belong to no one: the landing page and what Django calls when a request fails."""

from __future__ import annotations

import sys

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("memories:chat")
    return render(request, "home.html")


def server_error(request: HttpRequest) -> HttpResponse:
    """Renders without a user or messages: the database may be what failed, and that is said as what it is."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = render_plain(request, "503.html", status=503)
        response.headers["Retry-After"] = "5"
        return response
    return render_plain(request, "500.html", status=500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was too long is said as what it is: to send it once more would not help."""
    if isinstance(exception, RequestDataTooBig):
        return render_plain(request, "413.html", status=413)
    return render_plain(request, "400.html", status=400)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """allauth's pages end here when something was tried too often."""
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = "60"
    return response


def render_plain(request: HttpRequest, template: str, *, status: int) -> HttpResponse:
    """A page that reads nothing from the session or the database."""
    return HttpResponse(render_to_string(template, {"request_id": getattr(request, "id", "")}), status=status)
