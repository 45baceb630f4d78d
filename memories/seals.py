"""A mark on exported rows: this id was this owner's, on this site. Without it an id in a file counts for nothing."""

from __future__ import annotations

from django.utils.crypto import constant_time_compare, salted_hmac

from memories.owner import Owner

LENGTH = 32


def seal(owner: Owner, row_id: str) -> str:
    """HMAC-SHA-256 under the site's secret, cut to 128 bits, in hex. The namespace is never used twice, so a later
    account with the same e-mail cannot take over what an earlier one sealed."""
    mark = salted_hmac("memsite.export", f"{owner.namespace}:{row_id}", algorithm="sha256")
    return mark.hexdigest()[:LENGTH]


def holds(owner: Owner, row_id: object, mark: object) -> bool:
    """Whether the mark belongs to this id and this owner."""
    if not isinstance(row_id, str) or not isinstance(mark, str) or not mark.isascii():
        return False
    return constant_time_compare(seal(owner, row_id), mark)
