"""Forms of the account pages where allauth's own words or choices are not ours."""

from __future__ import annotations

from typing import Any

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
