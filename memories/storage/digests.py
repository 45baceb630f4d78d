"""Keyed hashes of what a text says: the same fact is known again without keeping its words."""

from __future__ import annotations

import hashlib
import hmac

from memories.text import normalised


def digest(key: bytes | memoryview, text: str) -> str:
    """HMAC-SHA-256 (RFC 2104) of the normalised text, in hex. The key is the owner's own and goes with the account."""
    return hmac.new(bytes(key), normalised(text).encode(), hashlib.sha256).hexdigest()
