"""The routes of "Your data"."""

from __future__ import annotations

from django.urls import URLPattern, path

from memories.views import activity, bulk, data, disclosures, memory, review, transfer

_MEMORY = "data/<uuid:memory_id>/"

data_urlpatterns: list[URLPattern] = [
    path("data/", data.browse, name="data"),
    path("data/add/", data.add, name="add"),
    path("data/switches/", data.switch, name="switches"),
    path("data/undo/", data.take_back, name="take_back"),
    path("data/pictures/", data.pictures, name="pictures"),
    path("data/activity/", activity.activity, name="activity"),
    path("data/activity/export/", activity.export, name="activity_export"),
    path("data/sent/", disclosures.sent, name="sent"),
    # Many at once
    path("data/many/pause/", bulk.pause, name="pause_many"),
    path("data/many/resume/", bulk.resume, name="resume_many"),
    path("data/many/forget/", bulk.forget, name="forget_many"),
    path("data/many/delete/", bulk.delete, name="delete_many"),
    path("data/topic/", bulk.topic, name="topic"),
    path("data/topic/delete/", bulk.forget_topic, name="forget_topic"),
    # Files
    path("data/export/", transfer.export, name="export"),
    path("data/import/", transfer.bring, name="import"),
    path("data/import/<uuid:job_id>/", transfer.import_job, name="import_job"),
    path("data/import/<uuid:job_id>/drop/", transfer.drop_import, name="drop_import"),
    # What waits for a yes
    path("data/review/", review.review, name="review"),
    path(_MEMORY + "keep/", review.keep, name="keep"),
    path(_MEMORY + "unkeep/", review.unkeep, name="unkeep"),
    path(_MEMORY + "discard/", review.discard, name="discard"),
    # One memory
    path(_MEMORY, memory.memory, name="memory"),
    path(_MEMORY + "edit/", memory.edit, name="edit"),
    path(_MEMORY + "delete/", memory.delete, name="delete"),
    path(_MEMORY + "undo/", memory.undo, name="undo"),
    path(_MEMORY + "pause/", memory.pause, name="pause"),
    path(_MEMORY + "resume/", memory.resume, name="resume"),
    path(_MEMORY + "expiry/", memory.expire, name="expiry"),
    path(_MEMORY + "revert/", memory.revert, name="revert"),
]
