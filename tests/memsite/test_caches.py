"""Where limits are counted: seen by every process, or the start is refused in words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import caches as django_caches
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import User
from memories import tending
from memsite import caches


def test_out_of_the_box_it_is_a_table() -> None:
    assert caches.configured("")["LOCATION"] == caches.TABLE


def test_on_ones_own_it_can_be_the_process() -> None:
    assert caches.configured("locmem://")["BACKEND"].endswith("LocMemCache")


@pytest.mark.parametrize("url", ["memcached://x", "table", "http://x"])
def test_another_kind_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="CACHE_URL starts with"):
        caches.configured(url)


@pytest.mark.parametrize(
    ("url", "place"), [("redis://h:1/0", "redis://h:1/0"), ("valkeys://h", "rediss://h"), ("valkey://h", "redis://h")]
)
def test_redis_and_valkey_are_one(url: str, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="package redis"):
        caches.configured(url)
    monkeypatch.setattr(caches.importlib.util, "find_spec", lambda name: name)
    assert caches.configured(url)["LOCATION"] == place


@pytest.mark.django_db
def test_the_table_counts_for_all(settings: object) -> None:
    """Two handles, as of two processes; `migrate` made the table."""
    settings.CACHES = {"default": caches.configured("")}  # type: ignore[attr-defined]
    one, other = django_caches.create_connection("default"), django_caches.create_connection("default")
    one.set("limit", 3, 60)
    assert other.incr("limit") == 4 and one.get("limit") == 4


@pytest.mark.django_db
def test_making_the_table_again_changes_nothing(settings: object) -> None:
    settings.CACHES = {"default": caches.configured("")}  # type: ignore[attr-defined]
    call_command("createcachetable", verbosity=0)


@pytest.mark.django_db
def test_the_table_names_nobody_and_keeps_nothing_that_is_over(settings: Any, owner: User, client: Client) -> None:
    """allauth counts by network and by address; both were there to be read, and stayed after the account."""
    settings.CACHES = {"default": caches.configured("")}
    client.post("/account/login/", {"login": owner.email, "password": "wrong"}, REMOTE_ADDR="203.0.113.77")
    client.post("/account/password/reset/", {"email": owner.email}, REMOTE_ADDR="203.0.113.77")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT cache_key FROM {caches.TABLE}")
        keys = [key for (key,) in cursor.fetchall()]
        assert keys and all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)
        cursor.execute(f"UPDATE {caches.TABLE} SET expires = %s WHERE cache_key = %s", ["2020-01-01 00:00:00", keys[0]])
    assert tending.tend_once()["counters that are over"] == 1
    assert caches.drop_expired() == 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {caches.TABLE}")
        assert cursor.fetchone() == (len(keys) - 1,)
