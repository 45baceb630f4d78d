"""allauth's override points."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from memsite.limits import network_of

WAYS = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use your authenticator app or a recovery code",
    "mfa_reauthenticate:webauthn": "Use your passkey",
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """The site's own choices beside the settings."""

    error_messages: ClassVar[Any] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account is suspended.",
        "duplicate_email": "This is your address already.",
        "email_password_mismatch": "The address or the password is not right. Try again, or choose a new password.",
        "enter_current_password": "This is not your present password. Nothing was changed.",
        "incorrect_code": "That was not the code, or it is too old. Try again, or have a new one sent.",
        "incorrect_password": "That is not your password. Try again.",
        "invalid_password_reset": "This link does not work any more. Your password was not changed.",
        "too_many_login_attempts": "Too many wrong tries from here. Wait five minutes, or choose a new password.",
        "same_as_current": "This is your address already.",
        "rate_limited": "That was too often in a short time, so nothing was done. Wait a few minutes, then try again.",
    }

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failed sign-ins count for an account and a network together: otherwise five wrong passwords from anywhere
        would lock its owner out everywhere."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{network_of(request)}"

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """As MEMSITE_SIGNUP says; accounts made in the admin sign in all the same."""
        return bool(settings.SIGNUP_OPEN)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """How one can prove oneself, the usual way first. allauth knows none for an account without a password and a
        second factor, and lets it pass; here it gets a code by e-mail."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        for way in ways:
            way["description"] = WAYS.get(way["id"], way["description"])
        return ways or [{"id": "code", "description": "Get a code by e-mail", "url": reverse("prove"), "own": True}]
