"""The routes of the domain."""

from __future__ import annotations

from django.urls import URLPattern, path

from memories.views import privacy
from memories.views.chat_urls import chat_urlpatterns
from memories.views.data_urls import data_urlpatterns
from memories.views.erasure_urls import erasure_urlpatterns

app_name = "memories"
_PRIVACY = [path("privacy/", privacy.notice, name="privacy"), path("privacy/record/", privacy.record, name="record")]
urlpatterns: list[URLPattern] = [*_PRIVACY, *chat_urlpatterns, *data_urlpatterns, *erasure_urlpatterns]
