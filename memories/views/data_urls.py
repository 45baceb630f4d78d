"""The routes of "Your data"."""

from __future__ import annotations

from django.urls import URLPattern, path

from memories.views import data

data_urlpatterns: list[URLPattern] = [
    path("data/", data.browse, name="data"),
    # /data/<id>/
    path("data/<uuid:memory_id>/delete/", data.delete, name="delete"),
    path("data/<uuid:memory_id>/undo/", data.undo, name="undo"),
]
