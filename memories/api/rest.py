"""The verbs over REST, under /api/v1/."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from memories import exports
from memories.api import verbs
from memories.api.door import ProgramRequest, admit, body_of, opened, told, writing
from memories.api.openapi import described
from memories.api.problems import NOWHERE, Problem, misshapen, no_such_method
from memories.api.shapes import Schema, closed, misfit
from memories.api.verbs import Verb
from memories.views.streams import download

ROUTES: Mapping[str, Mapping[str, Verb]] = {
    "me": {"GET": verbs.ABOUT_ME},
    "memories": {"GET": verbs.LIST, "POST": verbs.ADD},
    "search": {"POST": verbs.SEARCH},
    "memories/<uuid:id>": {"GET": verbs.GET, "PATCH": verbs.UPDATE, "DELETE": verbs.FORGET},
    "memories/<uuid:id>/history": {"GET": verbs.VERSIONS},
}
"""Each address under /api/v1/, and which verb a method is."""
WITH_BODY = ("POST", "PATCH")


def answer(request: ProgramRequest, verb: Verb, given: Any, fixed: Mapping[str, str]) -> verbs.Answer:
    """Carries a verb out; `fixed` comes from the address, so that nothing else may say it."""
    if verb.writes:
        writing(request)
    wrong = misfit(_without(verb.takes, fixed), given)
    if wrong:
        raise misshapen(wrong)
    return verb.act(request, {**given, **fixed})


def _without(takes: Schema, fixed: Mapping[str, str]) -> Schema:
    left = {name: shape for name, shape in takes["properties"].items() if name not in fixed}
    return closed(left, *(name for name in takes.get("required", ()) if name not in fixed))


def _view(methods: Mapping[str, Verb]) -> Any:
    allowed = [*methods, "HEAD"] if "GET" in methods else list(methods)

    @told
    def view(request: HttpRequest, **ids: Any) -> HttpResponseBase:
        method = str("GET" if request.method == "HEAD" else request.method)
        wiping = method == "DELETE" and methods is ROUTES["memories"]
        if method not in methods and not wiping:
            raise no_such_method(allowed)
        program = opened(request)
        if wiping:
            raise _no_wipe()
        verb = methods[method]
        given = body_of(request) if method in WITH_BODY else _asked(request.GET, verb.takes)
        found = answer(program, verb, given, {name: str(value) for name, value in ids.items()})
        return HttpResponse(status=204) if found.status == 204 else JsonResponse(found.body, status=found.status)

    return view


def _no_wipe() -> Problem:
    place = reverse("memories:wipe")
    words = f"Wiping everything takes a fresh sign-in of the person's: on the site, at {place}. Nothing was deleted."
    return Problem(403, "Not with a key", words)


def _asked(query: QueryDict, takes: Schema) -> dict[str, Any]:
    """The address' query, each part as its schema has it; what cannot be read so stays text, and does not fit."""
    return {name: _read(text, takes["properties"].get(name, {}).get("type")) for name, text in query.items()}


def _read(text: Any, kind: str | None) -> Any:
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if kind == "integer" and text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    return text


@told
def export(request: HttpRequest) -> HttpResponseBase:
    """Every memory with its versions, as docs/export-format.md has it, in a stream; nothing of the chats."""
    if request.method not in ("GET", "HEAD"):
        raise no_such_method(["GET", "HEAD"])
    program = opened(request)
    admit(program, "exports")
    memory = program.memory
    memory.note("exported", count=memory.count())
    pieces = ([dataclasses.replace(item, said=None) for item in piece] for piece in memory.copy())
    written = exports.as_json(pieces, (), memory.seal, timezone.now())
    return download(request, written, name="memsite-export", kind="json")


@told
def openapi(request: HttpRequest) -> HttpResponseBase:
    """The description of all this, for programs to read; open to anyone."""
    if request.method not in ("GET", "HEAD"):
        raise no_such_method(["GET", "HEAD"])
    return JsonResponse(described(ROUTES))


@told
def nowhere(request: HttpRequest, rest: str) -> HttpResponseBase:
    raise NOWHERE


def _name(address: str) -> str:
    """Such as "api_memories_id_history"."""
    return "api_" + address.replace("<uuid:id>", "id").replace("/", "_")


rest_urlpatterns: list[URLPattern] = [
    *(path(f"api/v1/{address}", _view(methods), name=_name(address)) for address, methods in ROUTES.items()),
    path("api/v1/export", export, name="api_export"),
    path("api/v1/openapi.json", openapi, name="openapi"),
]
