"""Passkeys with Chromium's virtual authenticator, and the pages around the second step."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from playwright.sync_api import Page

from accounts.models import User
from tests.conftest import PASSWORD
from tests.e2e.conftest import code_of
from tests.e2e.test_account_pages import SCREENS
from tests.e2e.watching import axe, overflow

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def keyed(pages: Callable[..., Page], site: str) -> Callable[..., Page]:
    """`keyed()`: a page on a device that can keep passkeys, by the name that browsers allow them for."""

    def open_one(**options: Any) -> Page:
        page = pages(base_url=site.replace("127.0.0.1", "localhost"), **options)
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        return page

    return open_one


def judged(page: Page) -> None:
    assert axe(page) == []
    assert overflow(page) == 0


def prove(page: Page) -> None:
    """The page that asks once more, answered with the password."""
    page.wait_for_url("**/account/reauthenticate/**")
    judged(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def add_passkey(page: Page) -> None:
    page.goto("/account/2fa/webauthn/add/")
    prove(page)
    page.wait_for_url("**/2fa/webauthn/add/")
    judged(page)
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()


@pytest.mark.parametrize(("viewport", "scheme"), SCREENS)
def test_a_passkey_is_added_signs_in_proves_and_goes(
    keyed: Callable[..., Page], owner: User, sign_in: Callable[..., None], viewport: Any, scheme: str
) -> None:
    page = keyed(viewport=viewport, color_scheme=scheme)
    sign_in(page, owner)
    add_passkey(page)
    judged(page)
    assert page.locator(".codes li").count() == 10
    page.get_by_role("link", name="I have saved them").click()
    judged(page)
    page.get_by_role("link", name="See your passkeys").click()
    judged(page)
    assert page.get_by_text("signs in alone").is_visible()
    page.context.clear_cookies()
    page.goto("/account/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/chat/")
    # The interrupted act goes on after the proof: here the page that removes it.
    key = Authenticator.objects.get(user=owner, type="webauthn")
    page.goto(f"/account/2fa/webauthn/keys/{key.pk}/remove/")
    page.get_by_role("link", name="Use your passkey").click()
    page.get_by_role("button", name="Use your passkey").click()
    page.get_by_role("button", name="Remove the passkey").click()
    page.get_by_text("You have no passkey yet.").wait_for()
    judged(page)
    assert not Authenticator.objects.filter(user=owner, type="webauthn").exists()


def test_a_passkey_is_the_second_step_after_a_password(
    keyed: Callable[..., Page], owner: User, sign_in: Callable[..., None]
) -> None:
    page = keyed(viewport={"width": 390, "height": 844})
    sign_in(page, owner)
    add_passkey(page)
    page.context.clear_cookies()
    page.goto("/account/login/")
    page.get_by_label("Email").fill(owner.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name=re.compile("^sign in$", re.I)).click()
    page.wait_for_url("**/2fa/authenticate/**")
    judged(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/chat/")


def test_one_signs_up_with_a_passkey_and_no_password(keyed: Callable[..., Page], settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    page = keyed(viewport={"width": 390, "height": 844})
    page.goto("/account/signup/")
    page.get_by_role("link", name=re.compile("passkey", re.I)).click()
    judged(page)
    page.get_by_label("Email").fill("new@example.com")
    page.locator("main form").get_by_role("button", name="Confirm the address").click()
    page.wait_for_url("**/confirm-email/**")
    code = re.search(r"^([0-9A-Z-]{6,12})$", str(mail.outbox[-1].body), re.M)
    assert code
    page.get_by_label("Code").fill(code[1])
    page.get_by_role("button", name=re.compile("confirm", re.I)).click()
    page.get_by_role("heading", name="Make your passkey").wait_for()
    judged(page)
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/chat/")
    person = User.objects.get(email="new@example.com")
    assert not person.has_usable_password()
    assert EmailAddress.objects.get(user=person).verified
    page.context.clear_cookies()
    page.goto("/account/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/chat/")


def test_a_device_without_passkeys_says_so(page: Page, site: str) -> None:
    """Over plain HTTP by number no browser gives any."""
    page.goto("/account/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_text("Your device did not give the passkey.").wait_for()
    judged(page)


@pytest.mark.parametrize(("viewport", "scheme"), SCREENS)
def test_without_scripts_the_authenticator_app_is_set_up_and_used(
    pages: Callable[..., Page], owner: User, sign_in: Callable[..., None], viewport: Any, scheme: str
) -> None:
    page = pages(viewport=viewport, color_scheme=scheme, java_script_enabled=False)
    sign_in(page, owner)
    page.goto("/account/2fa/")
    page.get_by_role("link", name="Set up an app").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    seed = page.get_by_label("Key").input_value()
    page.get_by_label("Code").fill(code_of(seed))
    page.get_by_role("button", name="Turn it on").click()
    assert page.locator(".codes li").count() == 10
    page.goto("/account/2fa/totp/deactivate/")
    page.get_by_role("button", name="Turn it off").click()
    assert page.get_by_text("The authenticator app is off.").is_visible()


@pytest.mark.parametrize(("viewport", "scheme"), SCREENS)
def test_the_app_pages_are_accessible(
    pages: Callable[..., Page], owner: User, sign_in: Callable[..., None], viewport: Any, scheme: str
) -> None:
    page = pages(viewport=viewport, color_scheme=scheme)
    sign_in(page, owner)
    page.goto("/account/2fa/totp/activate/")
    prove(page)
    page.get_by_label("Key").wait_for()
    judged(page)
    page.get_by_label("Code").fill(code_of(page.get_by_label("Key").input_value()))
    page.get_by_role("button", name="Turn it on").click()
    page.locator(".codes").wait_for()
    for path in ("/account/2fa/", "/account/2fa/recovery-codes/generate/", "/account/2fa/totp/deactivate/"):
        page.goto(path)
        judged(page)
