"""The routes of the domain."""

from __future__ import annotations

from django.urls import URLPattern

from memories.views.chat_urls import chat_urlpatterns
from memories.views.data_urls import data_urlpatterns
from memories.views.erasure_urls import erasure_urlpatterns

app_name = "memories"
urlpatterns: list[URLPattern] = [*chat_urlpatterns, *data_urlpatterns, *erasure_urlpatterns]
