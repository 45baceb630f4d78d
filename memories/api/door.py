"""Who comes in: the person whose key was brought, and nobody else. No cookie opens this door."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from accounts import keys
from accounts.models import Key
from memories import limits
from memories.api.problems import AWAY, TOO_LARGE, Problem, misshapen, problem_of
from memories.errors import MemoriesError
from memories.middleware import MemoryRequest
from memories.scoped_cache import Name

View = Callable[..., HttpResponseBase]


class ProgramRequest(MemoryRequest):
    """A request whose key was good: `memory` is that of the person who made it."""

    key: Key


def told(view: View) -> View:
    """Answers in JSON whatever happens. No token against forged requests is needed: browsers send no keys unasked."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def answered(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, **kwargs)
        except Problem as problem:
            return problem.answer()
        except MemoriesError as error:
            return problem_of(error).answer()
        except RequestDataTooBig:
            return TOO_LARGE.answer()
        except (OperationalError, InterfaceError):
            return AWAY.answer()

    return answered


def opened(request: Any) -> ProgramRequest:
    """The same request, now its key's person's. Problem 401 without a good key, 429 beyond what one person may ask."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    key = keys.holder(token.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        raise _unknown(given=bool(scheme))
    request.key, request.user = key, key.account
    admit(request, "programs")
    if not keys.used_today(key):
        _note_use(request)
    program: ProgramRequest = request
    return program


def _note_use(request: Any) -> None:
    """A line in the log a day; the other requests of that day write nothing."""
    with transaction.atomic():
        if keys.first_use_today(request.key):
            request.memory.note("key used")


def _unknown(*, given: bool) -> Problem:
    words = (
        "Send a key of yours as “Authorization: Bearer msk_…”. They are made on the site, under “Keys for programs”."
    )
    if given:
        words = f"This key is unknown, revoked or over, or its account is closed. {words}"
    return Problem(401, "A key is needed", words, {"WWW-Authenticate": 'Bearer realm="memsite"'})


def admit(request: Any, name: Name) -> None:
    """Counts one use of this kind, together with those on the site. Problem 429."""
    wait = limits.wait(request, name)
    if wait:
        words = "That was a lot at once. Wait a moment, then try again; nothing was done."
        raise Problem(429, "Too many requests", words, {"Retry-After": str(wait)})


def writing(request: ProgramRequest) -> None:
    """Problem 403 for a key that may only read."""
    if not request.key.may_write:
        words = "This key may only read. Make one that may write under “Keys for programs”; nothing was changed."
        raise Problem(403, "This key only reads", words)


def body_of(request: HttpRequest) -> Any:
    """The JSON that was sent. Problem 415 or 422."""
    if request.content_type != "application/json":
        raise Problem(415, "Not JSON", "Send JSON, with “Content-Type: application/json”.")
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        raise misshapen("this is not JSON that can be read.") from None
