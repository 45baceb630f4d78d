"""What waits for a yes although it was stated."""

from __future__ import annotations

import pytest

from memories.sensitive import is_secret


@pytest.mark.parametrize(
    "text",
    [
        "My password is hunter2",
        "my wifi password: tulip",
        "The PIN of my card is 1234",
        "My card number is 4111 1111 1111 1111",
        "my IBAN is DE89 3704 0044 0532 0130 00",
        "My passport number is X1234567",
        "My API key is abc",
    ],
)
def test_secrets_are_known(text: str) -> None:
    assert is_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        "I am vegetarian",
        "My daughter Mia is allergic to peanuts",
        "I am diabetic",
        "I forget my passwords all the time",
        "I collect pins",
        "My phone number is 912 345 678",
        "I was born on 14 03 1980",
        "I scored 4111 1111 1111 1112 points",
        "I live in Lisbon",
    ],
)
def test_ordinary_facts_are_not(text: str) -> None:
    assert not is_secret(text)
