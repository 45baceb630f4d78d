"""What the site is like from outside: forged requests, hostile forms, reports, numbers, signing out, notices."""

from __future__ import annotations

import itertools
import json
import logging
import os
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings as live
from django.core import mail
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts import keys
from accounts.models import User
from memories.administration import ACTS
from memories.api.mcp import TOOLS
from memories.scoped import ScopedMemory
from memsite import checks
from tests.conftest import PASSWORD
from tests.isolation.matrix import ROWS, routes, row_of

Signed = Callable[..., Client]
UNGUARDED = {"policy_report"}
"""Routes that need no token, each with its reason in the code."""
ANY_ID = "00000000-0000-7000-8000-000000000000"


def path_of(name: str) -> str:
    row = row_of(name)
    pattern = next(pattern for found, pattern in routes() if found == name)
    # A part may stand in a pattern around this one; the row names it then.
    parts = dict.fromkeys(pattern.pattern.regex.groupindex, ANY_ID)
    return reverse(name, kwargs=parts | row.args)


POSTS = sorted(
    name for name, row in ROWS.items() if "POST" in row.methods and name not in UNGUARDED and not row.streams
)


# --- Forged requests --------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_no_form_is_taken_from_another_site(owner: User, client_as: Signed, subtests: pytest.Subtests) -> None:
    clients = client_as(owner, enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    for name, client in itertools.product(POSTS, clients):
        with subtests.test(name, signed_in=client is clients[0]):
            answer = client.post(path_of(name), {"word": "wipe"}, headers={"Origin": "https://evil.example"})
            # A program's route takes a key and no cookie (and MCP no origin): there is nothing for another site to use.
            refused = (401, 403) if row_of(name).who == "program" else (302, 403, 404, 405)
            assert answer.status_code in refused, answer.status_code
            if answer.status_code == 302:
                assert "/account/login/" in answer.headers["Location"] or row_of(name).who != "person"
    assert clients[0].get("/data/").status_code == 200, "still signed in"


# --- Hostile forms ----------------------------------------------------------------------------------------------------
HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "' OR 1=1 --",
            "\x00",
            "../../etc/passwd",
            "{{ 7*7 }}",
            "%00",
            "9" * 400,
            "-1",
            "1e309",
            "NaN",
            "𝕏" * 50,
            "\u202e",
            "https://evil.example/",
            ANY_ID,
            "true",
            "[]",
            '{"a": {}}',
        ]
    ),
)
FIELDS = [
    "message",
    "memory",
    "nonce",
    "title",
    "text",
    "version",
    "word",
    "months",
    "basis",
    "q",
    "topic",
    "id",
    "all",
    "mark",
    "format",
    "until",
    "number",
    "answer",
    "refused",
    "newer",
    "older",
    "mode",
    "words",
    "out",
    "learn",
    "email",
    "login",
    "password",
    "password1",
    "code",
    "credential",
    "next",
    "name",
    "newpassword",
    "bring_back",
]


FORMS = [name for name in POSTS if row_of(name).who != "program"]
PROGRAMS = [name for name in POSTS if row_of(name).who == "program"]
ACTS_OF_ADMINS = [*(f"act/{name}/" for name in ACTS), "glass/", "glass/shut/"]


# The run on PostgreSQL is the second, and tries half as many.
TRIES = int(os.environ.get("MEMSITE_FUZZ", "3" if os.environ.get("MEMSITE_TEST_POSTGRES") == "1" else "6"))


def tries(strategy: Any, send: Callable[[Any], Any]) -> None:
    """Whatever is sent, the answer is never a failure of ours."""

    @hypothesis_settings(
        max_examples=TRIES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(sent=strategy)
    def tried(sent: Any) -> None:
        answer = send(sent)
        assert answer.status_code < 500 or answer.status_code == 503, (answer.status_code, sent)

    live.LIMITS, before = 0, live.LIMITS
    try:
        tried()
    finally:
        live.LIMITS = before


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_no_form_breaks(owner: User, client_as: Signed, name: str) -> None:
    client = client_as(owner, raise_request_exception=True)
    form = st.dictionaries(st.sampled_from(FIELDS), HOSTILE, max_size=6)
    tries(form, lambda sent: client.post(path_of(name), sent))


VALUES = st.recursive(
    HOSTILE | st.none() | st.booleans() | st.integers(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=2),
    max_leaves=5,
)
TOOL = st.fixed_dictionaries(
    {"jsonrpc": st.just("2.0"), "id": VALUES, "method": st.sampled_from(["tools/call", "tools/list", "initialize"])},
    optional={
        "params": VALUES
        | st.fixed_dictionaries({"name": st.sampled_from(sorted(TOOLS)) | HOSTILE, "arguments": VALUES | st.just({})})
    },
)


@pytest.mark.parametrize("name", PROGRAMS)
def test_no_json_of_a_program_breaks(owner: User, name: str) -> None:
    made = keys.make(owner, "Fuzz", may_write=True, days=None)
    client = Client(headers={"Authorization": f"Bearer {made.token}"}, raise_request_exception=True)

    def send(sent: Any) -> Any:
        body = sent if isinstance(sent, str) else json.dumps(sent)
        method = "PATCH" if "PATCH" in row_of(name).methods else "POST"
        return client.generic(method, path_of(name), body, content_type="application/json")

    tries(VALUES | TOOL if name == "memories:mcp" else VALUES, send)


@pytest.mark.slow
@pytest.mark.parametrize("act", ACTS_OF_ADMINS)
def test_no_form_of_an_administrator_breaks(
    admin: User, owner: User, client_as: Signed, settings: Any, act: str
) -> None:
    settings.BREAK_GLASS = 5
    client = client_as(admin, raise_request_exception=True)
    form = st.fixed_dictionaries(
        {}, optional={"reason": HOSTILE | st.just("x" * 30), "number": HOSTILE, "next": HOSTILE}
    )
    tries(form, lambda sent: client.post(f"/admin/accounts/user/{owner.pk}/{act}", sent))


@pytest.mark.slow
def test_what_a_person_types_is_shown_and_not_run(owner: User, client_as: Signed) -> None:
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'><svg onload=alert(3)>"
    ScopedMemory(owner).add(attack, infer=False)
    page = BeautifulSoup(client_as(owner).get("/data/", {"q": attack}).content, "html.parser")
    assert not page.select("[onerror], [onload], img[src=x]")
    assert attack in page.get_text() or "onerror" in page.get_text()


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example"])
def test_another_host_is_refused(client: Client, db: None, host: str) -> None:
    # What is no host at all, such as "localhost:80@evil.example", Django refuses whatever the settings let in.
    assert client.get("/account/login/", headers={"Host": host}).status_code == 400


def test_a_proxy_is_not_asked_which_host_links_lead_to(client: Client, owner: User, stranger: User) -> None:
    """Anybody can send that header: a link to reset somebody's password would lead to the sender's own machine."""
    for person in (owner, stranger):
        client.post("/account/password/reset/", {"email": person.email}, headers={"X-Forwarded-Host": "evil.example"})
    assert [message.to for message in mail.outbox] == [[owner.email], [stranger.email]]
    assert all("http://testserver/" in str(m.body) and "evil" not in str(m.body) for m in mail.outbox)


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(client: Client, owner: User, there: str) -> None:

    answer = client.post(f"/account/login/?next={there}", {"login": owner.email, "password": PASSWORD, "next": there})
    assert answer.headers["Location"] == "/chat/"


# --- Reports ----------------------------------------------------------------------------------------------------------
REPORT = {"csp-report": {"effective-directive": "script-src", "blocked-uri": "https://evil.example/x?secret=1\n"}}


def report(client: Client, body: Any = REPORT) -> int:
    sent = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return client.post("/csp-report/", sent, content_type="application/csp-report").status_code


def test_a_report_is_one_line_without_an_address(client: Client, db: None, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("memsite").propagate = True
    with caplog.at_level("WARNING", logger="memsite.security"):
        assert report(client) == 204
    lines = {line.getMessage() for line in caplog.records if line.name == "memsite.security"}
    assert lines == {"a page broke the policy: script-src evil.example"}


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '{"csp-report": 3}', "x" * 100_000, b"\xff\xfe", '{"csp-report": {}}', "[" * 8000]
)
def test_a_broken_report_leaves_nothing(
    client: Client, db: None, caplog: pytest.LogCaptureFixture, body: str | bytes
) -> None:
    with caplog.at_level("WARNING", logger="memsite.security"):
        assert report(client, body) == 204
    assert [line for line in caplog.records if line.name == "memsite.security"] == []


def test_reports_cannot_fill_the_log(client: Client, db: None, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("memsite").propagate = True
    with caplog.at_level("WARNING", logger="memsite.security"):
        assert {report(client) for _ in range(30)} == {204}
    assert len([line for line in caplog.records if line.name == "memsite.security"]) <= 20


def test_every_page_names_where_to_report(client: Client, db: None) -> None:
    assert "report-uri /csp-report/" in client.get("/").headers["Content-Security-Policy"]


# --- Numbers ----------------------------------------------------------------------------------------------------------
def test_without_a_token_there_are_no_numbers(client: Client, db: None, settings: Any) -> None:
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "right"
    for given_token in ("", "Bearer wrong", "right-and-more", "Bearer "):
        assert client.get("/metrics", headers={"Authorization": given_token}).status_code == 404


def test_numbers_name_nobody(client: Client, owner: User, settings: Any, client_as: Signed) -> None:
    settings.METRICS_TOKEN = "right"
    ScopedMemory(owner).add("I collect stamps", infer=False)
    client_as(owner).get("/data/", {"q": "stamps"})
    body = client.get("/metrics", headers={"Authorization": "Bearer right"}).content.decode()
    for name in ("memsite_requests_total", "memsite_memories 1.0", "memsite_learning_late", "memsite_recall_seconds"):
        assert name in body
    for secret in (owner.email, str(owner.namespace), "stamps", "127.0.0.1"):
        assert secret not in body


# --- Signing out ------------------------------------------------------------------------------------------------------
def test_signing_out_empties_the_browser(owner: User, client_as: Signed, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    client = client_as(owner)
    assert client.post("/account/logout/").headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in client.get("/").headers


def test_so_does_erasing_the_account_and_no_other_site(
    owner: User, admin: User, client_as: Signed, settings: Any
) -> None:
    settings.SESSION_COOKIE_SECURE = True
    forged = client_as(owner, enforce_csrf_checks=True).post("/account/logout/")
    assert forged.status_code == 403 and "Clear-Site-Data" not in forged.headers
    assert "Clear-Site-Data" in client_as(admin).post("/admin/logout/").headers
    client = client_as(owner, proved=False)
    asked = client.post("/data/wipe/account/", {"word": "erase my account"})
    assert "Clear-Site-Data" not in asked.headers
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/account/go-on/"})
    assert "Clear-Site-Data" in client.get("/account/go-on/").headers
    assert not User.objects.filter(pk=owner.pk).exists()


def test_what_the_next_page_is_to_say_is_said_to_nobody_else(
    owner: User, stranger: User, client_as: Signed, settings: Any
) -> None:
    """The session ended before that page was opened, and somebody else signed in on the same browser."""
    for next_one, told in ((owner, True), (stranger, False)):
        client = client_as(owner)
        made = keys.make(owner, "my diary", may_write=False, days=1)
        client.post(f"/account/keys/{made.key.pk}/revoke/")
        if next_one is not owner:
            del client.cookies[settings.SESSION_COOKIE_NAME]
            client.force_login(next_one)
        assert ("my diary" in client.get("/data/").content.decode()) is told


# --- Privacy ----------------------------------------------------------------------------------------------------------
def test_the_notice_tells_what_is_set(client: Client, db: None, settings: Any) -> None:
    from memories import inventory

    page = client.get("/privacy/").content.decode()
    assert "nothing you say leaves this site" in page
    for table in inventory.TABLES:
        assert table.store.replace("'", "&#x27;") in page
    settings.LLM_BASE_URL, settings.LLM_MODEL = "https://models.example/v1", "big"
    settings.BACKUP_DAYS = 30
    page = client.get("/privacy/").content.decode()
    assert "models.example" in page and "Backups are kept for 30 days" in page
    assert "models.example" in client.get("/privacy/record/").content.decode()


@pytest.mark.slow
def test_every_right_leads_to_its_control(owner: User, client_as: Signed) -> None:
    client = client_as(owner)
    page = BeautifulSoup(client.get("/privacy/").content, "html.parser")
    articles = {badge.get_text() for badge in page.select(".badge")}
    assert articles == {f"GDPR art. {number}" for number in (15, 16, 17, 18, 20, 21)}
    for link in page.select("li a.btn"):
        assert client.get(str(link["href"])).status_code == 200, link["href"]


# --- Settings ---------------------------------------------------------------------------------------------------------
BREAKS: list[tuple[Callable[..., Any], dict[str, Any], str]] = [
    (checks.policy, {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"script-src": ["'unsafe-inline'"]}}}, "memsite.E002"),
    (checks.policy, {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"frame-ancestors": ["'self'"]}}}, "memsite.E001"),
    (checks.cookies, {"CSRF_COOKIE_NAME": "csrftoken"}, "memsite.E003"),
    (checks.cookies, {"SESSION_COOKIE_NAME": "sessionid"}, "memsite.E003"),
    (checks.proxies, {"PROXIES": 1, "SECURE_PROXY_SSL_HEADER": None}, "memsite.E004"),
    (checks.proxies, {"ALLOWED_HOSTS": ["*"]}, "memsite.E005"),
    (
        checks.limits,
        {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}},
        "memsite.E006",
    ),
    (
        checks.limits,
        {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}},
        "memsite.W002",
    ),
    (checks.limits, {"LIMITS": 0}, "memsite.W001"),
]


@pytest.mark.parametrize(("check", "changed", "told"), BREAKS)
def test_a_broken_promise_is_told(settings: Any, check: Callable[..., Any], changed: dict[str, Any], told: str) -> None:
    for name, value in changed.items():
        setattr(settings, name, value)
    assert told in {message.id for message in check(None)}


def test_telling_anyone_of_use_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.silence(None) == []
    monkeypatch.setenv("MEM0_TELEMETRY", "True")
    assert [message.id for message in checks.silence(None)] == ["memsite.E007"]


def test_our_checks_are_registered(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert "memsite.E005" in {message.id for message in run_checks(include_deployment_checks=True)}
