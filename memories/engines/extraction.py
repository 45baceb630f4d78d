"""Stands between mem0's pipeline and the model: what comes back is checked, and failure is told from "nothing"."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from memories import llm
from memories.errors import ExtractionFailed, InvalidText
from memories.text import normalised, terms
from memories.types import Kind
from memories.validation import valid_text

MAX_ITEMS = 20
"""New memories from one turn; a model that finds more has misread it."""
MAX_FACT = 500
"""Characters; a fact is a sentence, not a page."""

_HEADING = re.compile(r"^(\s*)(#|={3,}|-{3,})", re.MULTILINE)
_NO = re.compile(r"\b(?:not|never|no|none|without|nobody|nothing|neither|nor)\b")
_CUT = re.compile(r"(?<=[.!?;,])\s+|\n+|\b(?:and|but)\b")
"""Between two clauses."""
_AROUND = " \t\"'\u201d)"
_QUOTED = re.compile(
    r"\"[^\"\n]*\"|\u201c[^\u201d\n]*\u201d|\u201e[^\u201c\u201d\n]*[\u201c\u201d]|\u00ab[^\u00bb\n]*\u00bb|(?<!\w)['\u2018][^\n]*?['\u2019](?!\w)"
)
_VOICE = re.compile(r"\b(?:i|i'm|me|my|mine|we|our|you|your)\b", re.IGNORECASE)
"""Of words in quotation marks: somebody's speech, not a title."""
_TOLD = r"(?:says?|said|saying|tells?|told|thinks?|thought|claims?|claimed|writes?|wrote|asks?|asked|suspects?)"
_OF_OTHERS = r"(?:heard|according to|(?:someone|somebody|people|friends?) who)"
_REPORTED = re.compile(rf"(?:(?<!\bI )(?<!\bI've )\b{_TOLD}|\b{_OF_OTHERS})\b[^.!?\n]*", re.IGNORECASE)
"""From the word that says that another one speaks, to the end of the sentence."""
_OTHERS = re.compile(
    r"\W*(?:and |but )?(?:(?:my|our|his|her|their) (?P<mine>.+)|(?P<they>he|she|they)\b)", re.IGNORECASE
)
"""A clause whose subject is somebody, or something, else."""
_NAMED = re.compile(r"\W*(?P<name>[A-Z][a-z]+) (?:[a-z]+s|was|had)\b")


def defused(text: str) -> str:
    """The text with no line that reads as a heading: mem0 sets messages into its prompt as they are, so a message
    that begins a line with "## Custom Instructions" would be obeyed."""
    return _HEADING.sub(r"\1\\\2", text)


class Model:
    """The model as mem0 calls it."""

    def generate_response(self, messages: Sequence[Mapping[str, str]], **_: Any) -> str:
        """The answer as mem0 expects it, reduced to what was checked. ExtractionFailed, EngineUnavailable."""
        return json.dumps({"memory": _checked(llm.complete_json([dict(message) for message in messages]))})


def _checked(answer: str) -> list[dict[str, str]]:
    try:
        found = json.loads(answer)
    except ValueError as error:
        raise ExtractionFailed from error
    items = found.get("memory") if isinstance(found, dict) else None
    if not isinstance(items, list) or len(items) > MAX_ITEMS:
        raise ExtractionFailed
    return [item for item in map(_item, items) if item]


def _item(item: object) -> dict[str, str] | None:
    """One fact about the person; None for what the assistant said of itself. ExtractionFailed for another shape."""
    if not isinstance(item, dict) or not isinstance(item.get("text"), str):
        raise ExtractionFailed
    if item.get("attributed_to", "user") != "user":
        return None
    try:
        text = valid_text(item["text"])
    except InvalidText as error:
        raise ExtractionFailed from error
    if len(text) > MAX_FACT:
        raise ExtractionFailed
    return {"id": str(item.get("id", "")), "text": text, "attributed_to": "user"}


def kind_of(fact: str, said: str) -> Kind:
    """`stated` when every word that carries meaning was said in the turn, of the same one, with the same yes or no, and
    not as a question; otherwise the model concluded it. "I don't have diabetes", "Am I diabetic?" and "He said: I have
    diabetes" state no diabetes of the person's."""
    wanted, no = set(terms(fact)) - {"user"}, _denies(fact)
    told = [part for part in _CUT.split(_own_words(said)) if not part.rstrip(_AROUND).endswith("?")]
    bearing = [part for part in told if wanted & set(terms(part)) and _may_speak_of(part, wanted)]
    if any(wanted <= set(terms(part)) and _denies(part) is no for part in bearing):
        return "stated"
    # Said over several clauses: then none of them may say the opposite.
    together = wanted <= {term for part in bearing for term in terms(part)}
    return "stated" if together and all(_denies(part) is no for part in bearing) else "inferred"


def _own_words(said: str) -> str:
    """Without what others say in it."""
    unquoted = _QUOTED.sub(lambda quote: " " if _VOICE.search(quote[0]) else quote[0], said)
    return _REPORTED.sub(" ", unquoted)


def _may_speak_of(part: str, wanted: set[str]) -> bool:
    """False for a clause about another: "my brother hates fish" states nothing of who has the brother, unless the
    fact is about the brother."""
    other = _OTHERS.match(part)
    if other and other["they"]:
        return False
    named = None if other or _VOICE.search(part) else _NAMED.match(part)
    subject = terms(other["mine"]) if other else terms(named["name"]) if named else []
    return not subject or subject[0] in wanted


def _denies(text: str) -> bool:
    return bool(_NO.search(normalised(text)))
