"""The one list of places: whole, true to the tables, and what erasing really empties."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from accounts.models import User
from memories import inventory
from memories.erasure import erase_account
from memories.inventory import NOBODYS, SIZES, TABLES, Table
from memories.owner import owner_of
from memories.scoped import ScopedMemory

pytestmark = pytest.mark.django_db

SPEAKING = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    models.UUIDField,
    models.GenericIPAddressField,
    models.FileField,
)
"""Kinds of columns that can hold words, bytes or a person."""


def speaks(field: models.Field[Any, Any]) -> bool:
    """Whether a column could hold words, bytes or a person; keys of other rows could not."""
    if field.is_relation:
        return field.related_model is User
    return isinstance(field, SPEAKING)


def every_model() -> Iterator[type[models.Model]]:
    """Those of every installed app, the tables between two others included."""
    return (model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy)


def columns_of(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields if speaks(field)}


def entry_of(label: str) -> Table | None:
    return next((table for table in TABLES if table.model == label), None)


# --- Whole ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("model", list(every_model()), ids=lambda model: model._meta.label)
def test_each_speaking_column_is_declared(model: type[models.Model]) -> None:
    label, there = model._meta.label, columns_of(model)
    if label in NOBODYS:
        assert not any(field.is_relation for field in model._meta.concrete_fields if field.name in there)
        return
    entry = entry_of(label)
    assert entry or not there, f"{label} holds {sorted(there)}: give it an entry in memories/inventory/"
    if entry:
        assert set(entry.columns) == there, f"memories/inventory/, {entry.store}: the columns have changed"


def test_no_table_is_declared_twice_or_without_being_there() -> None:
    labels = [table.model for table in TABLES]
    stores = [table.store for table in TABLES] + [place.store for place in inventory.PLACES]
    assert len(set(labels)) == len(labels) and len(set(stores)) == len(stores)
    assert {*labels, *NOBODYS} <= {model._meta.label for model in every_model()}


def test_a_table_goes_before_what_it_points_to() -> None:
    """For each size: the database would refuse the statement otherwise, or a row would point to nothing."""
    for size in SIZES:
        order = [table.table for table in inventory.tables(size)]
        for place, model in enumerate(order):
            pointed_to = [field.related_model for field in model._meta.concrete_fields if field.is_relation]
            assert not set(pointed_to) & set(order[:place]), f"{model._meta.label} comes too late"


def test_sizes_grow() -> None:
    memories, conversations, account = ({table.store for table in inventory.tables(size)} for size in SIZES)
    assert memories < conversations < account == {table.store for table in TABLES}
    assert {table.store for table in inventory.stays("memories")} == account - memories


def test_each_entry_says_what_it_holds_and_how_it_goes() -> None:
    for line in (*TABLES, *inventory.PLACES):
        assert all(text.endswith(".") for text in (line.holds, line.erased, line.checked)), line.store


# --- True -------------------------------------------------------------------------------------------------------------
def fill(user: User) -> None:
    """At least one row of this person's in every table, made without the site's own code."""
    made: dict[type[models.Model], models.Model] = {User: user}
    for model in sorted(every_model(), key=lambda model: model._meta.label):
        if entry_of(model._meta.label):
            _row(model, made)


def _row(model: type[models.Model], made: dict[type[models.Model], models.Model]) -> models.Model:
    if model not in made:
        values = {field.attname: _value(field, made) for field in model._meta.concrete_fields if not _leave(field)}
        row = model(**values)
        models.Model.save_base(row, raw=True, force_insert=True)
        made[model] = row
    return made[model]


def _leave(field: models.Field[Any, Any]) -> bool:
    """What the database or the default fills in."""
    return isinstance(field, models.AutoField) or (field.has_default() and not field.is_relation)


def _value(field: models.Field[Any, Any], made: dict[type[models.Model], models.Model]) -> Any:
    if field.is_relation:
        related: Any = field.related_model
        if related in (Group, Permission, ContentType):
            return related.objects.get_or_create(pk=1)[0].pk if related is Group else related.objects.first().pk
        return _row(related, made).pk
    choices = {"role": "user", "status": "done", "memory_state": "off", "memory_mode": "on", "state": "active"}
    choices |= {"kind": "stated", "source": "typed", "to": "platform", "action_flag": 1, "via": "web"}
    if field.name in choices:
        return choices[field.name]
    if isinstance(field, models.BooleanField | models.IntegerField | models.FloatField):
        return 1
    if isinstance(field, models.DateTimeField):
        # Ends and undo windows stay open: a row whose time is over would go by itself.
        return None if field.null else timezone.now()
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.GenericIPAddressField):
        return "192.0.2.1"
    if isinstance(field, models.BinaryField):
        return b"bytes"
    return [] if isinstance(field, models.JSONField) else uuid.uuid4().hex[: field.max_length or 32]


def counts(user: User) -> dict[str, int]:
    owner = owner_of(user)
    return {table.store: table.rows(owner).count() for table in TABLES}


@pytest.fixture
def filled(owner: User, stranger: User) -> tuple[User, User]:
    fill(owner)
    fill(stranger)
    return owner, stranger


def test_every_table_counts_the_rows_of_one_person_alone(filled: tuple[User, User]) -> None:
    for user in filled:
        assert set(counts(user).values()) == {1}


@pytest.mark.parametrize("size", ["memories", "conversations"])
def test_a_wipe_empties_what_is_declared_and_nothing_else(filled: tuple[User, User], size: Any) -> None:
    owner, stranger = filled
    before = counts(owner)
    receipt = ScopedMemory(owner).wipe(size)
    gone = {table.store for table in inventory.tables(size)}
    after = counts(owner)
    # A line of the log, a receipt, and marks of what was forgotten come; everything else stays as it was.
    grown = {"Activity log", "Receipts", "Marks of what was forgotten"}
    assert {store for store, count in after.items() if not count} == gone
    assert {store for store in after if after[store] != before[store]} - gone <= grown
    assert gone <= {line.store for line in receipt.stores}
    assert all(line.left == 0 and line.found == line.removed for line in receipt.stores)
    assert set(counts(stranger).values()) == {1}


def test_erasing_an_account_empties_every_table(filled: tuple[User, User]) -> None:
    owner, stranger = filled
    known = owner_of(owner)
    receipt = erase_account(owner)
    assert [table.store for table in TABLES if table.rows(known).exists()] == []
    removed = {line.store: line.removed for line in receipt.stores}
    assert [removed[table.store] for table in TABLES] == [1] * len(TABLES)
    assert set(counts(stranger).values()) == {1}


def test_a_row_that_stays_takes_the_erasure_back(filled: tuple[User, User], monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a table emptied only in part, nothing would be removed and no receipt written."""
    from memories import erasure

    owner, _ = filled
    before = counts(owner)
    monkeypatch.setattr(erasure, "sweep", lambda rows: 0)
    with pytest.raises(erasure.NotErased):
        erase_account(owner)
    assert counts(owner) == before


def test_an_administrators_log_that_names_the_person_goes(owner: User, admin: User) -> None:
    of_users = ContentType.objects.get_for_model(User)
    entry = {"user": admin, "content_type": of_users, "action_flag": 2, "change_message": "[]"}
    LogEntry.objects.create(**entry, object_id=str(owner.pk), object_repr=owner.email)
    kept = LogEntry.objects.create(**entry, object_id=str(admin.pk), object_repr=admin.email)
    erase_account(owner)
    assert list(LogEntry.objects.all()) == [kept]


# --- The page ---------------------------------------------------------------------------------------------------------
def test_the_page_shows_each_place_with_live_counts(owner: User, client_as: Callable[[User], Any]) -> None:
    ScopedMemory(owner).add("I am vegetarian", infer=False)
    page = client_as(owner).get("/data/holdings/").content.decode()
    for line in (*TABLES, *inventory.places()):
        assert line.store.replace("'", "&#x27;") in page
    held = {line.store: line.count for line in ScopedMemory(owner).holdings()}
    assert held["Memories"] == 1 and held["The account"] == 1


def test_the_counts_are_ones_own(owner: User, stranger: User) -> None:
    ScopedMemory(owner).add("I am vegetarian", infer=False)
    held = {line.store: line.count for line in ScopedMemory(stranger).holdings()}
    assert held["Memories"] == 0
