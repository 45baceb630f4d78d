"""Answers in words what a browser says of a passkey where it makes no sense."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from memsite.views import bad_request

MALFORMED = (KeyError, TypeError, ValueError, RecursionError)
"""What allauth and fido2 raise at words that no browser says; they look for well-formed ones alone."""


class MalformedPasskeyMiddleware(MiddlewareMixin):
    """400 in the place of a fault of ours: anyone can send such words, also without an account."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not match.view_name.startswith("mfa_") or "credential" not in request.POST:
            return None
        return bad_request(request, error) if isinstance(error, MALFORMED) else None
