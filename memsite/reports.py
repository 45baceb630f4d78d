"""Takes the browser's word that a page broke the policy: a line in the log, and no way to fill it."""

from __future__ import annotations

import json
import logging
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from memsite.limits import Rate, network_of, within

logger = logging.getLogger("memsite.security")
LARGEST = 8_192
"""Bytes of a report."""
EACH, ALL = Rate(10, 60), Rate(300, 3600)


@csrf_exempt  # browsers send reports without a token; nothing is changed by one
@login_not_required
@require_POST
def policy_report(request: HttpRequest) -> HttpResponse:
    """204 whatever was sent; too many, too large or malformed ones leave no trace."""
    if int(request.META.get("CONTENT_LENGTH") or 0) <= LARGEST and within("reports", network_of(request), EACH):
        told = _told(request.read(LARGEST))
        if told and within("reports", "all", ALL):
            logger.warning("a page broke the policy: %s", told)
    return HttpResponse(status=204)


def _told(body: bytes) -> str:
    """The directive and the host alone: both from lists of our own or cut down to plain letters."""
    try:
        report: Any = json.loads(body)["csp-report"]
        directive, blocked = str(report["effective-directive"]), str(report.get("blocked-uri", ""))
        host = urlsplit(blocked).hostname or blocked
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ""
    return " ".join(
        "".join(letter for letter in word if letter.isascii() and (letter.isalnum() or letter in "-."))[:60]
        for word in (directive, host)
    )
