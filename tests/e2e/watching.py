"""Keeps an eye on a page: what it logs, throws, is forbidden, and how it fares with axe."""

from __future__ import annotations

import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Error, Page

REPORT = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} forbids ${event.blockedURI} at ${event.sourceFile}`))"""


class Watch:
    """Collects what went wrong on one page, over all its navigations."""

    def __init__(self, page: Page) -> None:
        self._seen: list[str] = []
        self._allowed: list[re.Pattern[str]] = []
        page.add_init_script(REPORT)
        page.on("console", self._console)
        page.on("pageerror", self._thrown)

    def allow(self, pattern: str) -> None:
        """What matches is expected, such as the browser's own line about an answer of 404."""
        self._allowed.append(re.compile(pattern))

    @property
    def problems(self) -> list[str]:
        return [line for line in self._seen if not any(pattern.search(line) for pattern in self._allowed)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._seen.append(f"{message.type} at {message.location.get('url')}: {message.text}")

    def _thrown(self, error: Error) -> None:
        self._seen.append(f"thrown: {error.message}")


def axe(page: Page, **options: Any) -> list[str]:
    """What axe finds on the page as it is now, a line each: rule, weight, and the elements; nothing is best."""
    # Of what holds it need not tell every element.
    found = Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {'; '.join(node['html'][:120] for node in rule['nodes'])}"
        for rule in found
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window; 0 is right."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
