"""To a service elsewhere and back, in a browser that holds to the policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.openid_server import OpenIDServer, offered


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenIDServer]:
    with offered(settings, monkeypatch) as running:
        yield running


def test_one_button_leads_there_and_back(page: Page, site: str, server: OpenIDServer) -> None:
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with Acme").click()
    page.wait_for_url("**/chat/")
    assert "ana@example.org" in page.locator("details.menu").inner_text()
