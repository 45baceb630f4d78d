"""What the server keeps of a column's values for its planner: nothing of what people say."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from accounts.models import User
from memories.postgres import samples
from memories.postgres.catalog import Catalog
from memsite.database import LOGIN, log_in
from tests.postgres import on_citus

pytestmark = pytest.mark.postgres


def test_no_column_with_words_or_names_is_sampled(db: None) -> None:
    assert "text" in samples.named()["memories_memory"] and "email" in samples.named()["accounts_user"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'memories_memory'::regclass AND attstattarget = 0"
        )
        kept_out = {name for (name,) in cursor.fetchall()}
    assert on_citus() or ({"text", "vector"} <= kept_out and "owner_id" not in kept_out)
    assert list(samples.statements(Catalog())) == [], "a second run finds nothing to do"


@pytest.mark.one_machine
def test_what_was_sampled_before_goes(people: tuple[User, User]) -> None:
    """As in a database that ran without: an address stays known after its account is gone, until this is run."""
    site = {name: connection.settings_dict[name] for name in LOGIN}
    log_in(connection, settings.MIGRATE_LOGIN)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE accounts_user ALTER COLUMN email SET STATISTICS -1")
            made = User.objects.create(email="zq-canary@example.com")
            cursor.execute("ANALYZE accounts_user")
            cursor.execute("DELETE FROM accounts_user WHERE id = %s", [made.pk])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            assert "zq-canary" in known(cursor)
            for statement in samples.statements(Catalog()):
                cursor.execute(statement)
            cursor.execute("ANALYZE accounts_user")
            assert known(cursor) == ""
            transaction.set_rollback(True)
    finally:
        log_in(connection, site)


def known(cursor: Any) -> str:
    """What the server knows of the addresses."""
    cursor.execute(
        "SELECT concat(most_common_vals, histogram_bounds) FROM pg_stats "
        "WHERE tablename = 'accounts_user' AND attname = 'email'"
    )
    return "".join(words for (words,) in cursor.fetchall())
