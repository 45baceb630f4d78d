"""The routes of programs. What is none of them is answered in JSON too, not by a page."""

from __future__ import annotations

from django.urls import URLPattern, path

from memories.api.mcp import mcp
from memories.api.rest import nowhere, rest_urlpatterns

api_urlpatterns: list[URLPattern] = [
    *rest_urlpatterns,
    path("api/mcp", mcp, name="mcp"),
    path("api/<path:rest>", nowhere, name="api_nowhere"),
]
