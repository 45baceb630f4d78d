"""Tells the browser to forget what it kept of the site when somebody signs out or erases their account."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

LEAVING = {"account_logout", "admin:logout", "memories:wipe_account"}
"""Pages after whose form nobody is signed in; the last also where it went on after a proof."""


class LeavingMiddleware(MiddlewareMixin):
    """Cookies are not named: the new, empty session carries the words "You are signed out"."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        match = request.resolver_match
        left = match is not None and match.view_name in LEAVING and request.method == "POST"
        # A refused form leads nowhere: another site's page could send one.
        if (
            left
            and response.status_code == 302
            and not request.user.is_authenticated
            and settings.SESSION_COOKIE_SECURE
        ):
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
