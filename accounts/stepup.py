"""Asks for a fresh proof before what cannot be undone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.proofs import ask, proved

View = Callable[..., HttpResponse]


def fresh_sign_in(view: View) -> View:
    """The view is reached only by who proved who they are within ACCOUNT_REAUTHENTICATION_TIMEOUT; others do so first,
    and then what they asked for goes on. Accounts with nothing to confirm by (no password) get a code by e-mail."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if proved(request) else ask(request)

    return asked
