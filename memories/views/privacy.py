"""What is kept of people, why, for how long, and where they decide it: from the inventory and the real settings."""

from __future__ import annotations

import dataclasses

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from memories import inventory, llm

PURPOSES = {
    "memories": ("To answer with what you told before", "until you delete it, or as long as you choose"),
    "conversations": ("To show you what was said", "until you delete it"),
    "account": ("To sign you in, keep you safe and account for what was done", "as long as your account is there"),
}


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Right:
    """A right of the GDPR and the control that does it."""

    article: str
    name: str
    words: str
    route: str
    link: str


RIGHTS = (
    Right(
        article="15",
        name="Access",
        words="See everything that is kept of you, where, and who was sent what.",
        route="memories:holdings",
        link="What we hold and where",
    ),
    Right(
        article="16",
        name="Rectification",
        words="Correct any memory; the earlier text stays as a version you can see and erase.",
        route="memories:data",
        link="Your data",
    ),
    Right(
        article="17",
        name="Erasure",
        words="Delete one, many or all, or the account, at once and with a receipt.",
        route="memories:wipe",
        link="Wipe",
    ),
    Right(
        article="20",
        name="Portability",
        words="Take it all with you as JSON, CSV or Markdown, and bring it back.",
        route="memories:export",
        link="Export",
    ),
    Right(
        article="21",
        name="Objection",
        words="Switch off that memories are used, or that your chats are read for new ones.",
        route="memories:data",
        link="The two switches",
    ),
    Right(
        article="18",
        name="Restriction",
        words="Pause a memory: it is kept and not used.",
        route="memories:data",
        link="Your data",
    ),
)


@require_safe
@login_not_required
def notice(request: HttpRequest) -> HttpResponse:
    return render(request, "data/privacy.html", _told())


@require_safe
@login_not_required
def record(request: HttpRequest) -> HttpResponse:
    """GDPR, article 30: what is processed, whose, to whom it goes, for how long, and how it is protected."""
    groups = [_group(size, purpose, kept) for size, (purpose, kept) in PURPOSES.items()]
    return render(request, "data/record.html", {**_told(), "groups": groups})


def _group(size: str, purpose: str, kept: str) -> dict[str, object]:
    tables = [table for table in inventory.TABLES if table.goes_with == size]
    ways = {table.erased for table in tables}
    # Said once where it is the same for all of them.
    return {"purpose": purpose, "kept": kept, "tables": tables, "erased": ways.pop() if len(ways) == 1 else ""}


def _told() -> dict[str, object]:
    return {
        "rights": RIGHTS,
        "tables": inventory.TABLES,
        "places": inventory.places(),
        "provider": llm.host() if llm.configured() else "",
        "model": settings.LLM_MODEL,
        "platform": bool(settings.MEM0_API_KEY),
        "glass": settings.BREAK_GLASS,
        "backups": settings.BACKUP_DAYS,
        "contact": settings.DEFAULT_FROM_EMAIL,
    }
