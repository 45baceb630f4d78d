"""The pages of the administration that break the glass; without MEMSITE_BREAK_GLASS there are none."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.factors import has_second_factor
from accounts.models import User
from memories import glass
from memories.admin_views import recorded
from memories.errors import Unavailable

HELD = "broken_glass"
"""Session key: which view this administrator's browser opened, and whose it is."""


class GlassForm(forms.Form):
    """Why; the person reads it word for word."""

    reason = forms.CharField(
        min_length=15,
        max_length=120,
        help_text="They read this word for word, and not who you are. At least 15 characters.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def open_glass(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for the reason; the person knows before anything is shown."""
    person = _whose(request, pk)
    form = GlassForm(request.POST if request.method == "POST" else None)
    status, problem = 422 if form.is_bound else 200, ""
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            grant = glass.break_glass(person, cast(User, request.user), reason)
        except OSError:
            status, problem = 503, "They could not be told by e-mail, so nothing was opened. Try again later."
        else:
            recorded(request, person, f"Broke the glass: {reason}")
            request.session[HELD] = {"grant": str(grant), "person": person.pk}
            return redirect("admin:look", person.pk)
    context = _context(request, person, "Break the glass", form=form, minutes=glass.minutes(), problem=problem)
    return render(request, "admin/accounts/user/glass.html", context, status=status)


@require_safe
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """One page of the memories, while the view is open."""
    person = _whose(request, pk)
    held = request.session.get(HELD)
    number = request.GET.get("page", "1")[:7]
    if not held or held["person"] != person.pk:
        return redirect("admin:break_glass", person.pk)
    try:
        seen = glass.look(person, uuid.UUID(held["grant"]), number=int(number) if number.isdecimal() else 1)
    except Unavailable as error:
        request.session.pop(HELD)
        messages.warning(request, str(error))
        return redirect("admin:break_glass", person.pk)
    return render(request, "admin/accounts/user/look.html", _context(request, person, "Memories", seen=seen))


@require_POST
def shut(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends the view before its time."""
    person = _whose(request, pk)
    request.session.pop(HELD, None)
    messages.success(request, "The view is closed. What was looked at stands in their log.")
    return redirect("admin:accounts_user_change", person.pk)


def _whose(request: HttpRequest, pk: int) -> User:
    """Superusers with a second factor alone; elsewhere the pages are not there."""
    if not glass.minutes():
        raise Http404
    admin_user = cast(User, request.user)
    if not admin_user.is_superuser or not has_second_factor(admin_user):
        raise PermissionDenied
    return get_object_or_404(User, pk=pk)


def _context(request: HttpRequest, person: User, title: str, **more: Any) -> dict[str, Any]:
    return {**admin.site.each_context(request), "title": title, "person": person, **more}
