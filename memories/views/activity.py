"""The log of what was done."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from memories.data_forms import ActivityForm
from memories.exports import defused
from memories.middleware import MemoryRequest
from memories.record_types import ActivityFilter
from memories.templatetags.data_words import door_words, verb_words
from memories.views.partials import list_query, neighbours, shown
from memories.views.streams import download

COLUMNS = ("when", "what", "how many", "through", "device", "network", "by", "reason")


@require_safe
def activity(request: MemoryRequest) -> HttpResponse:
    form = ActivityForm(request.GET)
    found = form.read()
    page = request.memory.activity(form.chosen(), number=found.get("page", 1))
    context = {
        "page": page,
        "found": found,
        "verbs": sorted(
            ((verb, verb_words(verb), count) for verb, count in page.verbs.items()), key=lambda row: row[1]
        ),
        "query": list_query(request, page=""),
        "narrowed": any(name in found for name in ("verb", "actor", "since", "until")),
    } | neighbours(request, page)
    return shown(request, "data/activity.html", context)


@require_POST
def export(request: MemoryRequest) -> HttpResponseBase:
    """The log as CSV, under the address' filters. Taking it is a line of its own, hence POST."""
    chosen = ActivityForm(request.GET).chosen()
    request.memory.note("exported")
    return download(request, _lines(request, chosen), name="memsite-activity", kind="csv")


def _lines(request: MemoryRequest, chosen: ActivityFilter) -> Iterator[str]:
    yield _csv([COLUMNS])
    for lines in request.memory.activity_lines(chosen):
        yield _csv(
            (
                line.at.isoformat(),
                verb_words(line.verb),
                line.count,
                door_words(line.via),
                line.device,
                line.address,
                line.actor,
                line.reason,
            )
            for line in lines
        )


def _csv(rows: object) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:  # type: ignore[attr-defined]
        writer.writerow([defused(str(value)) for value in row])
    return out.getvalue()
