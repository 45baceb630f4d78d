"""The person: by e-mail, with a namespace of their own."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError

from accounts.models import User


@pytest.mark.django_db
def test_an_address_is_kept_in_lower_case() -> None:
    assert User.objects.create_user("Ada@Example.COM").email == "ada@example.com"


@pytest.mark.django_db
def test_two_accounts_cannot_share_an_address() -> None:
    User.objects.create_user("ada@example.com")
    with pytest.raises(IntegrityError):
        User.objects.create_user("ADA@example.com")


def test_an_account_needs_an_address() -> None:
    with pytest.raises(ValueError, match="e-mail"):
        User.objects.create_user("")


def test_namespaces_are_random_and_the_accounts_own(owner: User, stranger: User) -> None:
    assert isinstance(owner.namespace, uuid.UUID) and owner.namespace.version == 4
    assert owner.namespace != stranger.namespace


def test_a_new_account_with_an_old_address_gets_another_namespace(owner: User) -> None:
    email, namespace = owner.email, owner.namespace
    owner.delete()
    assert User.objects.create_user(email).namespace != namespace


@pytest.mark.django_db
def test_without_a_password_nobody_signs_in_by_one() -> None:
    assert not User.objects.create_user("ada@example.com").has_usable_password()
