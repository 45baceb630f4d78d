"""What goes wrong, as programs are told it: problem details (RFC 9457), in the sentences that pages use."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

from django.http import JsonResponse

from memories import errors
from memories.middleware import STATUS


@dataclasses.dataclass(frozen=True, slots=True)
class Problem(Exception):
    """Ends a request; `detail` is a sentence, and holds nothing of anyone's."""

    status: int
    title: str
    detail: str
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def answer(self) -> JsonResponse:
        body = {"type": "about:blank", "title": self.title, "status": self.status, "detail": self.detail}
        kind = "application/problem+json"
        return JsonResponse(body, status=self.status, headers=dict(self.headers), content_type=kind)


def problem_of(error: errors.MemoriesError) -> Problem:
    """The same status as on pages; a share that is used up is a matter of waiting."""
    _, status, title = next(row for row in STATUS if isinstance(error, row[0]))
    if isinstance(error, errors.BudgetSpent) and error.ends is not None:
        left = max(1, math.ceil((error.ends - dt.datetime.now(dt.UTC)).total_seconds()))
        words = "Today's share of the language model is used up; nothing was saved. Word for word still works."
        return Problem(429, "Too many requests", words, {"Retry-After": str(left)})
    headers = {"Retry-After": str(getattr(error, "retry_after", None) or 5)} if status == 503 else {}
    return Problem(status, title, str(error), headers)


def misshapen(detail: str) -> Problem:
    return Problem(422, "This does not fit", f"{detail[:1].upper()}{detail[1:]} Nothing was changed.")


def switched_off(detail: str) -> Problem:
    return Problem(403, "Switched off", detail)


def no_such_method(allowed: Any) -> Problem:
    words = ", ".join(allowed)
    return Problem(405, "No such method", f"This address answers to {words}.", {"Allow": words})


NOWHERE = Problem(404, "Not found", "There is nothing at this address. /api/v1/openapi.json lists what there is.")
AWAY = Problem(503, "Just a moment", errors.EngineUnavailable.default, {"Retry-After": "5"})
TOO_LARGE = Problem(413, "Too large", "This is more than the site takes at once. Nothing was saved.")
