"""Turns memories, counts and filters into what the templates of "Your data" print."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from memories import charts
from memories.data_forms import ORDERS, BrowseForm, SwitchesForm
from memories.data_types import Facets, Listing, Overview
from memories.middleware import MemoryRequest
from memories.templatetags.data_words import KINDS, SOURCES, STATES
from memories.views.partials import neighbours, open_offer


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Chip:
    """One choice of a filter, as a link that turns it on or off."""

    label: str
    count: int
    url: str
    on: bool


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Facet:
    """What one filter offers, under its name."""

    name: str
    chips: tuple[Chip, ...]


def browse_form(request: MemoryRequest) -> BrowseForm:
    """What the address says of the list."""
    fields = {name: request.GET.get(name, "")[:500].replace("\x00", "") for name in BrowseForm.base_fields}
    return BrowseForm(fields)


def list_context(request: MemoryRequest, overview: Overview | None = None) -> dict[str, Any]:
    """The list under the address' filters, with all that stands around it."""
    form = browse_form(request)
    found = form.read()
    query, order = found.get("q", ""), found.get("order", "")
    listing = request.memory.browse(
        form.chosen(), query=query, number=found.get("page", 1), order=order, overview=overview
    )
    fields = _fields(found)
    filtered = any(name in fields for name in ("source", "kind", "state", "expiring", "since", "until"))
    return {
        "page": listing.page,
        "matches": listing.matches,
        "facets": list(_facets(listing.facets, fields)),
        "filtered": filtered,
        "narrowed": filtered or bool(query),
        "q": query,
        "query": urlencode(fields | ({"page": str(listing.page.number)} if listing.page.number > 1 else {})),
        "fields": [(name, value) for name, value in fields.items() if name not in ("since", "until", "order", "page")],
        "since": fields.get("since", ""),
        "until": fields.get("until", ""),
        "order": order,
        "orders": ORDERS,
        "order_words": order_words(listing),
        "all_url": _url(fields | {"all": "1"}),
        "all": request.GET.get("all") == "1",
        "offer": open_offer(request),
    } | neighbours(request, listing.page)


def data_context(request: MemoryRequest) -> dict[str, Any]:
    """The whole page."""
    overview = request.memory.overview()
    switches = overview.preferences
    return list_context(request, overview) | {
        "overview": overview,
        "switches": switches,
        "switches_form": SwitchesForm(
            initial={"use_memories": switches.use_memories, "learn": switches.learn, "ask_first": switches.ask_first}
        ),
        "timeline": charts.sparkline(overview.starts, overview.bars),
        "meter": charts.meter(overview.percent),
        "budget": (budget := request.memory.budget),
        "budget_meter": charts.meter(budget.percent),
        "sources": [(SOURCES[name].lower(), count) for name, count in overview.source.items() if count],
    }


def order_words(listing: Listing) -> str:
    """In which order the list is, in words."""
    return {"best match": "Best match first", **ORDERS}[listing.page.order]


def _fields(found: Mapping[str, Any]) -> dict[str, str]:
    """The values as they stand in an address, without the page."""
    texts = {name: value.isoformat() if hasattr(value, "isoformat") else str(value) for name, value in found.items()}
    return {name: value for name, value in texts.items() if name != "page"}


def _facets(counted: Facets, fields: Mapping[str, str]) -> Iterable[Facet]:
    for name, words, counts in (
        ("source", SOURCES, counted.source),
        ("kind", KINDS, counted.kind),
        ("state", STATES, counted.state),
    ):
        chips = [_chip(fields, name, value, words[value], count) for value, count in counts.items()]
        if name == "state":
            chips.append(_chip(fields, "expiring", "1", "Expiring", counted.expiring))
        # A choice that would show nothing is not offered; one that is on can always be taken back.
        offered = tuple(chip for chip in chips if chip.count or chip.on)
        if offered:
            yield Facet(name=name.capitalize(), chips=offered)


def _chip(fields: Mapping[str, str], name: str, value: str, label: str, count: int) -> Chip:
    on = fields.get(name) == value
    return Chip(label=label, count=count, url=_toggled(fields, name, value, on), on=on)


def _toggled(fields: Mapping[str, str], name: str, value: str, on: bool) -> str:
    others = {key: text for key, text in fields.items() if key != name}
    return _url(others if on else others | {name: value})


def _url(fields: Mapping[str, str]) -> str:
    return "?" + urlencode({name: value for name, value in fields.items() if value})


def memory_context(request: MemoryRequest, memory_id: uuid.UUID) -> dict[str, Any]:
    """One memory with its source turn, versions and uses."""
    detail = request.memory.detail(memory_id)
    last_day = detail.memory.expires_at - dt.timedelta(microseconds=1) if detail.memory.expires_at else None
    return {
        "memory": detail.memory,
        "detail": detail,
        "versions": detail.versions[::-1],
        "last_day": timezone.localdate(last_day) if last_day else None,
        "earliest": timezone.localdate(),
    }
