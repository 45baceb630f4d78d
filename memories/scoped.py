"""The only door to memories: opened for one signed-in person, and leading to no one else's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import cast, get_args

from accounts.models import User
from memories.budget import Budget, budget_of, spend
from memories.curated import Curated
from memories.engines import engine_for
from memories.engines.base import Capabilities
from memories.errors import InvalidText
from memories.forgetting import Forgetting
from memories.owner import PROGRAM, Door, owner_of
from memories.storage.activity import ActivityLog
from memories.storage.owner_scope import reading, writing
from memories.storage.preferences import change_preferences, preferences_of
from memories.types import Filter, Learned, Memory, Page, Preferences, Receipt, Role, Source, Turn, Version
from memories.validation import MAX_TEXT, valid_id, valid_query, valid_text
from memsite.metrics import RECALL

Messages = str | Mapping[str, str] | Sequence[Mapping[str, str]]
EVERYTHING = Filter()


class ScopedMemory(Curated, Forgetting):
    """One owner's memories. Every verb acts on that owner's and no one else's; none can name another.

    Verbs raise InvalidText for text that cannot be kept, MemoryNotFound for an id that is unknown, malformed or
    someone else's, QuotaExceeded when the store is full, EngineUnavailable when it cannot be reached; nothing is
    written then.
    """

    __slots__ = ("_door", "_engine", "_owner")

    def __init__(self, user: User, *, door: Door = PROGRAM) -> None:
        """`user` is a saved, active User, such as `request.user` of a signed-in request; TypeError otherwise."""
        self._owner = owner_of(user)
        self._door = door
        self._engine = engine_for(self._owner, door)

    def add(self, messages: Messages, *, infer: bool = True, source: Source = "chat") -> list[Memory]:
        """Remembers, and returns what is new, in order.

        `infer=True` (mem0's word) finds the facts the person states; what is already known, or was once forgotten,
        is not stored again. `infer=False` stores each message word for word as one memory, in order, as one
        conversation. A message is {"role": "user" or "assistant", "content": text}; other keys are not read.
        """
        turns = _turns(messages)
        if source not in get_args(Source):
            raise ValueError(f"A memory's source is one of {', '.join(get_args(Source))}.")
        if not turns:
            return []
        if not infer:
            return self._engine.add(turns, source=source)
        return list(self._engine.learn(turns, source=source, message_id=None, context=()).saved)

    def learn(
        self,
        text: str,
        *,
        message_id: str,
        said_at: dt.datetime | None = None,
        context: Sequence[Mapping[str, str]] = (),
    ) -> Learned:
        """Reads one turn of the person's for facts, and keeps those that are new, linked to the turn.

        `said_at` is when the turn got these words: nothing is kept of them once it has others. Without it they are
        taken for those it has now. `context` is the turns before, oldest first. With *learn from my chats* off there
        is nothing to find. Raises ExtractionFailed, as against nothing found, when a model's answer could not be used:
        try again later.
        """
        turn, before = Turn(role="user", text=valid_text(text)), _turns(list(context))
        if not self.preferences.learn:
            return Learned()
        key = valid_id(message_id)
        return self._engine.learn([turn], source="chat", message_id=key, said_at=said_at, context=before)

    def take_in(self, messages: Messages) -> Learned:
        """As add, for a program: also says what was known, once forgotten, or is still being read."""
        turns = _turns(messages)
        return self._engine.learn(turns, source="program", message_id=None, context=()) if turns else Learned()

    def remember_again(self, text: str) -> Memory:
        """Stores what was once forgotten: the person was asked, and said yes."""
        return self._engine.add([Turn(role="user", text=valid_text(text))], source="typed")[0]

    def search(self, query: str, *, limit: int = 10) -> list[Memory]:
        """The memories that bear on the query, best first, each with a score of 0..1; none where none does.

        Only what may be used in a reply: paused, waiting and expired ones stay out.
        """
        if limit < 1:
            raise ValueError("A search needs a limit of at least 1.")
        clean = valid_query(query)
        if not clean:
            return []
        with RECALL.time():
            return self._engine.search(clean, limit=limit)

    def get_all(self) -> list[Memory]:
        """Every memory, newest first: complete, paused, waiting and expired ones included and marked."""
        return self._engine.get_all()

    def page(
        self, *, number: int = 1, size: int = 25, query: str = "", chosen: Filter = EVERYTHING, order: str = "newest"
    ) -> Page:
        """One page of the complete list, or of what the query finds in it (then best match first)."""
        if number < 1 or not 1 <= size <= 200:
            raise ValueError("A page has a number from 1 and a size of 1 to 200.")
        return self._engine.page(chosen, query=valid_query(query), number=number, size=size, order=order)

    def get(self, memory_id: str) -> Memory:
        """One memory."""
        return self._engine.get(valid_id(memory_id))

    def update(self, memory_id: str, text: str, *, version: int | None = None) -> Memory:
        """Corrects it: a new text in its place; id, date and source stay, the old text is kept as a version.

        `version` is the one that was read; StaleVersion when it has changed since, and nothing is overwritten.
        """
        key, clean = valid_id(memory_id), valid_text(text)
        return self._engine.update(key, clean, version=version)

    def history(self, memory_id: str) -> list[Version]:
        """Every text it has had, oldest first."""
        return self._engine.history(valid_id(memory_id))

    def delete(self, memory_id: str, *, with_message: bool = False) -> None:
        """Erases it from every place we keep, at once, and does not learn it again.

        The turn it came from stays in its chat, unless `with_message`.
        """
        self._engine.delete(valid_id(memory_id), with_message=with_message)

    def hold(self, memory_id: str, *, with_message: bool = False) -> dt.datetime:
        """Deletes it with a moment's grace: out of everything now, erased at the moment returned unless restored.
        `with_message` does the same to the turn it came from."""
        return self._engine.hold(valid_id(memory_id), with_message=with_message)

    def restore(self, memory_id: str) -> Memory:
        """Takes a deletion back while its grace lasts; MemoryNotFound afterwards."""
        return self._engine.restore(valid_id(memory_id))

    def delete_all(self) -> Receipt:
        """Erases every memory from every place we keep, and says what was found, removed and left."""
        return self.wipe("memories")

    def count(self) -> int:
        """How many memories there are on the list."""
        return self._engine.count()

    @property
    def capabilities(self) -> Capabilities:
        """What this site's engine can do; what it cannot raises Unavailable."""
        return self._engine.capabilities

    @property
    def budget(self) -> Budget:
        """Today's share of the language model, and how much of it is used."""
        return budget_of(self._owner)

    def spend(self) -> None:
        """To be called before the model is asked for a reply. BudgetSpent."""
        spend(self._owner)

    @property
    def pending(self) -> int:
        """How much was given to learn from and is not read yet."""
        return self._engine.pending()

    def usable(self, memory_ids: Collection[str]) -> set[str]:
        """Which of these may be used in a reply now: not what was deleted, is paused or waits, or has ended."""
        return {str(key) for key in self._engine.usable([valid_id(memory_id) for memory_id in memory_ids])}

    def mark_used(self, message_id: str, memories: Sequence[Memory]) -> None:
        """Writes down which memories, word for word, were put before the assistant for this reply."""
        if memories:
            self._engine.mark_used(valid_id(message_id), memories)

    @property
    def preferences(self) -> Preferences:
        """The person's own switches and limits, as they are now."""
        with reading(self._owner):
            return preferences_of(self._owner)

    def choose(
        self, *, use_memories: bool | None = None, learn: bool | None = None, ask_first: bool | None = None
    ) -> None:
        """Sets the switches that are given; the others stay."""
        given = {"use_memories": use_memories, "learn": learn, "ask_first": ask_first}
        changes: dict[str, object] = {name: value for name, value in given.items() if value is not None}
        with writing(self._owner, bump=False) as state:
            if any(getattr(state, name) != value for name, value in changes.items()):
                change_preferences(state, changes)
                ActivityLog(self._owner, self._door).append("switched")


def _turns(messages: Messages) -> list[Turn]:
    """The messages, each checked; InvalidText names what is wrong with them."""
    if isinstance(messages, str):
        return [Turn(role="user", text=valid_text(messages))]
    listed = [messages] if isinstance(messages, Mapping) else messages
    if not isinstance(listed, Sequence) or isinstance(listed, (bytes, bytearray)):
        raise InvalidText("Messages are a text, or a list of messages with a role and a content.")
    return [_turn(message) for message in listed]


def _turn(message: object) -> Turn:
    if not isinstance(message, Mapping):
        raise InvalidText("A message needs a role and a content.")
    role = message.get("role")
    if role not in get_args(Role):
        raise InvalidText("A message's role is user or assistant; nothing was saved.")
    return Turn(role=cast(Role, role), text=valid_text(message.get("content"), what="message"))


__all__ = ["MAX_TEXT", "ScopedMemory"]
