"""What left the site, written down before it does: which memories went to which model provider. No content."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from memories.models import Disclosure
from memories.owner import Owner


def disclose(
    owner: Owner, purpose: Literal["reply", "learning"], memory_ids: Sequence[str], message_id: uuid.UUID | None
) -> None:
    """One line, naming the host and the model of the settings. Call it inside a writing scope."""
    Disclosure.objects.create(
        owner_id=owner.pk,
        at=timezone.now(),
        provider=(urlsplit(settings.LLM_BASE_URL).hostname or "")[:120],
        model=settings.LLM_MODEL[:120],
        purpose=purpose,
        message_id=message_id,
        memory_ids=[str(key) for key in memory_ids],
    )


def sent_since(owner: Owner, moment: dt.datetime) -> int:
    """How often something was sent; one query over an index."""
    return Disclosure.objects.filter(owner_id=owner.pk, at__gte=moment).count()


def sent_to(owner: Owner) -> list[tuple[str, int, int]]:
    """Per provider how often something was sent, and with how many memories in all; one query."""
    totals: dict[str, tuple[int, int]] = {}
    rows = Disclosure.objects.filter(owner_id=owner.pk).values_list("provider", "memory_ids")
    for provider, memory_ids in rows.iterator(chunk_size=2000):
        times, memories = totals.get(provider, (0, 0))
        totals[provider] = (times + 1, memories + len(memory_ids))
    return [(provider, times, memories) for provider, (times, memories) in sorted(totals.items())]
