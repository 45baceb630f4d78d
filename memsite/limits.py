"""Counts how often something is done in a stretch of time, in the cache that all workers share."""

from __future__ import annotations

import dataclasses
import hashlib
import time

from allauth.core.internal.ratelimit import get_ip
from django.core.cache import cache
from django.http import HttpRequest


@dataclasses.dataclass(frozen=True, slots=True)
class Rate:
    """So often in so many seconds."""

    most: int
    seconds: int

    def left(self) -> int:
        """Seconds until the next stretch begins; at least 1."""
        return self.seconds - int(time.time()) % self.seconds


def within(what: str, whom: str, rate: Rate) -> bool:
    """Counts one more; False beyond the rate. `whom` is hashed: the cache holds no addresses."""
    stretch = int(time.time()) // rate.seconds
    key = f"limit:{what}:{hashlib.sha256(whom.encode()).hexdigest()[:32]}:{rate.seconds}:{stretch}"
    cache.add(key, 0, rate.seconds)
    try:
        return bool(cache.incr(key) <= rate.most)
    except ValueError:
        # The entry ended between the two calls: a new stretch has begun.
        return True


def network_of(request: HttpRequest) -> str:
    """Whose line it came over: an IPv4 address, or the first 64 bits of an IPv6 one, which one household shares."""
    return str(get_ip(request))
