"""Writes down when a session was last seen, and on which device: what a person ends sessions by."""

from __future__ import annotations

import datetime as dt

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.http import HttpRequest
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

MINUTE = dt.timedelta(minutes=1)


class SeenMiddleware(MiddlewareMixin):
    """In the place of allauth's own, which writes for each page: there, looking at a page waited for whoever was
    writing, and for the disk. A minute is as exact as the list of sessions shows; a new device is told at once."""

    def process_request(self, request: HttpRequest) -> None:
        key = request.session.session_key
        if key and request.user.is_authenticated and not _seen_just_now(request, key):
            UserSession.objects.create_from_request(request)


def _seen_just_now(request: HttpRequest, key: str) -> bool:
    """In this minute, as the same person, from the same place, with the same program."""
    longest = UserSession._meta.get_field("user_agent").max_length
    seen = UserSession.objects.filter(
        session_key=key,
        user_id=request.user.pk,
        ip=get_adapter().get_client_ip(request),
        user_agent=request.headers.get("User-Agent", "")[:longest],
        last_seen_at__gt=timezone.now() - MINUTE,
    )
    return bool(seen.exists())
