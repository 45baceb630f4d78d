"""Erasing accounts from the admin: the same way as from their own page, and without reading anything of theirs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from memories.erasure import erase_account


class Erasing:
    """For the admin of accounts. Superusers alone; never their own account, which has its own page."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(getattr(request.user, "is_superuser", False)) and obj != request.user

    def get_deleted_objects(
        self, objs: Iterable[Any], request: HttpRequest
    ) -> tuple[list[str], Any, set[str], list[str]]:
        """What the page that asks for confirmation lists. Django's own would read every row of the person's, and print
        them: here it is the accounts alone."""
        people = list(objs)
        own = {"your own account: use “Your data”"} if request.user in people else set()
        return [person.email for person in people], {"accounts, with everything in them": len(people)}, own, []

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        self._erase(request, [obj])

    def delete_queryset(self, request: HttpRequest, queryset: Iterable[User]) -> None:
        self._erase(request, list(queryset))

    def _erase(self, request: HttpRequest, people: list[User]) -> None:
        for person in people:
            key = person.pk
            erase_account(person, asked_by="admin")
            # Afterwards, for erasing takes every line that names the person; this one names nobody.
            LogEntry.objects.create(
                user_id=int(request.user.pk or 0),
                content_type=get_content_type_for_model(User),
                object_id=str(key),
                object_repr="an erased account",
                action_flag=DELETION,
                change_message="",
            )

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        """Nothing: Django's line would keep the address."""

    def log_deletion(self, request: HttpRequest, obj: Any, object_repr: str) -> None:
        """As log_deletions."""

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        """Django's own sentence would repeat the address."""
        messages.success(request, "The account was erased, with everything in it. Its owner was sent the receipt.")
        return self.response_post_save_change(request, None)  # type: ignore[attr-defined,no-any-return]  # ModelAdmin's
