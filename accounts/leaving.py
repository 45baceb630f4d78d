"""Tells the browser to forget what it kept of the site when somebody signs out."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin


class LeavingMiddleware(MiddlewareMixin):
    """Cookies are not named: the new, empty session carries the words "You are signed out"."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        match = request.resolver_match
        left = match is not None and match.view_name == "account_logout" and request.method == "POST"
        if left and settings.SESSION_COOKIE_SECURE:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
