"""Second factors: how their secrets are kept, and who has one."""

from __future__ import annotations

import base64
from typing import Any, ClassVar

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from accounts.models import User

FIRST_NAMES = ("My passkey", "Another passkey")


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """allauth keeps the seeds of authenticator apps and recovery codes in clear unless told otherwise: whoever reads a
    backup could make codes. Here they are encrypted under the site's secret, which is in no backup of the database."""

    error_messages: ClassVar[Any] = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": "Turn your second step off before you change your address. Nothing was changed.",
        "cannot_generate_recovery_codes": "Recovery codes are for those with an authenticator app or a passkey.",
        "incorrect_code": "That was not the code. Codes change every half minute: try the next one.",
        "unverified_email": "Confirm your e-mail address first, so that we can tell you of changes.",
    }

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises cryptography's InvalidToken where the site's secret is another one by now."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        have = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return FIRST_NAMES[have] if have < len(FIRST_NAMES) else f"Passkey {have + 1}"


def _box() -> MultiFernet:
    """A key of its own, from the site's secret and those it replaced, so that none is used for two purposes."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(str(secret))) for secret in secrets])


def _key(secret: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"memsite.accounts.factors")
    return base64.urlsafe_b64encode(derived.derive(secret.encode()))


def has_second_factor(user: User) -> bool:
    """An authenticator app or a passkey; recovery codes alone do not count."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=kinds).exists())
