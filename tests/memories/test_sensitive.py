"""What waits for a yes: secrets although they were stated, and delicate conclusions."""

from __future__ import annotations

import pytest

from memories.sensitive import is_secret, must_wait, touches
from memories.types import Kind


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


DELICATE = {
    "health": """
        User is probably diabetic
        User's daughter Mia is allergic to peanuts
        User was diagnosed with ADHD as a child
        User takes medication for high blood pressure
        User sees a therapist on Thursdays
        User may be pregnant
        User had knee surgery last spring
        User has suffered from depression
        User is recovering from a broken leg
        User uses a wheelchair
        User's mother has dementia
        User is trying to lose weight
        User has trouble with insomnia
        User has been sober for two years
        User is on sick leave
        User is HIV positive
    """,
    "faith": """
        User is probably a practising Catholic
        User goes to church on Sundays
        User fasts during Ramadan
        User is Jewish
        User does not believe in God
        User is an atheist
        User prays before meals
        User only eats halal food
        User converted to Islam
        User's wife is a devout Christian
        User attends the local mosque
    """,
    "politics": """
        User votes for the Greens
        User is a member of the Labour Party
        User leans left
        User seems to be a conservative
        User took part in a protest against the motorway
        User is a trade unionist
        User supports the government
        User ran for mayor
        User opposes Brexit
        User has right-wing views
    """,
    "sexuality": """
        User is gay
        User is likely bisexual
        User came out to her parents last year
        User is transgender
        User is attracted to men
        User is in an open relationship
        User had an affair
        User identifies as non-binary
        User asks for advice about sexual health
    """,
    "money": """
        User earns about 60,000 a year
        User earns €3,200 a month
        User is in debt
        User cannot afford a new car
        User has a mortgage on the house
        User's salary is too low
        User invests in shares and bitcoin
        User is behind on the rent
        User receives unemployment benefits
        User pays 900 euros rent
        User inherited money from an aunt
        User has financial problems
    """,
    "identity numbers": """
        User's passport number is X1234567
        User's social security number ends in 6789
        User's SSN: 123-45-6789
        User's national insurance number is QQ 12 34 56 C
        User's tax number may be 123456789
        User's card number is 4111 1111 1111 1111
        User's driving licence number is 99887766
    """,
}
PLAIN = """
    User is vegetarian
    User lives in Lisbon
    User works in a hospital
    User is a doctor
    User works as a nurse on night shifts
    User has a daughter named Mia
    User's brother Christian plays the cello
    User likes old church architecture
    User visited the temples of Kyoto
    User keeps a praying mantis
    User studies political science
    User is left-handed
    User turns left at the bakery
    User prefers straight answers
    User went straight home after work
    User likes rich chocolate cake
    User works in finance as a financial analyst
    User earned a degree in physics
    User invests time in the garden
    User's art portfolio is online
    User takes a taxi to the airport
    User broke the blue vase
    User likes extra virgin olive oil
    User has window blinds in the office
    User is addicted to chocolate
    User has a green kitchen
    User party-plans for friends
    User was born on 14 March 1980
    User's phone number is 912 345 678
    User's flat number is 42
    User prefers a window seat
    User is a morning person
    User speaks Portuguese
    User is training for a marathon
    User has two cats, Pixel and Byte
    User likes to be called Sam
    User prefers men's shoes from a small shop
    User is conservative about changing tools
    User sings in a band
    User's operation system is Linux
    User reads political thrillers
"""


def lines(table: str) -> list[str]:
    return [line.strip() for line in table.strip().splitlines()]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, table in DELICATE.items() for text in lines(table)])
def test_delicate_conclusions_are_known_by_their_kind(kind: str, text: str) -> None:
    assert kind in touches(text)


@pytest.mark.parametrize("text", lines(PLAIN))
def test_ordinary_conclusions_are_of_no_kind(text: str) -> None:
    assert touches(text) == ()


@pytest.mark.parametrize(
    ("text", "kind", "ask_first", "waits"),
    [
        ("User is diabetic", "inferred", False, True),
        ("I am diabetic", "stated", True, False),
        ("User likes jazz", "inferred", True, True),
        ("User likes jazz", "inferred", False, False),
        ("My password is tulip", "inferred", False, True),
        ("My password is tulip", "stated", True, True),
        ("My password is tulip", "stated", False, False),
    ],
)
def test_what_must_wait(text: str, kind: Kind, ask_first: bool, waits: bool) -> None:
    assert must_wait(text, kind, ask_first=ask_first) is waits
