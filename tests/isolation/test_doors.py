"""Every verb of both doors that takes an id, with a stranger's: as if it were not there, and nothing moves."""

from __future__ import annotations

import datetime as dt
import inspect
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from memories.chats import ScopedChats
from memories.desk import ReplyDesk
from memories.errors import ConversationNotFound, MemoryNotFound
from memories.models import Message
from memories.owner import owner_of
from memories.scoped import ScopedMemory
from memories.storage.details import Details
from memories.storage.owner_scope import reading
from tests.isolation.people import Person
from tests.isolation.rows import rows_of

pytestmark = pytest.mark.django_db

TAKES_AN_ID = {"memory_id", "message_id", "conversation_id", "reply_id", "job_id", "ids", "row_id", "memory_ids"}
SOON = dt.datetime.now(dt.UTC) + dt.timedelta(days=300)
Call = Callable[[Any, Mapping[str, str]], Any]

# What each verb is called with; `at` holds ids: all theirs, or all made up.
MEMORY: dict[str, Call] = {
    "learn": lambda door, at: door.learn("I collect coins.", message_id=at["message"]),
    "get": lambda door, at: door.get(at["memory"]),
    "update": lambda door, at: door.update(at["memory"], "taken over"),
    "history": lambda door, at: door.history(at["memory"]),
    "delete": lambda door, at: door.delete(at["memory"]),
    "hold": lambda door, at: door.hold(at["memory"]),
    "restore": lambda door, at: door.restore(at["held"]),
    "detail": lambda door, at: door.detail(at["memory"]),
    "pause": lambda door, at: door.pause(at["memory"]),
    "resume": lambda door, at: door.resume(at["memory"]),
    "expire": lambda door, at: door.expire(at["memory"], SOON),
    "revert": lambda door, at: door.revert(at["memory"], 1),
    "keep": lambda door, at: door.keep(at["memory"]),
    "ask_again": lambda door, at: door.ask_again(at["memory"]),
    "selection": lambda door, at: door.selection([at["memory"], at["held"]]),
    "usable": lambda door, at: door.usable([at["memory"], at["held"]]),
    "named": lambda door, at: door.named([at["memory"], at["held"]]),
    "pause_many": lambda door, at: door.pause_many([uuid.UUID(at["memory"])]),
    "resume_many": lambda door, at: door.resume_many([uuid.UUID(at["memory"])]),
    "hold_many": lambda door, at: door.hold_many([uuid.UUID(at["memory"])])[0],
    "import_state": lambda door, at: door.import_state(at["job"]),
    "start_import": lambda door, at: door.start_import(at["job"]),
    "continue_import": lambda door, at: door.continue_import(at["job"]),
    "drop_import": lambda door, at: door.drop_import(at["job"]),
    "copy": lambda door, at: list(door.copy([uuid.UUID(at["memory"])])),
}
CHATS: dict[str, Call] = {
    "get": lambda door, at: door.get(at["chat"]),
    "messages": lambda door, at: door.messages(at["chat"]),
    "message": lambda door, at: door.message(at["message"]),
    "is_last": lambda door, at: door.is_last(at["message"], conversation_id=at["chat"]),
    "memories_from": lambda door, at: door.memories_from(at["chat"]),
    "post": lambda door, at: door.post("hello", conversation_id=at["chat"]),
    "edit": lambda door, at: door.edit(at["message"], "taken over"),
    "ask_again": lambda door, at: door.ask_again(at["reply"]),
    "stop": lambda door, at: door.stop(at["chat"], at["reply"]),
    "rename": lambda door, at: door.rename(at["chat"], "taken over"),
    "set_mode": lambda door, at: door.set_mode(at["chat"], "off"),
    "leave_out": lambda door, at: door.leave_out(at["chat"], at["memory"]),
    "delete": lambda door, at: door.delete(at["chat"]),
    "end_temporary": lambda door, at: door.end_temporary(at["chat"]),
    "learn_again": lambda door, at: door.learn_again(at["message"]),
    "answered": lambda door, at: door.answered(at["message"], refused="x", clash=(at["memory"], at["held"])),
}
DESK: dict[str, Call] = {
    "job": lambda desk, at: desk.job(at["reply"]),
    "keep": lambda desk, at: desk.keep(at["reply"], "taken over", ""),
    "close": lambda desk, at: desk.close(at["reply"], "done", "taken over", "", ""),
    "mark": lambda desk, at: desk.mark(at["reply"], model="taken over"),
    "give": lambda desk, at: desk.give(at["reply"], [at["memory"]]),
    "nothing_to_learn": lambda desk, at: desk.nothing_to_learn(at["message"]),
    "claim": lambda desk, at: desk.claim(at["message"]),
}
# These write down an id and look nothing up; the ids come from a job that was this owner's.
NOT_LOOKED_UP = {
    "mark_used": "leaves out memories that are not the owner's; takes values of one's own search",
    "seal": "computes a mark for an id; reads nothing",
    "sealed": "the same",
    "disclose": "writes a line in the owner's own log",
    "known": "links own memories to a claimed turn",
}


def verbs(door: type) -> dict[str, set[str]]:
    """Each public verb with the ids it takes."""
    found = {}
    for name, member in inspect.getmembers(door, callable):
        if not name.startswith("_"):
            taken = set(inspect.signature(member).parameters) & TAKES_AN_ID
            if taken:
                found[name] = taken
    return found


@pytest.mark.parametrize(("door", "table"), [(ScopedMemory, MEMORY), (ScopedChats, CHATS), (ReplyDesk, DESK)])
def test_each_verb_that_takes_an_id_is_tried(door: type, table: dict[str, Call]) -> None:
    assert set(verbs(door)) - set(NOT_LOOKED_UP) - {"undo_until"} <= set(table), "add a line for the new verb"
    assert set(table) <= set(dir(door))


def answer(call: Call, door: Any, at: Mapping[str, str]) -> str:
    """What came of it, in a form that can be compared."""
    try:
        return repr(call(door, at))
    except (MemoryNotFound, ConversationNotFound) as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("door", "verb", "call"),
    [
        (door, verb, call)
        for door, table in ((ScopedMemory, MEMORY), (ScopedChats, CHATS), (ReplyDesk, DESK))
        for verb, call in table.items()
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_strangers_id_is_as_if_it_were_not_there(ana: Person, ben: Person, door: type, verb: str, call: Call) -> None:
    before = rows_of(ana.user)
    unknown = answer(call, door(ben.user), {name: str(uuid.uuid4()) for name in ana.ids})
    assert answer(call, door(ben.user), ana.ids) == unknown
    assert rows_of(ana.user) == before


@pytest.mark.parametrize("verb", ["get", "update", "hold", "detail", "selection", "usable", "named", "copy"])
def test_the_owner_gets_another_answer_than_a_stranger(ana: Person, verb: str) -> None:
    """Or the tests above would be comparing nothing with nothing."""
    unknown = answer(MEMORY[verb], ScopedMemory(ana.user), {name: str(uuid.uuid4()) for name in ana.ids})
    assert answer(MEMORY[verb], ScopedMemory(ana.user), ana.ids) != unknown


def test_a_mark_on_an_exported_id_is_its_owners_alone(ana: Person, ben: Person) -> None:
    """Only with its mark does an id in a file count for anything."""
    mark = ScopedMemory(ana.user).seal(ana.ids["memory"])
    assert ScopedMemory(ana.user).sealed(ana.ids["memory"], mark)
    assert not ScopedMemory(ben.user).sealed(ana.ids["memory"], mark)
    assert not ScopedMemory(ana.user).sealed(ana.ids["held"], mark)


def test_an_offer_that_names_anothers_memory_is_not_made(ana: Person, ben: Person) -> None:
    """Should such a pair ever be written: it says which memories, and whose they are is asked again."""
    mine, turn = ana.ids["memory"], Message.objects.filter(pk=ana.ids["message"])
    other = ScopedMemory(ana.user).add("I collect nothing any more", infer=False)[0].id
    for older, told in ((other, 1), (ben.ids["memory"], 0)):
        turn.update(learned={"clashes": [[mine, older]]})
        shown = ScopedChats(ana.user).message(ana.ids["message"])
        assert len(shown.clashes) == told and ben.canary not in repr(shown)


def test_a_turn_of_anothers_is_not_quoted(ana: Person, ben: Person) -> None:
    """Were its id ever written beside one's own memory: mem0's platform keeps it where we keep no keys."""
    mine, other = uuid.UUID(ana.ids["message"]), uuid.UUID(ben.ids["message"])
    with reading(owner_of(ana.user)):
        assert list(Details(owner_of(ana.user)).said([other, mine])) == [mine]
