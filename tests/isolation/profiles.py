"""How long the random tests look: short by default and the same each time; HYPOTHESIS_PROFILE=long looks further."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
QUIET = [
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.filter_too_much,
    HealthCheck.function_scoped_fixture,
]


def walks(short: int, steps: int) -> settings:
    """So many walks of so many steps; twenty times as many, half as long again, in the long profile. Half as many on
    PostgreSQL, which is the second run."""
    short = -(-short // 2) if os.environ.get("MEMSITE_TEST_POSTGRES") == "1" else short
    return settings(
        max_examples=short * 20 if LONG else short,
        stateful_step_count=steps * 3 // 2 if LONG else steps,
        # A build that fails is to fail again when it is looked at.
        derandomize=not LONG,
        # Looking for the shortest way to a failure can take an hour: for the long profile.
        phases=list(Phase) if LONG else [Phase.explicit, Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=QUIET,
    )
