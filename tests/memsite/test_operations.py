"""What docs/operations.md tells operators to watch is really there to be watched."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone

from accounts.models import User
from memories.chats import ScopedChats
from memories.models import Message
from memories.scoped import ScopedMemory
from memsite import urls

ROOT = Path(__file__).resolve().parents[2]
TOLD = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
SIGNS = TOLD.partition("## What should wake somebody")[2].partition("##")[0]
ROUTE = "watched/broken/"


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError


urlpatterns = [*urls.urlpatterns, path(ROUTE, broken)]
handler500 = urls.handler500


@pytest.fixture
def numbers(settings: Any, client: Client) -> Callable[[], str]:
    settings.METRICS_TOKEN = "right"
    return lambda: client.get("/metrics", headers={"Authorization": "Bearer right"}).content.decode()


def test_every_number_that_is_named_is_there(owner: User, numbers: Callable[[], str]) -> None:
    ScopedMemory(owner).search("tea")
    numbers()  # an answer counts once it was given
    names = set(re.findall(r"`(memsite_[a-z_]+)", TOLD))
    assert len(names) > 8
    there = set(re.findall(r"^(memsite_[a-z_]+?)(?:_bucket|_count|_sum)?[ {]", numbers(), re.M))
    assert names - there == set()


def test_what_should_wake_somebody_counts(owner: User, stranger: User, numbers: Callable[[], str]) -> None:
    late, failed = (ScopedChats(person).post("I like green tea") for person in (owner, stranger))
    due = timezone.now() - dt.timedelta(minutes=11)
    Message.objects.filter(pk=late.turn.id).update(memory_state="pending", due_at=due)
    Message.objects.filter(pk=failed.turn.id).update(memory_state="failed")
    Message.objects.filter(pk=failed.reply.id).update(status="failed")
    with override_settings(ROOT_URLCONF=__name__):
        assert Client(raise_request_exception=False).get(f"/{ROUTE}").status_code == 500
    there = numbers()
    assert f'memsite_requests_total{{method="GET",route="/{ROUTE}",status="500"}} 1.0' in there
    assert 'memsite_learning_late{seconds="600"} 1.0' in there
    assert 'memsite_learning_late{seconds="3600"} 0.0' in there
    assert "memsite_unlearned 1.0" in there and "memsite_failed 1.0" in there


def test_every_line_that_is_named_is_written_somewhere() -> None:
    lines = [words.rstrip(":") for words in re.findall(r"`([a-z][a-z :]+)`", SIGNS) if " " in words or ":" in words]
    assert len(lines) > 6
    source = "\n".join(
        file.read_text(encoding="utf-8")
        for room in ("memsite", "memories", "accounts")
        for file in (ROOT / room).rglob("*.py")
    )
    assert [line for line in lines if f'"{line}' not in source] == []
