"""Losing and changing a password."""

from __future__ import annotations

import re
from collections.abc import Callable

from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client

from accounts import keys
from accounts.models import User
from memories.scoped import ScopedMemory
from tests.conftest import PASSWORD

NEW = "velvet-orchard-compass-3"


def ask(client: Client, email: str) -> str:
    """Asks for a reset; the page that follows."""
    response = client.post("/account/password/reset/", {"email": email}, follow=True)
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1…", response.content.decode())


def link() -> str:
    found = re.search(r"http://testserver(/account/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[1]


def test_the_mailed_link_sets_a_new_password_once(client: Client, owner: User) -> None:
    ask(client, owner.email)
    form = client.get(link(), follow=True).request["PATH_INFO"]
    client.post(form, {"password1": NEW, "password2": NEW})
    owner.refresh_from_db()
    assert owner.check_password(NEW)
    assert "does not work any more" in Client().get(link_of(mail.outbox[0].body)).content.decode()


def link_of(body: object) -> str:
    return re.search(r"http://testserver(\S+)", str(body))[1]  # type: ignore[index]


def test_an_account_made_in_the_admin_gets_its_password_this_way(client: Client, owner: User) -> None:
    owner.set_unusable_password()
    owner.save()
    ask(client, owner.email)
    form = client.get(link(), follow=True).request["PATH_INFO"]
    client.post(form, {"password1": NEW, "password2": NEW})
    owner.refresh_from_db()
    assert owner.check_password(NEW)


def test_nobody_learns_whether_the_address_has_an_account(owner: User) -> None:
    assert ask(Client(), owner.email) == ask(Client(), "nobody@example.com")
    assert [message.to for message in mail.outbox] == [[owner.email], ["nobody@example.com"]]
    assert "key" not in str(mail.outbox[1].body)


def test_changing_takes_the_old_one_and_tells_the_owner(owner: User, client_as: Callable[[User], Client]) -> None:
    client = client_as(owner)
    wrong = {"oldpassword": "not-it-not-it", "password1": NEW, "password2": NEW}
    assert client.post("/account/password/change/", wrong).status_code == 200
    assert client.post("/account/password/change/", {**wrong, "oldpassword": PASSWORD}).status_code == 302
    owner.refresh_from_db()
    assert owner.check_password(NEW)
    assert mail.outbox[-1].to == [owner.email]
    assert "old password does not work any more: choose a new one" in str(mail.outbox[-1].body)


def test_changing_ends_the_other_sessions(owner: User, stranger: User, client_as: Callable[[User], Client]) -> None:
    here, elsewhere, other = client_as(owner), client_as(owner), client_as(stranger)
    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert elsewhere.get("/account/email/").status_code == 302
    assert here.get("/account/email/").status_code == 200
    assert other.get("/account/email/").status_code == 200


def test_a_new_password_takes_keys_along_unless_they_are_kept(
    owner: User, stranger: User, client: Client, client_as: Callable[[User], Client]
) -> None:
    theirs = keys.make(stranger, "Notebook", may_write=False, days=None)
    here, kept = client_as(owner), keys.make(owner, "Notebook", may_write=False, days=None)
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert "You have 1 key." in here.get("/account/password/change/").content.decode()
    # As browsers send it: an unticked box is not sent at all.
    here.post("/account/password/change/", sent)
    assert keys.holder(kept.token) is not None and "still work are listed" in str(mail.outbox[-1].body)
    assert verbs(owner).count("keys revoked") == 0
    sent = {"oldpassword": NEW, "password1": PASSWORD, "password2": PASSWORD, "end_keys": "on"}
    page = here.post("/account/password/change/", sent, follow=True).content.decode()
    assert keys.holder(kept.token) is None and "keys for programs are revoked" in page
    assert verbs(owner).count("keys revoked") == 1 and "You have 1 key" not in page
    assert keys.holder(theirs.token) is not None and "keys revoked" not in verbs(stranger)
    # A wrong present password revokes nothing.
    client_as(stranger).post("/account/password/change/", {**sent, "oldpassword": "not-it-not-it"})
    assert keys.holder(theirs.token) is not None


def test_the_mailed_link_takes_keys_along_too(client: Client, owner: User, stranger: User) -> None:
    made = [keys.make(person, "Notebook", may_write=True, days=None).token for person in (owner, stranger)]
    ask(client, owner.email)
    page = client.get(link(), follow=True)
    box = BeautifulSoup(page.content, "html.parser").select_one("input[name=end_keys]")
    assert box and "checked" in box.attrs, "ticked, for whoever lost a password may have lost more"
    form = page.request["PATH_INFO"]
    done = client.post(form, {"password1": NEW, "password2": NEW, "end_keys": "on"}, follow=True).content.decode()
    assert [keys.holder(token) is None for token in made] == [True, False]
    assert "/account/keys/" in done and verbs(owner)[0] == "keys revoked" and not verbs(stranger)


def test_the_mailed_link_works_for_a_suspended_person_and_lets_nobody_in(
    client: Client, owner: User, stranger: User
) -> None:
    made = [keys.make(person, "Notebook", may_write=True, days=None).token for person in (owner, stranger)]
    ask(client, owner.email)
    form = client.get(link(), follow=True).request["PATH_INFO"]
    User.objects.filter(pk=owner.pk).update(is_active=False)
    done = client.post(form, {"password1": NEW, "password2": NEW, "end_keys": "on"}, follow=True)
    assert done.status_code == 200 and client.get("/data/").status_code == 302
    # Open again: nothing that was made before opens anything.
    User.objects.filter(pk=owner.pk).update(is_active=True)
    owner.refresh_from_db()
    assert [keys.holder(token) is None for token in made] == [True, False] and verbs(owner)[0] == "keys revoked"


def verbs(user: User) -> list[str]:
    return [line.verb for line in ScopedMemory(user).activity().items]
