"""Turns CACHE_URL into Django's setting: what is counted has to be seen by every process."""

from __future__ import annotations

import importlib.util
from typing import Any

from django.core.exceptions import ImproperlyConfigured

TABLE = "memsite_cache"
"""`manage.py migrate` makes it. It holds counters, under keys; no words of anybody's."""
MOST = 100_000


def configured(url: str) -> dict[str, Any]:
    """The `CACHES["default"]` entry. ImproperlyConfigured for another kind, or when its package is not installed."""
    scheme, _, rest = url.partition("://")
    if not url:
        backend = "django.core.cache.backends.db.DatabaseCache"
        return {"BACKEND": backend, "LOCATION": TABLE, "OPTIONS": {"MAX_ENTRIES": MOST}}
    if scheme == "locmem":
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": MOST}}
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
        "OPTIONS": patience,
    }
