"""A person's page in the administration: numbers, receipts and the log without content, and links to the acts."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, Sum
from django.db.models.functions import Length
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.html import format_html_join

from accounts.models import User
from memories import admin_glass, admin_views
from memories.administration import ACTS
from memories.glass import minutes
from memories.models import Memory, Message
from memories.owner import PROGRAM, owner_of_any
from memories.record_types import ActivityFilter
from memories.storage.activity import ActivityLog
from memories.storage.owner_scope import reading
from memories.storage.preferences import preferences_of
from memories.storage.receipts import Receipts
from memories.templatetags.data_words import verb_words

SHOWN = ("numbers", "done", "receipts")
BY = {
    "self": "the person",
    "admin": "an administrator",
    "site": "the site",
    "retention": "their choice of how long to keep",
}
ERASED = {"memories": "memories", "conversations": "memories and chats", "account": "the account"}
NONE = "none yet"


class Acting:
    """For the admin of accounts."""

    admin_site: Any
    change_form_template: Any = "admin/accounts/user/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        inside = self.admin_site.admin_view
        usual: list[URLPattern] = super().get_urls()  # type: ignore[misc]  # ModelAdmin's
        return [
            path("<int:pk>/act/<slug:name>/", inside(admin_views.act), name="person_act"),
            path("<int:pk>/glass/", inside(admin_glass.open_glass), name="break_glass"),
            path("<int:pk>/glass/look/", inside(admin_glass.look), name="look"),
            path("<int:pk>/glass/shut/", inside(admin_glass.shut), name="shut"),
            path("dashboard/", inside(admin_views.dashboard), name="dashboard"),
            *usual,
        ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        usual = super().get_fieldsets(request, obj)  # type: ignore[misc]  # ModelAdmin's
        return [*usual, ("In numbers", {"fields": SHOWN})] if obj else usual

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        usual = super().get_readonly_fields(request, obj)  # type: ignore[misc]  # ModelAdmin's
        return [*usual, *(SHOWN if obj else ())]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """With the acts that make sense: who is in can be suspended, who is out let in."""
        person = User.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
        pointless = "admit" if person and person.is_active else "suspend"
        acts = [(name, act) for name, act in ACTS.items() if name != pointless]
        glass = bool(minutes()) and getattr(request.user, "is_superuser", False)
        context = {**(extra_context or {}), "acts": acts, "glass": glass}
        return super().change_view(request, object_id, form_url, context)  # type: ignore[misc]  # ModelAdmin's

    @admin.display(description="kept")
    def numbers(self, person: User) -> str:
        owner = owner_of_any(person)
        with reading(owner):
            rows = Memory.objects.filter(owner_id=owner.pk).aggregate(n=Count("pk"), size=Sum(Length("text")))
            turns = Message.objects.filter(owner_id=owner.pk).aggregate(
                n=Count("pk"), size=Sum(Length("text")), failed=Count("pk", filter=Q(status="failed"))
            )
            quota = preferences_of(owner).quota
        size = ((rows["size"] or 0) + (turns["size"] or 0)) / 1000
        return (
            f"{rows['n']:,} of {quota:,} memories and {turns['n']:,} messages, {size:,.1f} kB of text; "
            f"{turns['failed']:,} replies failed."
        )

    @admin.display(description="last done")
    def done(self, person: User) -> str:
        """The newest lines of the log: what, when and by whom; it holds no content."""
        owner = owner_of_any(person)
        with reading(owner):
            lines = ActivityLog(owner, PROGRAM).piece(ActivityFilter(), start=0, size=10)
        told = ((f"{line.at:%Y-%m-%d %H:%M}", verb_words(line.verb), line.count, BY[line.actor]) for line in lines)
        return format_html_join("", "<div>{}: {} ({}, by {})</div>", told) or NONE

    @admin.display(description="receipts of erasure")
    def receipts(self, person: User) -> str:
        owner = owner_of_any(person)
        with reading(owner):
            found = Receipts(owner).newest()[:10]
        told = ((f"{one.finished_at:%Y-%m-%d %H:%M}", ERASED[one.size], BY[one.asked_by], one.removed) for one in found)
        return format_html_join("", "<div>{}: {}, asked by {}, {} removed</div>", told) or NONE
