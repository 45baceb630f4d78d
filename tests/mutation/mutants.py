"""Mistakes that somebody could make one day, each small and plausible; a test has to go red for every one of them."""

from __future__ import annotations

from tests.mutation.acts import ACT_MUTANTS
from tests.mutation.doors import DOOR_MUTANTS
from tests.mutation.mistakes import Mutant
from tests.mutation.stores import STORE_MUTANTS

__all__ = ["MUTANTS", "Mutant"]

MUTANTS: tuple[Mutant, ...] = (*DOOR_MUTANTS, *STORE_MUTANTS, *ACT_MUTANTS)
