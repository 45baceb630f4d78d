"""The rule against skipping: with MEMSITE_NO_SKIPS=1, as in continuous integration, green means that everything ran."""

from __future__ import annotations

import os
from typing import Any

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A skipped or expected failure fails the run."""
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("MEMSITE_NO_SKIPS") != "1" or reporter is None:
        return
    idle = [report.nodeid for kind in ("skipped", "xfailed") for report in reporter.stats.get(kind, [])]
    if idle:
        reporter.write_line(f"MEMSITE_NO_SKIPS: {len(idle)} did not run: {', '.join(idle[:20])}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
