"""Keyed hashes of what a text says: the same fact is known again without keeping its words."""

from __future__ import annotations

import hashlib
import hmac
import re

from memories.text import normalised


def digest(key: bytes | memoryview, text: str) -> str:
    """HMAC-SHA-256 (RFC 2104) of what the text says, in hex. The key is the owner's own and goes with the account."""
    return hmac.new(bytes(key), first_person(normalised(text)).encode(), hashlib.sha256).hexdigest()


# --- One person, however they are spoken of --------------------------------------------------------------------------
# A language model writes down "User is vegetarian" where the person said "I am vegetarian", and the next time the other
# way round. For the digest alone, and only where "user" opens the sentence, the third person is read as the first.
_USERS = re.compile(r"(?:the )?user s (?=\S)")
_USER = re.compile(r"(?:the )?user (?=\S)")
_ADVERB = r"(?:also|always|never|often|usually|sometimes|really|currently|still|already|just|mostly|only|recently)"
_VERB = re.compile(rf"((?:{_ADVERB} )*)(\S+)(.*)", re.DOTALL)
_IRREGULAR = {"is": "am", "has": "have"}
_THEIRS = {"their": "my", "theirs": "mine", "themselves": "myself", "themself": "myself"}
_KEPT = {"this", "his", "yes", "perhaps", "always", "as", "us", "plus", "thus"}
"""Words in -s that are no verbs."""


def first_person(plain: str) -> str:
    """A normalised sentence about "(the) user" as that person would say it; any other comes back unchanged.

    "user s name is anna" -> "my name is anna"; "the user likes tea" -> "i like tea"; "user loves their dog" ->
    "i love my dog". His and her stay: they may be someone else's.
    """
    owned = _USERS.match(plain)
    if owned:
        return _theirs(f"my {plain[owned.end() :]}")
    named = _USER.match(plain)
    parts = _VERB.fullmatch(plain, named.end()) if named else None
    if not parts:
        return plain
    adverbs, verb, rest = parts.groups()
    return _theirs(f"i {adverbs}{_spoken_by_me(verb)}{rest}")


def _theirs(plain: str) -> str:
    return " ".join(_THEIRS.get(word, word) for word in plain.split())


def _spoken_by_me(verb: str) -> str:
    """ "likes" -> "like", "studies" -> "study", "watches" -> "watch"; what is no third person stays."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if not verb.endswith("s") or verb.endswith("ss") or verb in _KEPT or len(verb) < 4:
        return verb
    if verb.endswith("ies") and len(verb) > 4:
        return verb[:-3] + "y"
    if verb.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")):
        return verb[:-2]
    return verb[:-1]
