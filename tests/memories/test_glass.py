"""Breaking the glass: never unless the operator allows it, never without the person knowing, never for longer."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from memories.chats import ScopedChats
from memories.models import Activity
from memories.record_types import ActivityFilter
from memories.scoped import ScopedMemory
from tests.conftest import SEED

Signed = Callable[..., Client]
CANARY = "zq-canary-lighthouse-42"
REASON = "They wrote that a memory of another person shows up"


@pytest.fixture(autouse=True)
def allowed(settings: Any) -> None:
    settings.BREAK_GLASS = 30


@pytest.fixture
def desk(admin: User, client_as: Signed) -> Client:
    return client_as(admin)


@pytest.fixture
def full(owner: User, stranger: User) -> User:
    ScopedMemory(owner).add(f"My boat is called {CANARY}", infer=False)
    ScopedMemory(stranger).add("My boat is called zq-canary-stranger", infer=False)
    return owner


def place(person: User, more: str = "") -> str:
    return f"/admin/accounts/user/{person.pk}/glass/{more}"


def shown(desk: Client, person: User) -> str:
    """What the view shows; "" where it does not open."""
    answer = desk.get(place(person, "look/"))
    return answer.content.decode() if answer.status_code == 200 else ""


def lines(person: User) -> list[tuple[str, str, str]]:
    return [(line.verb, line.actor, line.reason) for line in Activity.objects.filter(owner=person, via="admin")]


def test_the_person_knows_before_anything_is_shown(desk: Client, full: User, admin: User) -> None:
    assert desk.post(place(full), {"reason": REASON}).headers["Location"] == place(full, "look/")
    told = REASON
    assert lines(full) == [("glass opened", "admin", told)], "nothing was looked at yet"
    assert mail.outbox[-1].to == [full.email]
    assert REASON in str(mail.outbox[-1].body) and admin.email not in str(mail.outbox[-1].body)
    answer = desk.get(place(full, "look/"))
    page = answer.content.decode()
    assert CANARY in page and "zq-canary-stranger" not in page
    assert "no-store" in answer.headers["Cache-Control"]
    assert lines(full)[1:] == [("glass looked", "admin", told)]
    theirs = ScopedMemory(full).activity(ActivityFilter(actor="admin"))
    assert [line.verb for line in theirs.items] == ["glass looked", "glass opened"]
    # Who it was stands where it goes with the administrator's own account, and nowhere in what is the person's.
    assert {(line.address, line.device) for line in theirs.items} == {("", "")}
    assert not any(admin.email in str(row) for row in Activity.objects.filter(owner=full).values())
    assert LogEntry.objects.get(object_id=str(full.pk)).user_id == admin.pk


def test_operators_find_a_line_of_ids_alone(
    desk: Client, full: User, admin: User, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("memsite").propagate = True
    with caplog.at_level("WARNING", logger="memsite.security"):
        desk.post(place(full), {"reason": REASON})
    said = {line.getMessage() for line in caplog.records if line.name == "memsite.security"}
    assert said == {f"glass broken: administrator {admin.pk} opened the memories of owner {full.pk}"}


def test_each_page_looked_at_is_a_line(desk: Client, full: User) -> None:
    desk.post(place(full), {"reason": REASON})
    for _ in range(3):
        shown(desk, full)
    assert [verb for verb, _, _ in lines(full)] == ["glass opened"] + ["glass looked"] * 3


def test_a_page_that_is_no_number_is_the_first(desk: Client, full: User) -> None:
    desk.post(place(full), {"reason": REASON})
    for number in ("9" * 5000, "0", "²", "x"):
        answer = desk.get(place(full, "look/"), {"page": number})
        assert answer.status_code == 200, number[:9]


def test_it_reads_and_can_do_nothing_else(desk: Client, full: User) -> None:
    desk.post(place(full), {"reason": REASON})
    assert desk.post(place(full, "look/")).status_code == 405
    before = ScopedMemory(full).get_all()
    shown(desk, full)
    assert ScopedMemory(full).get_all() == before


def test_without_a_view_nothing_is_shown(desk: Client, full: User) -> None:
    assert shown(desk, full) == "" and desk.get(place(full, "look/")).headers["Location"] == place(full)
    assert lines(full) == []


def test_after_its_time_nothing_is_shown(desk: Client, full: User) -> None:
    desk.post(place(full), {"reason": REASON})
    opened = Activity.objects.filter(owner=full, verb="glass opened")
    opened.update(at=timezone.now() - dt.timedelta(minutes=29))
    assert CANARY in shown(desk, full)
    opened.update(at=timezone.now() - dt.timedelta(minutes=30))
    assert shown(desk, full) == ""
    opened.update(at=timezone.now())
    assert shown(desk, full) == "", "what is over does not open again"


def test_closed_early_nothing_is_shown(desk: Client, full: User) -> None:
    desk.post(place(full), {"reason": REASON})
    desk.post(place(full, "shut/"))
    assert shown(desk, full) == ""


def test_a_shorter_time_counts_at_once(desk: Client, full: User, settings: Any) -> None:
    desk.post(place(full), {"reason": REASON})
    Activity.objects.filter(owner=full, verb="glass opened").update(at=timezone.now() - dt.timedelta(minutes=6))
    settings.BREAK_GLASS = 5
    assert shown(desk, full) == ""


def test_it_is_off_unless_the_operator_turns_it_on(desk: Client, full: User, settings: Any) -> None:
    desk.post(place(full), {"reason": REASON})
    settings.BREAK_GLASS = 0
    for more in ("", "look/"):
        assert desk.get(place(full, more)).status_code == 404
    assert desk.post(place(full), {"reason": REASON}).status_code == 404
    assert "Break the glass" not in desk.get(f"/admin/accounts/user/{full.pk}/change/").content.decode()


def test_a_view_is_of_one_person(desk: Client, full: User, stranger: User) -> None:
    desk.post(place(full), {"reason": REASON})
    assert shown(desk, stranger) == "" and lines(stranger) == []


def test_a_view_is_of_one_browser(desk: Client, full: User, admin: User, client_as: Signed) -> None:
    desk.post(place(full), {"reason": REASON})
    assert shown(client_as(admin), full) == ""


@pytest.mark.parametrize("reason", ["", "because", " " * 30])
def test_it_takes_a_reason(desk: Client, full: User, reason: str) -> None:
    assert desk.post(place(full), {"reason": reason}).status_code == 422
    assert shown(desk, full) == "" and lines(full) == [] and mail.outbox == []


def test_it_takes_a_fresh_proof(full: User, admin: User, client_as: Signed) -> None:
    client = client_as(admin, proved=False)
    assert "reauthenticate" in client.post(place(full), {"reason": REASON}).headers["Location"]
    assert lines(full) == []


def test_it_takes_a_superuser(make_user: Callable[..., User], client_as: Signed, full: User) -> None:
    clerk = make_user("clerk", is_staff=True)
    TOTP.activate(clerk, SEED)
    for who in (client_as(clerk), client_as(full)):
        assert who.post(place(full), {"reason": REASON}).status_code in (302, 403)
        assert shown(who, full) == ""
    assert lines(full) == []


def test_who_is_superuser_no_more_sees_nothing(desk: Client, full: User, admin: User) -> None:
    desk.post(place(full), {"reason": REASON})
    User.objects.filter(pk=admin.pk).update(is_superuser=False)
    assert shown(desk, full) == ""
    User.objects.filter(pk=admin.pk).update(is_superuser=True)
    Authenticator.objects.all().delete()
    assert shown(desk, full) == ""


def test_a_person_who_cannot_be_told_is_not_read(desk: Client, full: User, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_PORT = 9
    answer = desk.post(place(full), {"reason": REASON})
    assert answer.status_code == 503 and "nothing was opened" in answer.content.decode()
    assert shown(desk, full) == ""
    assert [verb for verb, _, _ in lines(full)] == ["glass opened"], "the try stands in their log"


@pytest.mark.slow
def test_conversations_and_the_rest_of_the_administration_stay_closed(desk: Client, full: User) -> None:
    ScopedChats(full).post("Tell me of zq-canary-said")
    desk.post(place(full), {"reason": REASON})
    pk = full.pk
    pages = [place(full, "look/"), "/admin/", "/admin/accounts/user/", f"/admin/accounts/user/{pk}/change/"]
    pages += [f"/admin/accounts/user/{pk}/history/", "/admin/accounts/user/dashboard/"]
    bodies = [desk.get(path).content.decode() for path in pages]
    assert not any("zq-canary-said" in body for body in bodies)
    assert not any(CANARY in body for body in bodies[1:])
    assert not any(CANARY in entry.change_message + entry.object_repr for entry in LogEntry.objects.all())


def test_with_the_account_the_view_is_gone(desk: Client, full: User) -> None:
    desk.post(place(full), {"reason": REASON})
    full.delete()
    assert desk.get(f"/admin/accounts/user/{desk.session['broken_glass']['person']}/glass/look/").status_code == 404
