"""MEMSITE_EMAIL_URL."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from memsite.mail import configured


@pytest.mark.parametrize(
    ("url", "port", "starttls", "tls"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp+tls://mail.example", 587, True, False),
        ("smtps://mail.example", 465, False, True),
        ("smtps://mail.example:2465", 2465, False, True),
    ],
)
def test_the_scheme_says_how_it_is_protected(url: str, port: int, starttls: bool, tls: bool) -> None:
    mail = configured(url, local=False)
    assert (mail.host, mail.port, mail.starttls, mail.tls) == ("mail.example", port, starttls, tls)


def test_name_and_password_may_hold_any_character() -> None:
    mail = configured("smtp+tls://ada%40example.com:p%3A%2Fw@mail.example", local=False)
    assert (mail.user, mail.password) == ("ada@example.com", "p:/w")
    assert "p:/w" not in repr(mail)


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://host:port-word"])
def test_anything_else_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="MEMSITE_EMAIL_URL") as refusal:
        configured(url, local=False)
    assert url == "smtp://" or url not in str(refusal.value)


def test_without_a_server_the_console_serves_on_ones_own_machine() -> None:
    assert configured("", local=True).backend.endswith("console.EmailBackend")
    assert configured("", local=False).backend.endswith("smtp.EmailBackend")
