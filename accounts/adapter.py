"""allauth's override points."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """The site's own choices beside the settings."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """As MEMSITE_SIGNUP says; accounts made in the admin sign in all the same."""
        return bool(settings.SIGNUP_OPEN)
