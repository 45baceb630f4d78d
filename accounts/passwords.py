"""Says yes or no to a new password, and what is wanted in one line instead of a list of four."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    NumericPasswordValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError

LEAST = 10
"""Characters. Length is what counts; rules on kinds of characters only make passwords hard to remember
(NIST SP 800-63B, 3.1.1)."""


class PasswordValidator:
    """Django's own four judgements, the first objection alone: mending it often answers the others."""

    def __init__(self) -> None:
        self.judges: list[Any] = [
            MinimumLengthValidator(LEAST),
            NumericPasswordValidator(),
            CommonPasswordValidator(),
            UserAttributeSimilarityValidator(user_attributes=("email",)),
        ]

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError with one sentence."""
        for judge in self.judges:
            try:
                judge.validate(password, user)
            except ValidationError as objection:
                raise ValidationError(objection.messages[0], code=objection.error_list[0].code) from None

    def get_help_text(self) -> str:
        return f"At least {LEAST} characters. A few unrelated words are good; your address or a common password is not."
