"""Numbers beside each person in the admin. Nothing that holds text is registered: there is nothing to read."""

from __future__ import annotations

import datetime as dt
from typing import Any

import allauth.mfa.admin  # noqa: F401  # registers what is taken out below
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest

from accounts.admin import UserAdmin
from accounts.models import User
from memories.admin_acts import Acting
from memories.admin_erasure import Erasing
from memories.admin_views import read_moment
from memories.storage import everyone

admin.site.unregister(User)
# A way into an account, and its public keys.
admin.site.unregister(Authenticator)


class People(ChangeList):
    """The list, with the numbers of those on the page: one statement more, which row policies let answer."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        keys = "".join(f",{person.pk}" for person in self.result_list)
        found = {whose: numbers for whose, *numbers in everyone.ask("numbers_of", keys=f"{keys},")}
        for person in self.result_list:
            person.numbers = found.get(person.pk, [0, 0, None])


@admin.register(User)
class PersonAdmin(Acting, Erasing, UserAdmin):  # type: ignore[misc]  # mixins override ModelAdmin on purpose
    """The account, how much is remembered, and when its owner last did something."""

    list_display: Any = (
        "email",
        "memories",
        "conversations",
        "last_active",
        "is_active",
        "is_staff",
        "date_joined",
        "last_login",
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return People

    @admin.display(description="memories")
    def memories(self, person: Any) -> int:
        return int(person.numbers[0])

    @admin.display(description="chats")
    def conversations(self, person: Any) -> int:
        return int(person.numbers[1])

    @admin.display(description="last activity", empty_value="never")
    def last_active(self, person: Any) -> dt.datetime | None:
        return read_moment(person.numbers[2]) if person.numbers[2] else None
