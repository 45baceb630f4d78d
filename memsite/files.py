"""Serves the site's own files, in one piece."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware


class FilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]  # it ships no types
    """whitenoise hands out open files, which Django under ASGI reads whole with a warning at each: ours are small, so
    they are read here and closed at once."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponseBase:
        opened = WhiteNoiseMiddleware.serve(static_file, request)
        try:
            response = HttpResponse(b"".join(opened), status=opened.status_code)
        finally:
            opened.close()
        del response.headers["Content-Type"]
        for name, value in opened.headers.items():
            response.headers[name] = value
        if response.content:
            # whitenoise measured the file at the start; on a developer's machine it may have grown since.
            response.headers["Content-Length"] = str(len(response.content))
        return response
