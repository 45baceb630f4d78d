"""Brings a file in: read alone, or all the way as a page without scripts does."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from memories import imports
from memories.transfer_types import Parsed


def parse(data: Any, name: str = "file.json", *, sealed: bool = False) -> Parsed:
    raw = data if isinstance(data, bytes) else (data if isinstance(data, str) else json.dumps(data)).encode()
    return imports.read(raw, name, sealed=lambda *_: sealed)


def texts(parsed: Parsed) -> list[str]:
    return [entry.text for entry in parsed.entries]


def bring(client: Client, data: bytes | str, name: str = "list.txt", **answer: str) -> BeautifulSoup:
    """Uploads, looks, says yes, and goes on to the end, as a page without scripts does."""
    raw = data if isinstance(data, bytes) else data.encode()
    response = client.post("/data/import/", {"file": SimpleUploadedFile(name, raw)})
    assert response.status_code == 302, response.content.decode()[:3000]
    url = response["Location"]
    page = client.post(url, answer)
    while b"<progress" in page.content:
        page = client.post(url)
    assert page.status_code == 200
    return BeautifulSoup(page.content, "html.parser").select_one("#import-job")


CLAUDE = [
    {
        "uuid": "x",
        "name": "Dinner",
        "chat_messages": [
            {"sender": "human", "text": "I am vegetarian", "created_at": "2025-03-14T09:00:00.000000Z"},
            {"sender": "assistant", "text": "I am a language model"},
            {"sender": "human", "text": "", "content": [{"type": "text", "text": "My sister is called Ana"}]},
        ],
    }
]


def zipped(**files: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(
                name.replace("__", "/") + ".json", content if isinstance(content, (str, bytes)) else json.dumps(content)
            )
    return out.getvalue()


OURS = {"format": "memsite-export", "version": 1}
