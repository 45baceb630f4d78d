"""The routes of erasing and keeping."""

from __future__ import annotations

from django.urls import URLPattern, path

from memories.views import holdings, receipts, retention, wipe

erasure_urlpatterns: list[URLPattern] = [
    path("data/wipe/", wipe.wipe, name="wipe"),
    path("data/wipe/memories/", wipe.wipe_memories, name="wipe_memories"),
    path("data/wipe/conversations/", wipe.wipe_conversations, name="wipe_conversations"),
    path("data/wipe/account/", wipe.wipe_account, name="wipe_account"),
    path("data/receipts/", receipts.receipts, name="receipts"),
    path("data/receipts/<uuid:receipt_id>/", receipts.receipt, name="receipt"),
    path("data/receipts/<uuid:receipt_id>/file/", receipts.receipt_json, name="receipt_json"),
    path("data/holdings/", holdings.holdings, name="holdings"),
    path("data/keeping/", retention.keeping, name="keeping"),
    # Signed out: the last receipt of an account that is gone
    path("erased/<uuid:receipt_id>/", receipts.erased, name="erased"),
    path("erased/<uuid:receipt_id>/file/", receipts.erased_json, name="erased_json"),
]
