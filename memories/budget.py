"""How often a day one person's words go to the language model's provider: replies and learning together."""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.conf import settings
from django.utils import timezone

from memories.errors import BudgetSpent
from memories.owner import Owner
from memories.storage.disclosures import sent_since
from memories.storage.owner_scope import reading

NEARLY = 0.8
"""From this part on the page says so before it happens."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """Today's use."""

    used: int
    most: int
    """0: no limit."""
    ends: dt.datetime
    """When the next day begins, in UTC."""

    @property
    def percent(self) -> int:
        """0..100."""
        return min(100, self.used * 100 // self.most) if self.most else 0

    @property
    def spent(self) -> bool:
        return bool(self.most) and self.used >= self.most

    @property
    def nearly(self) -> bool:
        return bool(self.most) and not self.spent and self.used >= self.most * NEARLY


def budget_of(owner: Owner) -> Budget:
    """Counted from what was written down as sent; one query, none where there is no limit or no model."""
    start = timezone.now().astimezone(dt.timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)  # noqa: UP017
    most = settings.MODEL_DAILY_TURNS if settings.LLM_MODEL else 0
    used = 0
    if most:
        with reading(owner):
            used = sent_since(owner, start)
    return Budget(used=used, most=most, ends=start + dt.timedelta(days=1))


def spend(owner: Owner) -> None:
    """Call it before the model is asked. BudgetSpent when today's share is used up; two requests at the same instant
    may both pass: it protects the bill, it is no ledger."""
    budget = budget_of(owner)
    if budget.spent:
        raise BudgetSpent.until(budget.most, budget.ends)
