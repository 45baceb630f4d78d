"""The person: signs in by e-mail, known to the memory engine by a random namespace alone."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone


class UserQuerySet(models.QuerySet["User"]):
    """Many accounts at once."""

    def delete(self) -> tuple[int, dict[str, int]]:
        """Erases each account as `User.delete` does: Django's own way would pass by receipts, sessions and the disk."""
        gone = [user.delete() for user in self]
        return len(gone), {"accounts.User": len(gone)}

    delete.alters_data = True  # type: ignore[attr-defined]  # templates may not call it
    delete.queryset_only = True  # type: ignore[attr-defined]  # `User.objects.delete()` stays impossible


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]  # made at run time
    """Makes accounts by e-mail."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A saved, active account; without a password it cannot sign in by one. ValueError without an e-mail."""
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user: User = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """As create_user, with every right in the admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """One person."""

    email = models.EmailField("e-mail address", unique=True)
    # Random and never reused, so that nothing outside this table can be traced to a person, nor a new account
    # with an old e-mail reach what the old one left behind.
    namespace = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_staff = models.BooleanField("may enter the admin", default=False)
    is_active = models.BooleanField("may sign in", default=True)
    date_joined = models.DateTimeField("joined", default=timezone.now)

    objects = UserManager()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.email

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Erases the account and everything in it, from every place: there is no other way to remove one."""
        # Imported here: the domain is built on accounts, not the other way round.
        from memories.erasure import erase_account

        erase_account(self, asked_by="admin")
        self.pk = None
        return 1, {"accounts.User": 1}


class Session(AbstractBaseSession):
    """A signed-in browser, findable by its person: Django's own table would have to be read whole to end theirs."""

    account = models.ForeignKey(User, models.CASCADE, null=True, related_name="+", db_index=False)
    """Empty for a visitor who has not signed in."""

    class Meta(AbstractBaseSession.Meta):
        indexes: ClassVar[Any] = [
            models.Index("account", name="session_account", condition=models.Q(account__isnull=False))
        ]

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        from accounts.sessions import SessionStore

        return SessionStore


class Key(models.Model):
    """A program's way in: to its person's memories, and to nothing else.

    No table of a person's rows under row policies: as with sessions, the row is what says whose request it is, so it
    has to be found before there is an owner to name.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=40)
    """As the person calls it; the activity log names the program by it."""
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the key. It is 256 random bits, so there is nothing to guess at; the key itself is kept nowhere."""
    ending = models.CharField(max_length=4)
    """The key's last letters, to know it by."""
    may_write = models.BooleanField()
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)
    """The first use of the last day on which it was used."""
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[Any] = [models.UniqueConstraint(fields=["account", "name"], name="key_name_once")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def ended(self) -> bool:
        """Its time is over."""
        return self.ends_at is not None and self.ends_at <= timezone.now()
