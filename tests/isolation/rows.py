"""The rows of one person, or of everyone, in a form that can be compared before and after."""

from __future__ import annotations

import functools
from collections.abc import Container, Iterable
from typing import Any

from django.apps import apps
from django.db import connection, models

from accounts.models import User

Rows = dict[str, list[tuple[Any, ...]]]


def rows_of(user: User) -> Rows:
    """Everything the site keeps for this person, in every table of people's rows, and their account itself."""
    found = {
        model._meta.label: _read(model, **whose(model, user)) for model in apps.get_app_config("memories").get_models()
    }
    return {**found, "accounts.User": _read(User, pk=user.pk)}


def all_rows(*, but: Container[str] = ()) -> Rows:
    """Every row of every table of the site, without the named ones."""
    return {model._meta.label: _read(model) for model in apps.get_models() if model._meta.label not in but}


def changed(before: Rows, after: Rows) -> list[str]:
    """The tables that differ."""
    return [label for label in after if before.get(label) != after[label]]


def pointing_first(these: Iterable[type[models.Model]] = ()) -> list[type[models.Model]]:
    """These, or every table of people's rows; what points to another comes before it."""
    waiting, found = list(these) or list(apps.get_app_config("memories").get_models()), []
    while waiting:
        model = next(m for m in waiting if not any(m in _targets(other) for other in waiting if other is not m))
        waiting.remove(model)
        found.append(model)
    return found


def _targets(model: type[models.Model]) -> list[Any]:
    return [field.related_model for field in model._meta.local_concrete_fields if field.is_relation]


def whose(model: type[models.Model], user: User) -> dict[str, Any]:
    """What outlives an account has no owner, and knows the namespace at most."""
    names = {field.name for field in model._meta.concrete_fields}
    return {"owner_id": user.pk} if "owner" in names else {"namespace": user.namespace}


def _read(model: type[models.Model], **which: Any) -> list[tuple[Any, ...]]:
    sql, params = _statement(model, tuple(which.items()))
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        # SQLite gives bytes, PostgreSQL a memoryview.
        return [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor.fetchall()]


@functools.cache
def _statement(model: type[models.Model], which: tuple[tuple[str, Any], ...]) -> tuple[str, tuple[Any, ...]]:
    """Written once: the tests read every table hundreds of times."""
    query = model._base_manager.filter(**dict(which)).order_by("pk").values_list().query
    sql: tuple[str, tuple[Any, ...]] = query.sql_with_params()
    return sql
