"""The two ways the site runs: on one's own machine, and for others, where addresses are verified."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def served(settings: Any) -> Any:
    """As in a real deployment: an account works once its address is confirmed by code."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    return settings
