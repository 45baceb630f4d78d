"""Keeps the administration closed to whoever has only a password to lose."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.deprecation import MiddlewareMixin

from accounts.factors import has_second_factor
from accounts.models import User

OPEN = ("admin:logout", "admin:login")


class SecondFactorMiddleware(MiddlewareMixin):
    """Of the administration, staff without a second factor reach the page that sets one up, and nothing else."""

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or "admin" not in match.app_names or match.view_name in OPEN:
            return None
        user = cast(User, request.user)
        if not user.is_authenticated or not user.is_staff or has_second_factor(user):
            return None
        messages.warning(request, "Administrators need a second step to sign in. Add one here, then come back.")
        return redirect("mfa_index")
