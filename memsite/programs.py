"""Addresses of programs: no cookie counts there, whoever sends it."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin

PROGRAMS = "/api/"


class NoCookiesMiddleware(MiddlewareMixin):
    """Stands before the sessions. A page elsewhere can make a browser send its cookies, but no key; so with no cookie
    read there is nothing to forge."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith(PROGRAMS):
            request.META.pop("HTTP_COOKIE", None)
            request.COOKIES = {}
