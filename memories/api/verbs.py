"""The verbs that programs have, each once: REST and MCP are two ways to say them. None names a person."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from memories.api.door import ProgramRequest, admit
from memories.api.problems import misshapen, switched_off
from memories.api.shapes import (
    FILTERS,
    FOUND,
    HISTORY,
    ID,
    MAYBE_MOMENT,
    MEMORY,
    NUMBER,
    PAGE,
    TEXT,
    VERSION,
    Schema,
    closed,
    several,
    text_told,
    told,
    whole,
)
from memories.data_forms import BrowseForm
from memories.errors import Forgotten
from memories.sensitive import kind_told
from memories.types import Learned

Args = Mapping[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What came of it."""

    body: dict[str, Any]
    status: int = 200


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Verb:
    """One thing a program can ask for."""

    name: str
    says: str
    takes: Schema
    gives: Schema
    act: Callable[[ProgramRequest, Args], Answer]
    writes: bool = False
    destroys: bool = False


def _me(request: ProgramRequest, args: Args) -> Answer:
    overview, key = request.memory.overview(), request.key
    ends = key.ends_at.isoformat() if key.ends_at else None
    return Answer(
        {
            "memories": overview.total,
            "quota": overview.quota,
            "use_memories": overview.preferences.use_memories,
            "learn": overview.preferences.learn,
            "key": {"name": key.name, "may_write": key.may_write, "ends_at": ends},
        }
    )


def _list(request: ProgramRequest, args: Args) -> Answer:
    fields = {**args, "expiring": "1" if args.get("expiring") else ""}
    form = BrowseForm(fields)
    if not form.is_valid():
        raise misshapen(f"{next(iter(form.errors))} makes no sense.")
    page = request.memory.browse(
        form.chosen(), number=args.get("page", 1), size=args.get("size", 25), order=args.get("order", "")
    ).page
    following = page.number + 1 if page.number < page.pages else None
    items = [told(memory) for memory in page.items]
    return Answer({"items": items, "total": page.total, "page": page.number, "pages": page.pages, "next": following})


def _search(request: ProgramRequest, args: Args) -> Answer:
    admit(request, "searches")
    if not request.memory.preferences.use_memories:
        raise switched_off("The use of memories is switched off by the person whose they are. The list stays open.")
    found = request.memory.search(args["query"], limit=args.get("limit", 10))
    return Answer({"items": [{**told(memory), "score": memory.score or 0.0} for memory in found]})


def _add(request: ProgramRequest, args: Args) -> Answer:
    if ("text" in args) is ("messages" in args):
        raise misshapen("send either text or messages.")
    if args.get("infer", "messages" in args):
        return _read(request, args.get("messages", args.get("text")))
    if "messages" in args:
        raise misshapen("messages are read for what they state; to keep words as they are, send text.")
    _not_forgotten(request, args["text"])
    memory, new = request.memory.write(args["text"], source="program")
    return _kept(Learned(saved=(memory,)) if new else Learned(known=(memory,)))


def _read(request: ProgramRequest, messages: Any) -> Answer:
    admit(request, "turns")
    if not request.memory.preferences.learn:
        raise switched_off("Learning is switched off by the person whose memories these are. Nothing was saved.")
    return _kept(request.memory.take_in(messages))


def _kept(learned: Learned) -> Answer:
    body = {
        "saved": [told(memory) for memory in learned.saved],
        "known": [told(memory) for memory in learned.known],
        "forgotten": len(learned.refused),
        "pending": learned.pending,
    }
    return Answer(body, 201 if learned.saved else 200)


def _get(request: ProgramRequest, args: Args) -> Answer:
    return Answer(told(request.memory.get(args["id"])))


def _update(request: ProgramRequest, args: Args) -> Answer:
    before = request.memory.get(args["id"])
    _not_forgotten(request, args["text"])
    if before.version == args["version"] and kind_told(args["text"], "program") == "inferred":
        # First, so that the new words are at no moment used unasked.
        request.memory.ask_again(before.id)
    return Answer(told(request.memory.update(args["id"], args["text"], version=args["version"])))


def _forget(request: ProgramRequest, args: Args) -> Answer:
    request.memory.delete(args["id"])
    return Answer({"forgotten": True}, 204)


def _history(request: ProgramRequest, args: Args) -> Answer:
    return Answer({"versions": [text_told(version) for version in request.memory.history(args["id"])]})


def _not_forgotten(request: ProgramRequest, text: str) -> None:
    """What the person had forgotten stays so: no program decides that anew."""
    if request.memory.once_forgotten(text):
        raise Forgotten


_KEY = closed({"name": {"type": "string"}, "may_write": {"type": "boolean"}, "ends_at": MAYBE_MOMENT})
_ME: dict[str, Schema] = {
    "memories": NUMBER,
    "quota": NUMBER,
    "use_memories": {"type": "boolean"},
    "learn": {"type": "boolean"},
    "key": _KEY,
}
_KEPT: dict[str, Schema] = {
    "saved": several(MEMORY),
    "known": {**several(MEMORY), "description": "There already; not saved twice."},
    "forgotten": {**NUMBER, "description": "How many were left out because the person once had them forgotten."},
    "pending": {"type": "boolean", "description": "Still being read; what is found is on the list then."},
}
_MESSAGE = whole({"role": {"type": "string", "enum": ["user", "assistant"]}, "content": TEXT})
_MESSAGES = {**several(_MESSAGE), "minItems": 1, "maxItems": 50, "description": "A conversation to be read for facts."}
_INFER = {"type": "boolean", "description": "Read it for facts instead of keeping it word for word."}
NOTHING = closed({})
ONE = whole({"id": ID})

ABOUT_ME = Verb(
    name="about_me",
    says="How many memories there are, and what this key may do.",
    takes=NOTHING,
    gives=whole(_ME),
    act=_me,
)
LIST = Verb(
    name="list_memories",
    says="Every memory, newest first, a page at a time: paused, expired and waiting ones included and marked.",
    takes=FILTERS,
    gives=PAGE,
    act=_list,
)
SEARCH = Verb(
    name="search_memories",
    says="The memories that bear on a question, best first; only those that may be used in a reply.",
    takes=closed(
        {"query": {**TEXT, "minLength": 0}, "limit": {"type": "integer", "minimum": 1, "maximum": 100}}, "query"
    ),
    gives=whole({"items": several(FOUND)}),
    act=_search,
)
ADD = Verb(
    name="add_memory",
    says="Remembers a text word for word, or (infer) what a text or a conversation states about the person.",
    takes=closed({"text": TEXT, "messages": _MESSAGES, "infer": _INFER}),
    gives=whole(_KEPT),
    act=_add,
    writes=True,
)
GET = Verb(name="get_memory", says="One memory.", takes=ONE, gives=MEMORY, act=_get)
UPDATE = Verb(
    name="update_memory",
    says="Corrects a memory; version is the one that was read, so that no newer text is overwritten.",
    takes=whole({"id": ID, "text": TEXT, "version": VERSION}),
    gives=MEMORY,
    act=_update,
    writes=True,
)
FORGET = Verb(
    name="forget_memory",
    says="Erases one memory from every place, for good; it is not learned again.",
    takes=ONE,
    gives=whole({"forgotten": {"type": "boolean"}}),
    act=_forget,
    writes=True,
    destroys=True,
)
VERSIONS = Verb(
    name="memory_history",
    says="Every text a memory has had, oldest first.",
    takes=ONE,
    gives=HISTORY,
    act=_history,
)
