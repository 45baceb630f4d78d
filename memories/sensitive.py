"""What is not kept unasked: secrets, even when they were said, and what a model concluded of a delicate kind."""

from __future__ import annotations

import re

from memories.sensitive_kinds import Delicate, delicate_kinds
from memories.types import Kind, Source

_SECRET = re.compile(
    r"\b(?:password|passcode|passphrase|pin(?: code| number)?|secret (?:key|code|word)|api[ -]?key|access token|"
    r"private key|recovery (?:code|phrase)|seed phrase|cvv|cvc|security code|social security(?: number)?|ssn|"
    r"passport (?:number|no)|tax (?:id|number)|account number|sort code|routing number)\b[^.\n]{0,30}?(?:\bis\b|[:=])",
    re.IGNORECASE,
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_CARD = re.compile(r"\b\d(?:[ -]?\d){12,18}\b")


def is_secret(text: str) -> bool:
    """Whether the text gives away a password, a code, or the number of a card, an account or an identity paper.

    Health, faith and the like are not meant: who says "I am diabetic" to an assistant that remembers wants it used.
    """
    if _SECRET.search(text):
        return True
    return any(_is_iban(found[0]) for found in _IBAN.finditer(text)) or any(
        _is_card(found[0]) for found in _CARD.finditer(text)
    )


def touches(text: str) -> tuple[Delicate, ...]:
    """The delicate kinds that a conclusion is about; a secret counts as an identity number."""
    kinds = delicate_kinds(text)
    return (*kinds, "identity numbers") if is_secret(text) and "identity numbers" not in kinds else kinds


def must_wait(text: str, kind: Kind, *, ask_first: bool) -> bool:
    """Whether a new memory is held for review. Of a delicate kind, a conclusion waits whatever the person chose: a
    wrong one would hurt, and a right one is theirs to tell. What they said in so many words is kept as they said it,
    but for a secret."""
    if kind == "inferred":
        return ask_first or bool(touches(text))
    return ask_first and is_secret(text)


def kind_told(text: str, source: Source) -> Kind:
    """Of a text that is kept word for word. A program's may be what a model made of the person: where it is delicate,
    nobody can tell whether they said it, so it counts as concluded, and waits."""
    return "inferred" if source == "program" and touches(text) else "stated"


def _is_card(text: str) -> bool:
    """The check digit of card numbers (ISO/IEC 7812-1, annex B: Luhn)."""
    digits = [int(sign) for sign in reversed(text) if sign.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _is_iban(text: str) -> bool:
    """The check digits of account numbers (ISO 13616): the number rearranged leaves 1 when divided by 97."""
    plain = text.replace(" ", "")
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1
