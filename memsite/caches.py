"""Turns CACHE_URL into Django's setting: what is counted has to be seen by every process."""

from __future__ import annotations

import importlib.util
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

TABLE = "memsite_cache"
"""`manage.py migrate` makes it. It holds counters, under keys that `hidden` made; no words of anybody's."""
MOST = 100_000
HIDDEN = "memsite.caches.hidden"


def configured(url: str) -> dict[str, Any]:
    """The `CACHES["default"]` entry. ImproperlyConfigured for another kind, or when its package is not installed."""
    scheme, _, rest = url.partition("://")
    if not url:
        backend = "django.core.cache.backends.db.DatabaseCache"
        return {"BACKEND": backend, "LOCATION": TABLE, "KEY_FUNCTION": HIDDEN, "OPTIONS": {"MAX_ENTRIES": MOST}}
    if scheme == "locmem":
        backend = "django.core.cache.backends.locmem.LocMemCache"
        return {"BACKEND": backend, "KEY_FUNCTION": HIDDEN, "OPTIONS": {"MAX_ENTRIES": MOST}}
    if scheme not in ("redis", "rediss", "valkey", "valkeys"):
        raise ImproperlyConfigured(
            f"CACHE_URL starts with {scheme!r}: use redis://, rediss://, valkey:// or locmem://."
        )
    if importlib.util.find_spec("redis") is None:
        raise ImproperlyConfigured("CACHE_URL needs the package redis, which is not installed.")
    tls = "s" if scheme in ("rediss", "valkeys") else ""
    patience = {"socket_connect_timeout": 3, "socket_timeout": 3}
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": f"redis{tls}://{rest}",
        "KEY_FUNCTION": HIDDEN,
        "OPTIONS": patience,
    }


def hidden(key: str, prefix: str, version: int) -> str:
    """What an entry is kept under: its name, hashed under the site's secret. The names of allauth's counters hold
    network addresses, and hashes of e-mail addresses that anyone who has the address could make again."""
    return salted_hmac("memsite.caches", f"{prefix}:{version}:{key}", algorithm="sha256").hexdigest()


def drop_expired() -> int:
    """Removes what is over from the table, which by itself drops nothing before it is full; how many rows."""
    if settings.CACHES["default"].get("LOCATION") != TABLE:
        return 0
    now = connection.ops.adapt_datetimefield_value(timezone.now().replace(microsecond=0))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE expires < %s", [now])  # noqa: S608  # a name of ours
        return int(cursor.rowcount)
