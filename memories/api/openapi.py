"""The OpenAPI description, written from the routes and the verbs themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from memories.api.shapes import Schema, closed
from memories.api.verbs import Verb

PROBLEM = closed({name: {"type": "string"} for name in ("type", "title", "detail")} | {"status": {"type": "integer"}})
PROBLEMS = {
    "401": "No good key.",
    "403": "The key may not, or the person has switched this off.",
    "404": "No such memory; an id of somebody else's is answered alike.",
    "409": "Changed since it was read, or once forgotten.",
    "413": "Too large.",
    "415": "Not JSON.",
    "422": "It does not fit, or cannot be saved.",
    "429": "Too much at once; Retry-After says when to come back.",
    "503": "Just now not to be reached; Retry-After says when to come back.",
}
EXPORT = {
    "operationId": "export_memories",
    "summary": "Every memory with its versions, as docs/export-format.md has it.",
    "responses": {"200": {"description": "The file.", "content": {"application/json": {"schema": {"type": "object"}}}}},
}


def described(routes: Mapping[str, Mapping[str, Verb]]) -> dict[str, Any]:
    """The whole, as a dictionary for JSON."""
    paths: dict[str, Any] = {}
    for address, methods in routes.items():
        place = f"/api/v1/{address.replace('<uuid:id>', '{id}')}"
        fixed = ["id"] if "{id}" in place else []
        paths[place] = {method.lower(): _operation(verb, method, fixed) for method, verb in methods.items()}
    paths["/api/v1/export"] = {"get": {**EXPORT, "responses": {**EXPORT["responses"], **_problems()}}}  # type: ignore[dict-item]
    return {
        "openapi": "3.1.0",
        "info": {"title": "memsite", "version": "1", "description": "The memories of the person whose key it is."},
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": PROBLEM},
        },
        "security": [{"key": []}],
    }


def _operation(verb: Verb, method: str, fixed: list[str]) -> dict[str, Any]:
    properties: Schema = verb.takes["properties"]
    needed = [name for name in verb.takes.get("required", ()) if name not in fixed]
    rest = {name: shape for name, shape in properties.items() if name not in fixed}
    operation: dict[str, Any] = {"operationId": verb.name, "summary": verb.says, "responses": dict(_answers(verb))}
    parameters = [{"name": name, "in": "path", "required": True, "schema": properties[name]} for name in fixed]
    if method in ("POST", "PATCH"):
        body = {"required": True, "content": {"application/json": {"schema": closed(rest, *needed)}}}
        operation["requestBody"] = body
    else:
        parameters += [{"name": name, "in": "query", "schema": shape} for name, shape in rest.items()]
    return {**operation, "parameters": parameters} if parameters else operation


def _answers(verb: Verb) -> Iterator[tuple[str, Any]]:
    good = {"description": "Done.", "content": {"application/json": {"schema": verb.gives}}}
    if verb.destroys:
        yield "204", {"description": "Done."}
    else:
        yield "200", good
    if verb.name == "add_memory":
        yield "201", {**good, "description": "Something was saved."}
    yield from _problems().items()


def _problems() -> dict[str, Any]:
    shape = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": words, "content": shape} for status, words in PROBLEMS.items()}
