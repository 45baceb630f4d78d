"""Numbers beside each person in the admin. Nothing that holds text is registered: there is nothing to read."""

from __future__ import annotations

import datetime as dt
from typing import Any

import allauth.mfa.admin  # noqa: F401  # registers what is taken out below
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db.models import Count, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from accounts.admin import UserAdmin
from accounts.models import User
from memories.admin_acts import Acting
from memories.admin_erasure import Erasing
from memories.models import Activity, Conversation, Memory

admin.site.unregister(User)
# A way into an account, and its public keys.
admin.site.unregister(Authenticator)


@admin.register(User)
class PersonAdmin(Acting, Erasing, UserAdmin):  # type: ignore[misc]  # mixins override ModelAdmin on purpose
    """The account, how much is remembered, and when its owner last did something."""

    list_display: Any = (*UserAdmin.list_display, "memories", "conversations", "last_active")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """One query however many people there are."""
        people: QuerySet[User] = super().get_queryset(request)
        return people.annotate(
            memory_count=_number(Memory.objects.filter(owner_id=OuterRef("pk"), held_until=None)),
            conversation_count=_number(Conversation.objects.filter(owner_id=OuterRef("pk"))),
            active_at=Subquery(
                Activity.objects.filter(owner_id=OuterRef("pk"))
                .order_by()
                .values("owner_id")
                .annotate(last=Max("at"))
                .values("last")
            ),
        )

    @admin.display(description="memories", ordering="memory_count")
    def memories(self, person: Any) -> int:
        return int(person.memory_count)

    @admin.display(description="conversations", ordering="conversation_count")
    def conversations(self, person: Any) -> int:
        return int(person.conversation_count)

    @admin.display(description="last activity", ordering="active_at", empty_value="never")
    def last_active(self, person: Any) -> dt.datetime | None:
        moment: dt.datetime | None = person.active_at
        return moment


def _number(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("owner_id").annotate(rows=Count("pk")).values("rows")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
