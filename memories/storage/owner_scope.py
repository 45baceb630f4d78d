"""Opens the database for one owner: the seam for row-level security, and the lock that orders their writes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.db import Error, IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F

from accounts.models import User
from memories.errors import AccountGone, EngineUnavailable
from memories.models import OwnerState
from memories.owner import Owner
from memories.storage.index_cache import indexes


@contextlib.contextmanager
def reading(owner: Owner) -> Iterator[None]:
    """Reads as this owner. On PostgreSQL in a transaction that names the owner to its row policies; SQLite needs none,
    and one would take the write lock. EngineUnavailable when the database does not answer."""
    with _database_errors(), _transaction(owner) if connection.vendor == "postgresql" else contextlib.nullcontext():
        yield


@contextlib.contextmanager
def writing(owner: Owner, *, bump: bool = True) -> Iterator[OwnerState]:
    """Writes as this owner, in one transaction and behind those that came before; yields their locked state row.

    `bump` raises the version that caches are checked by: every change to memories does. AccountGone when the account
    was erased meanwhile, so that nothing can be written behind an erasure.
    """
    try:
        with _database_errors(), _transaction(owner):
            yield _locked_state(owner, bump)
    finally:
        # Also after a rollback: an index built inside the transaction bears a version that will be given out again.
        if bump:
            indexes.drop(owner)


@contextlib.contextmanager
def _transaction(owner: Owner) -> Iterator[None]:
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('app.owner', %s, true)", [str(owner.pk)])
        yield


def _locked_state(owner: Owner, bump: bool) -> OwnerState:
    rows = OwnerState.objects.filter(owner_id=owner.pk)
    # An update first: it takes the row's lock (on SQLite the transaction has the whole database's already).
    if not rows.update(version=F("version") + int(bump)):
        if not User.objects.filter(pk=owner.pk, namespace=owner.namespace, is_active=True).exists():
            raise AccountGone
        OwnerState.objects.bulk_create([OwnerState(owner_id=owner.pk, version=1)], ignore_conflicts=True)
        rows.update(version=F("version") + int(bump))
    return rows.get()


@contextlib.contextmanager
def _database_errors() -> Iterator[None]:
    """Driver errors that are the database's state, not our bug, become ours here."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise EngineUnavailable from error
    except IntegrityError as error:
        if not _names_the_owner(error):
            raise
        raise AccountGone from error


def _names_the_owner(error: Error) -> bool:
    return "owner" in str(error).lower() and "foreign key" in str(error).lower()
