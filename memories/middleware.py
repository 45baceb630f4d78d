"""Gives each signed-in request its own memory and chats, and turns domain errors into pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject

from memories import errors
from memories.chats import ScopedChats
from memories.origin import door_of
from memories.scoped import ScopedMemory

STATUS: tuple[tuple[type[errors.MemoriesError], int, str], ...] = (
    (errors.MemoryNotFound, 404, "Not found"),
    (errors.ConversationNotFound, 404, "Not found"),
    (errors.InvalidText, 422, "This could not be saved"),
    (errors.Forgotten, 409, "Forgotten"),
    (errors.StaleVersion, 409, "Changed elsewhere"),
    (errors.AccountGone, 410, "This account is gone"),
    (errors.QuotaExceeded, 422, "Your memory is full"),
    (errors.Unavailable, 501, "Not possible here"),
    (errors.ExtractionFailed, 503, "Not read yet"),
    (errors.EngineUnavailable, 503, "Just a moment"),
    (errors.MemoriesError, 500, "Something went wrong"),
)


class MemoryRequest(HttpRequest):
    """A signed-in request, as views annotate it. Touching either door signed out is a TypeError."""

    memory: ScopedMemory
    chats: ScopedChats


class MemoryMiddleware(MiddlewareMixin):
    """The doors are opened when first touched, for `request.user` and no one else."""

    def process_request(self, request: HttpRequest) -> None:
        """Attaches the doors, unopened: a page that reads no memory pays nothing."""
        doors: Any = request
        doors.memory = SimpleLazyObject(lambda: ScopedMemory(doors.user, door=door_of(request)))
        doors.chats = SimpleLazyObject(lambda: ScopedChats(doors.user, door=door_of(request)))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page in words for what the domain raises; anything else stays a bug and rises."""
        if not isinstance(error, errors.MemoriesError):
            return None
        _, status, title = next(row for row in STATUS if isinstance(error, row[0]))
        if status == 404:
            return render(request, "404.html", status=404)
        response = render(request, "shared/problem.html", {"title": title, "sentence": str(error)}, status=status)
        if status == 503:
            response["Retry-After"] = str(getattr(error, "retry_after", None) or 5)
        return response
