"""/metrics: the process's counters, and how much waits, from the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily

from memories.storage import everyone
from memsite.metrics import REGISTRY

GAUGES = {
    "memories": "Memories kept.",
    "conversations": "Conversations kept.",
    "pending": "Turns still to be read for memories.",
    "unlearned": "Turns that could not be read and wait for their person.",
    "failed": "Replies that failed and are still shown.",
    "erasures": "Receipts of erasures.",
}
OVERDUE = (60, 600, 3600)
"""Seconds by which a turn can be late."""


class Waiting:
    """Asked anew at each visit of the collector."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        numbers = dict(everyone.ask("site_numbers"))
        for name, words in GAUGES.items():
            yield GaugeMetricFamily(f"memsite_{name}", words, value=numbers[name])
        late = GaugeMetricFamily(
            "memsite_learning_late", "Turns due for longer than so many seconds.", labels=["seconds"]
        )
        for seconds in OVERDUE:
            moment = timezone.now() - dt.timedelta(seconds=seconds)
            late.add_metric([str(seconds)], everyone.ask("waiting_since", moment=moment)[0][0])
        yield late


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For who brings the token; without one in the settings the page does not exist."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not constant_time_compare(given, token):
        raise Http404
    gauges = b"".join(generate_latest(_Once(family)) for family in Waiting().collect())
    return HttpResponse(generate_latest(REGISTRY) + gauges, content_type=CONTENT_TYPE_LATEST)


class _Once:
    """One family as a registry, so that the gauges need no global one: their numbers are everyone's, not a worker's."""

    def __init__(self, family: GaugeMetricFamily) -> None:
        self._family = family

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield self._family
