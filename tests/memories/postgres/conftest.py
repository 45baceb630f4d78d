"""What the database itself refuses, tried in raw SQL on its own connections."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import models

from accounts.models import User
from memories.postgres.tables import tenant_models
from tests.isolation.people import forget
from tests.isolation.rows import pointing_first


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[User, User]]:
    """Made once for the tests of a file: they try what is refused, and leave everything as it was."""
    with django_db_blocker.unblock():
        pair = User.objects.create_user("first@example.com"), User.objects.create_user("second@example.com")
        for person in pair:
            for model in reversed(pointing_first()):
                if model in tenant_models():
                    filled(model, person)
    yield pair
    with django_db_blocker.unblock():
        forget(*pair)


@pytest.fixture
def people(committed: tuple[User, User], django_db_blocker: Any) -> Iterator[tuple[User, User]]:
    """Two people with a row in each tenant table, and real transactions."""
    with django_db_blocker.unblock():
        yield committed


@pytest.fixture
def site() -> Iterator[psycopg.Connection[Any]]:
    """The role that runs the site, without Django in between."""
    from tests.on_postgres import site_connection

    with site_connection() as opened:
        yield opened


def filled(model: type[models.Model], person: User) -> models.Model:
    """One row of this person's, with something in every column that wants it."""
    values: dict[str, Any] = {"owner_id": person.pk}
    for field in model._meta.local_concrete_fields:
        if field.name == "owner" or field.has_default() or field.null or isinstance(field, models.AutoField):
            continue
        values[field.attname] = _value(field, person)
    return model._base_manager.create(**values)


def _value(field: Any, person: User) -> Any:
    if field.is_relation:
        return field.related_model._base_manager.filter(owner_id=person.pk).values_list("pk", flat=True)[0]
    kinds: dict[type, Any] = {
        models.DateTimeField: dt.datetime.now(dt.UTC),
        models.JSONField: [],
        models.UUIDField: uuid.uuid4(),
        models.BinaryField: b"x",
        models.BooleanField: True,
        models.FloatField: 0.5,
        models.IntegerField: 1,
    }
    found = [value for kind, value in kinds.items() if isinstance(field, kind)]
    return found[0] if found else _allowed(field) or f"{person.pk}"


def _allowed(field: Any) -> Any:
    """The first word that the table's checks let through."""
    checks = [c.condition for c in field.model._meta.constraints if isinstance(c, models.CheckConstraint)]
    words = [dict(check.children).get(f"{field.name}__in") for check in checks if not check.negated]
    return next((allowed[0] for allowed in words if allowed), None)


def scope(opened: psycopg.Connection[Any], person: User) -> None:
    opened.execute(f"SET LOCAL app.owner = '{person.pk}'".encode())
