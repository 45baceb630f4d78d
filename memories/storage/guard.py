"""The last look on the way out: a row of another owner is never shown, whatever let it through."""

from __future__ import annotations

import logging

from memories.errors import IsolationBreach
from memories.owner import Owner

security = logging.getLogger("memsite.security")


def own(owner: Owner, row_owner: int, row_id: object) -> None:
    """Passes when the row is the owner's; otherwise IsolationBreach, logged with ids alone."""
    if row_owner != owner.pk:
        security.critical("isolation breach: owner %s was about to be given row %s of %s", owner.pk, row_id, row_owner)
        raise IsolationBreach
