"""The person in the admin: who they are and what they may do.

Whoever can set another person's password or e-mail address can sign in as them and read all they said. So the admin
does neither: it makes an account, and its owner chooses the password through "Forgot your password?".
"""

from __future__ import annotations

from typing import Any, ClassVar

import allauth.account.admin
import allauth.socialaccount.admin
import allauth.usersessions.admin  # noqa: F401  # all register what is taken out below
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.http import HttpRequest

from accounts.models import User

# Addresses and connected accounts are ways in; sessions list every person's network addresses and browsers.
admin.site.unregister([EmailAddress, UserSession, SocialAccount, SocialApp, SocialToken])


class AddUserForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs alone
    """An account by e-mail, in lower case as at sign-up, so that no two differ by case alone."""

    class Meta:
        model = User
        fields: ClassVar[Any] = ["email"]
        help_texts: ClassVar[Any] = {"email": "They choose a password through “Forgot your password?”."}

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError("There is an account with this e-mail address already.")
        return email

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        user: User = super().save(commit)
        return user


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Says who may come in; what is behind the door, and the namespace that leads there, are not shown."""

    list_display = ("email", "date_joined", "last_login", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff", "date_joined")
    search_fields = ("email",)
    ordering = ("email",)
    filter_horizontal = ("groups",)
    fieldsets: ClassVar[Any] = [
        (None, {"fields": ["email", "date_joined", "last_login"]}),
        ("May", {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
    ]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **(kwargs if obj else {"form": AddUserForm, **kwargs}))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fieldsets if obj else [(None, {"fields": ["email"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Rights are given by superusers alone: otherwise whoever may change accounts could make themselves one."""
        if obj is None:
            return []
        rights = ["is_staff", "is_superuser", "groups"]
        # Suspending is an act of its own: with a reason, in the person's log, and told to them.
        shown = ["email", "date_joined", "last_login", "is_active"]
        return shown if getattr(request.user, "is_superuser", False) else shown + rights

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Only by what the list offers. Django lets an address filter by any column: whoever may see the list could ask
        for a password's hash or a namespace letter by letter, and tell from who is listed."""
        return lookup.partition("__")[0] in ("is_active", "is_staff", "date_joined")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: the page that asks for confirmation would list everything that goes with the account."""
        return False
