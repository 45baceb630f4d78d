"""Forms of the account pages where allauth's own words or choices are not ours."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, ResetPasswordKeyForm, SetPasswordForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth ships no types
    """A key that signs in by itself, unless the person wants it for the second step alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = "So that you can tell your passkeys apart."
        alone = self.fields["passwordless"]
        alone.initial, alone.label = True, "Sign in with it alone"
        alone.help_text = (
            "No password is asked for then: your device checks that it is you. Otherwise it is a second step."
        )


class OneMoreTime:
    """For forms that ask twice for a new password."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {"oldpassword": "Present password", "password1": "New password", "password2": "Once more"}
        for name in words.keys() & self.fields.keys():
            self.fields[name].label = words[name]


class NewPasswordForm(OneMoreTime, ChangePasswordForm):  # type: ignore[misc]  # allauth ships no types
    """Signed in, with the password of before."""


class FirstPasswordForm(OneMoreTime, SetPasswordForm):  # type: ignore[misc]
    """Signed in, without one."""


class ForgottenPasswordForm(OneMoreTime, ResetPasswordKeyForm):  # type: ignore[misc]
    """By the link in an e-mail."""
