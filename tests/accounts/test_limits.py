"""Guessing is slowed down, and nobody can lock another person out."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.conftest import PASSWORD


def sign_in(client: Client, user: User, password: str) -> bool:
    client.post("/account/login/", {"login": user.email, "password": password})
    return "_auth_user_id" in client.session


def test_guessing_ends_after_five_tries_and_the_owner_comes_in(owner: User) -> None:
    guesser, home = Client(REMOTE_ADDR="192.0.2.1"), Client(REMOTE_ADDR="198.51.100.1")
    assert not any(sign_in(guesser, owner, f"guess-number-{number}") for number in range(6))
    assert not sign_in(guesser, owner, PASSWORD), "even the right one is not taken from there now"
    assert sign_in(home, owner, PASSWORD)


def test_asking_for_resets_does_not_keep_the_owner_from_one(owner: User) -> None:
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
    pest, home = Client(REMOTE_ADDR="192.0.2.1"), Client(REMOTE_ADDR="198.51.100.1")
    statuses = [pest.post("/account/password/reset/", {"email": owner.email}).status_code for _ in range(7)]
    assert statuses == [302] * 5 + [429] * 2
    sent = len(mail.outbox)
    assert home.post("/account/password/reset/", {"email": owner.email}).status_code == 302
    assert len(mail.outbox) == sent + 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "form", "most"),
    [
        ("/account/signup/", {"email": "new{}@example.com", "password1": "short"}, 10),
        ("/account/login/", {"login": "nobody{}@example.com", "password": "wrong-wrong"}, 30),
    ],
)
def test_a_network_is_refused_with_a_moment_to_come_back(db: None, path: str, form: dict[str, str], most: int) -> None:
    client = Client(REMOTE_ADDR="192.0.2.9")
    answers = [
        client.post(path, {name: text.format(number) for name, text in form.items()}) for number in range(most + 1)
    ]
    assert [answer.status_code for answer in answers[:most]] == [200] * most
    assert answers[-1].status_code == 429
    assert answers[-1].headers["Retry-After"] == "60"
    assert "That was a lot at once" in answers[-1].content.decode()
