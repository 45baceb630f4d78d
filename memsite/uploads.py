"""Where an upload is while it is read."""

from __future__ import annotations

import tempfile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler


class UnnamedFileUploadHandler(TemporaryFileUploadHandler):
    """For what is too large for memory: a file without a name. Django's own has one in the folder for temporary files,
    where it stays, with all that was uploaded, when the process is killed meanwhile."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        unnamed = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the request
        self.file: Any = UploadedFile(unnamed, self.file_name, self.content_type, 0, self.charset)

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()
