"""Forms of the account pages where allauth's own words or choices are not ours."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, ResetPasswordKeyForm, SetPasswordForm, SignupForm
from allauth.core import context
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.forms import BooleanField
from django.http import HttpRequest

from accounts import keys


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


class SignUpForm(SignupForm):  # type: ignore[misc]  # allauth ships no types
    """An account by e-mail. Hashing takes the longest of it: left out where the address has an account, the time alone
    would tell so."""

    def try_save(self, request: HttpRequest) -> Any:
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class OneMoreTime:
    """For forms that ask twice for a new password."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {"oldpassword": "Present password", "password1": "New password", "password2": "Once more"}
        for name in words.keys() & self.fields.keys():
            self.fields[name].label = words[name]


class EndsKeys:
    """For forms that set a new password in the place of one that somebody else may know: whoever was in the account may
    have made a key, which would outlast it. So the keys go too, unless the person says otherwise."""

    fields: dict[str, Any]
    cleaned_data: dict[str, Any]
    user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = keys.good_keys(self.user) if self.user else 0
        if held:
            them, word = ("it", "key") if held == 1 else ("them", "keys")
            self.fields["end_keys"] = BooleanField(
                label=f"Revoke my {word} for programs too",
                help_text=f"You have {held} {word}. Whoever has {them} reaches your memories, whatever the password. "
                f"Keep {them} only if you know every program that has one.",
                required=False,
                initial=True,
            )

    def save(self) -> None:
        with transaction.atomic():
            super().save()  # type: ignore[misc]  # allauth's form
            if self.cleaned_data.get("end_keys"):
                count = keys.revoke_all(self.user)
                keys.all_revoked.send(type(self), request=context.request, user=self.user, count=count)


class NewPasswordForm(EndsKeys, OneMoreTime, ChangePasswordForm):  # type: ignore[misc]  # allauth ships no types
    """Signed in, with the password of before."""


class FirstPasswordForm(OneMoreTime, SetPasswordForm):  # type: ignore[misc]
    """Signed in, without one."""


class ForgottenPasswordForm(EndsKeys, OneMoreTime, ResetPasswordKeyForm):  # type: ignore[misc]
    """By the link in an e-mail."""
