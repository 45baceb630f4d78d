"""The routes of the domain."""

from __future__ import annotations

from django.urls import URLPattern, path

from memories.api.urls import api_urlpatterns
from memories.views import keys, privacy
from memories.views.chat_urls import chat_urlpatterns
from memories.views.data_urls import data_urlpatterns
from memories.views.erasure_urls import erasure_urlpatterns

app_name = "memories"
_PRIVACY = [path("privacy/", privacy.notice, name="privacy"), path("privacy/record/", privacy.record, name="record")]
_KEYS = [
    path("account/keys/", keys.list_keys, name="keys"),
    path("account/keys/<uuid:key_id>/revoke/", keys.revoke, name="revoke_key"),
]
urlpatterns: list[URLPattern] = [
    *_PRIVACY,
    *_KEYS,
    *chat_urlpatterns,
    *data_urlpatterns,
    *erasure_urlpatterns,
    *api_urlpatterns,
]
