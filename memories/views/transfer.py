"""Taking everything along, and bringing it in."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from memories import exports
from memories.data_forms import ExportForm, ImportForm, StartForm
from memories.errors import InvalidText, QuotaExceeded
from memories.imports import MAX_BYTES, read
from memories.middleware import MemoryRequest
from memories.transfer_types import Import, Parsed
from memories.views.bulk import chosen
from memories.views.contexts import list_context
from memories.views.partials import say, shown, wants
from memories.views.streams import download


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: MemoryRequest) -> HttpResponseBase:
    """GET: what can be taken, and how. POST: the file; taking it is a line in the log."""
    if request.method != "POST":
        context = list_context(request) | {"form": ExportForm(initial={"conversations": True})}
        return shown(request, "data/export.html", context)
    form = ExportForm(request.POST)
    if not form.is_valid():
        return shown(request, "data/export.html", list_context(request) | {"form": form}, status=422)
    some = "id" in request.POST or request.POST.get("all") == "1"
    ids = chosen(request).ids if some else None
    request.memory.note("exported", count=request.memory.count() if ids is None else len(ids))
    kind = {"markdown": "md"}.get(form.cleaned_data["format"], form.cleaned_data["format"])
    pieces = _pieces(request, kind, ids, form.cleaned_data["conversations"])
    return download(request, pieces, name="memsite-export", kind=kind)


def _pieces(request: MemoryRequest, kind: str, ids: tuple[uuid.UUID, ...] | None, conversations: bool) -> Iterator[str]:
    memory, now = request.memory, timezone.now()
    chats = memory.copy_chats() if conversations else iter(())
    if kind == "csv":
        return exports.as_csv(memory.copy(ids))
    if kind == "md":
        return exports.as_markdown(memory.copy(ids), chats, now)
    return exports.as_json(memory.copy(ids), chats, memory.seal, now)


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: MemoryRequest) -> HttpResponse:
    """The form, and what becomes of a file: kept until the preview is answered."""
    sent = request.method == "POST"
    form = ImportForm(request.POST if sent else None, request.FILES if sent else None)
    context = {"form": form, "megabytes": MAX_BYTES // 1024 // 1024}
    if not sent:
        return shown(request, "data/import.html", context)
    try:
        if not form.is_valid():
            return shown(request, "data/import.html", context, status=422)
        job = request.memory.receive(_parsed(request, form.cleaned_data["file"]))
    except InvalidText as error:
        form.add_error("file", str(error))
        return shown(request, "data/import.html", context, status=422)
    return redirect("memories:import_job", job.id)


def _parsed(request: MemoryRequest, file: UploadedFile[Any]) -> Parsed:
    # One byte more than is allowed tells that there is more, whatever the browser said of the size.
    return read(file.read(MAX_BYTES + 1), file.name or "", sealed=request.memory.sealed)


@require_http_methods(["GET", "HEAD", "POST"])
def import_job(request: MemoryRequest, job_id: uuid.UUID) -> HttpResponse:
    """The preview; its yes and each further piece; the end."""
    job = request.memory.import_state(job_id)
    problem = ""
    if request.method == "POST":
        form = StartForm(request.POST)
        form.is_valid()
        try:
            job = _next(request, job, form.cleaned_data["bring_back"])
        except QuotaExceeded as error:
            problem = str(error)
    template = "data/_import_job.html" if wants(request, "import-job") else "data/import_job.html"
    return shown(request, template, {"job": job, "problem": problem}, status=422 if problem else 200)


def _next(request: MemoryRequest, job: Import, bring_back: bool) -> Import:
    if job.step == "preview":
        return request.memory.start_import(job.id, bring_back=bring_back)
    return request.memory.continue_import(job.id)


@require_POST
def drop_import(request: MemoryRequest, job_id: uuid.UUID) -> HttpResponse:
    request.memory.drop_import(job_id)
    say(request, "The file was put away. What was imported of it stays.")
    return redirect("memories:import")
