"""Losing and changing a password."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.core import mail
from django.test import Client

from accounts import keys
from accounts.models import User
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


def test_changing_ends_the_other_sessions(owner: User, stranger: User, client_as: Callable[[User], Client]) -> None:
    here, elsewhere, other = client_as(owner), client_as(owner), client_as(stranger)
    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert elsewhere.get("/account/email/").status_code == 302
    assert here.get("/account/email/").status_code == 200
    assert other.get("/account/email/").status_code == 200


def test_a_new_password_says_that_keys_still_work(
    owner: User, stranger: User, client: Client, client_as: Callable[[User], Client]
) -> None:
    made = keys.make(owner, "Notebook", may_write=False, days=None)
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    page = client_as(owner).post("/account/password/change/", sent, follow=True).content.decode()
    assert "You have 1 key for programs" in page and "/account/keys/" in page
    assert "Keys for programs" in str(mail.outbox[-1].body)
    assert keys.holder(made.token) is not None, "which is why it has to be said"
    # Somebody else's are not counted, nor what is over.
    assert "for programs. A new password" not in client_as(stranger).get("/account/password/change/").content.decode()
    keys.make(stranger, "Old", may_write=False, days=-1)
    assert "for programs. A new password" not in client_as(stranger).get("/account/password/change/").content.decode()
    ask(client, owner.email)
    form = client.get(link(), follow=True).request["PATH_INFO"]
    done = client.post(form, {"password1": PASSWORD, "password2": PASSWORD}, follow=True).content.decode()
    assert "still work" in done and "/account/keys/" in done
