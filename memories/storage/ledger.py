"""The ledger of erasures: namespaces, ids and moments, never a word. Kept while a backup could bring something back.

Whoever restores a backup brings back what was erased since it was made. The ledger, exported beside each backup, says
what has to go again: `manage.py erasures`, docs/deploy.md.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.utils import timezone

from memories.models.ledger import Erased
from memories.owner import Owner

Line = dict[str, str]
"""{"namespace", "what", "object_id" ("" for everything of a kind), "at"}"""


def note(owner: Owner, what: str, ids: Iterable[uuid.UUID | None] = (None,)) -> None:
    """Writes down what goes, in the transaction in which it goes. Nothing where no backups are declared: there is
    nothing that could come back."""
    if settings.BACKUP_DAYS:
        now = timezone.now()
        rows = [Erased(namespace=owner.namespace, what=what, object_id=key, at=now) for key in ids]
        Erased.objects.bulk_create(rows, batch_size=500)


def lines(since: dt.datetime) -> Iterator[Line]:
    """The ledger from a moment on, oldest first."""
    for row in Erased.objects.filter(at__gte=since).order_by("at", "pk").iterator(chunk_size=2000):
        key = str(row.object_id) if row.object_id else ""
        yield {"namespace": str(row.namespace), "what": row.what, "object_id": key, "at": row.at.isoformat()}


def drop_old() -> int:
    """Forgets what no backup can hold any more; how many lines."""
    # A day more than declared: a backup that is being made now ends after it began.
    before = timezone.now() - dt.timedelta(days=settings.BACKUP_DAYS + 1)
    return Erased.objects.filter(at__lt=before).delete()[0]
