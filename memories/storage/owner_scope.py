"""Opens the database for one owner: the seam for row-level security, and the lock that orders their writes."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import Error, IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F

from accounts.models import User
from memories.errors import AccountGone, EngineUnavailable
from memories.models import OwnerState
from memories.owner import Owner
from memories.storage.erasing import erase_ended
from memories.storage.index_cache import indexes

_NAME = "SET LOCAL app.owner = %s"
"""Tells the row policies whose transaction it is. As a statement, not by set_config(): Citus sends the statement on to
the machines that hold the rows."""


@contextlib.contextmanager
def reading(owner: Owner) -> Iterator[None]:
    """Reads as this owner. On PostgreSQL in a transaction that names the owner to its row policies; SQLite needs none,
    and one would take the write lock. EngineUnavailable when the database does not answer."""
    with _database_errors(), _transaction(owner) if connection.vendor == "postgresql" else contextlib.nullcontext():
        yield


def read_once(owner: Owner, sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of one SELECT, read as this owner; EngineUnavailable. On PostgreSQL it takes one message to the server
    where `reading` takes four: statements sent together are one transaction, and the owner's name goes with it."""
    with _database_errors(), _let_go_if_broken():
        together = _together()
        with contextlib.nullcontext() if together else reading(owner), connection.cursor() as cursor:
            if together:
                cursor.execute(f"{_NAME}; {sql}", [str(owner.pk), *params])
                cursor.nextset()
            else:
                cursor.execute(sql, params)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


@contextlib.contextmanager
def _let_go_if_broken() -> Iterator[None]:
    """As the end of a transaction does: whatever is asked next opens another connection."""
    try:
        yield
    except Error:
        connection.close_if_unusable_or_obsolete()
        raise


def _together() -> bool:
    """Whether statements sent in one message are a transaction of their own, and may be sent so."""
    free = connection.vendor == "postgresql" and not connection.in_atomic_block and connection.get_autocommit()
    return free and not _on_cluster()


@functools.cache
def _on_cluster() -> bool:
    """Asked once a process. Citus takes the whole message for the setting that it is to tell the other machines."""
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')")
        return bool(cursor.fetchone()[0])


@contextlib.contextmanager
def writing(owner: Owner, *, bump: bool = True, closed: bool = False) -> Iterator[OwnerState]:
    """Writes as this owner, in one transaction and behind those that came before; yields their locked state row.

    `bump` raises the version that caches are checked by: every change to memories does. AccountGone when the account
    was erased meanwhile, so that nothing can be written behind an erasure. `closed` opens accounts that may not sign
    in any more as well: to purge and to erase.
    """
    try:
        with _database_errors(), _transaction(owner):
            state = _locked_state(owner, bump, closed)
            if bump:
                # Whatever else is written: what was deleted and whose time to be taken back has passed goes now.
                erase_ended(owner, state)
            yield state
    finally:
        # Also after a rollback: an index built inside the transaction bears a version that will be given out again.
        if bump:
            indexes.drop(owner)


@contextlib.contextmanager
def _transaction(owner: Owner) -> Iterator[None]:
    if connection.vendor != "postgresql":
        with transaction.atomic():
            yield
        return
    held: Any = connection
    # Kept with the connection, for it is what the database has been told: "" outside of every scope.
    before = getattr(held, "named_owner", "")
    inside = connection.in_atomic_block or not connection.get_autocommit()
    with transaction.atomic():
        _name(str(owner.pk), before)
        held.named_owner = str(owner.pk)
        try:
            yield
        finally:
            # After an error there is nothing else to do: the setting goes with what is rolled back.
            held.named_owner = before
        if inside:
            # It would last until the outermost transaction ends, whoever opened it, not just this savepoint.
            _name(before, str(owner.pk))


def _name(whose: str, before: str) -> None:
    """Names the owner to the row policies, for the rest of the transaction."""
    if whose != before:
        with connection.cursor() as cursor:
            cursor.execute(_NAME, [whose])


def _locked_state(owner: Owner, bump: bool, closed: bool) -> OwnerState:
    rows = OwnerState.objects.filter(owner_id=owner.pk)
    # An update first: it takes the row's lock (on SQLite the transaction has the whole database's already).
    if not rows.update(version=F("version") + int(bump)):
        people = User.objects.filter(pk=owner.pk, namespace=owner.namespace)
        if not (people if closed else people.filter(is_active=True)).exists():
            raise AccountGone
        OwnerState.objects.bulk_create([OwnerState(owner_id=owner.pk, version=1)], ignore_conflicts=True)
        # Another may have made it first, and with the account it may have gone again.
        if not rows.update(version=F("version") + int(bump)):
            raise AccountGone
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
    """Whether the account itself is what is missing, and not another row that this one points to."""
    return "foreign key" in str(error).lower() and User._meta.db_table in str(error)
