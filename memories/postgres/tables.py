"""The tenant tables, read off the models: a new one is protected without being listed anywhere.

Tables of accounts (`accounts.Session`, `accounts.Key`) are none of them: their rows are what says who a request comes
from, so they are read before there is an owner whom a policy could compare.
"""

from __future__ import annotations

import dataclasses

from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey, Model


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class InnerKey:
    """A column that points from one of a person's rows to another: both have to be the same person's."""

    table: str
    column: str
    target: str
    on_delete: str
    """`CASCADE`, or `SET NULL` of the column alone."""

    @property
    def name(self) -> str:
        return f"{self.table}_{self.column}_same_person"


def tenant_models() -> list[type[Model]]:
    """Every model of a person's rows: those with an `owner`."""
    return [model for model in apps.get_app_config("memories").get_models() if _has_owner(model)]


def tenant_tables() -> list[str]:
    return [model._meta.db_table for model in tenant_models()]


def without_owner() -> list[str]:
    """Tenant tables that also hold rows of nobody: their owner may be empty."""
    return [model._meta.db_table for model in tenant_models() if model._meta.get_field("owner").null]


def inner_keys() -> list[InnerKey]:
    """Every foreign key from one tenant table to another."""
    models = tenant_models()
    return [
        InnerKey(
            table=model._meta.db_table,
            column=field.column,
            target=field.related_model._meta.db_table,
            on_delete="SET NULL" if field.null else "CASCADE",
        )
        for model in models
        for field in model._meta.local_concrete_fields
        if isinstance(field, ForeignKey) and field.related_model in models
    ]


def _has_owner(model: type[Model]) -> bool:
    found = {field.name: field for field in model._meta.local_concrete_fields}
    owner = found.get("owner")
    return isinstance(owner, ForeignKey) and owner.related_model._meta.label == settings.AUTH_USER_MODEL
