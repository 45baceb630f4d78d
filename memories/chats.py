"""The only door to conversations and their turns."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from accounts.models import User
from memories.chat_types import Clash, Conversation, ConversationPage, Message, Mode, Posted
from memories.errors import ConversationNotFound, MemoryNotFound
from memories.models import Conversation as ConversationRow
from memories.models import Message as MessageRow
from memories.models import OwnerState
from memories.owner import PROGRAM, Door, owner_of
from memories.storage.activity import ActivityLog
from memories.storage.chats import ConversationRows
from memories.storage.due import GRACE, DueRows
from memories.storage.erasing import retitle
from memories.storage.owner_scope import reading, writing
from memories.storage.replies import ReplyRows
from memories.storage.turns import TurnRows, message_of
from memories.titles import title_of
from memories.validation import valid_id, valid_query, valid_text

PAGE = 30
TURNS = 60
"""Turns on one page of a conversation."""
FOUND = 50
"""Conversations that a search shows."""


class ScopedChats:
    """One owner's conversations. Every verb acts on that owner's and no one else's.

    A foreign, unknown or malformed id raises ConversationNotFound: the three cannot be told apart.
    """

    def __init__(self, user: User, *, door: Door = PROGRAM) -> None:
        self._owner = owner_of(user)
        self._chats = ConversationRows(self._owner)
        self._turns = TurnRows(self._owner)
        self._replies = ReplyRows(self._owner)
        self._due = DueRows(self._owner)
        self._log = ActivityLog(self._owner, door)

    # --- Reading ------------------------------------------------------------------------------------------------------
    def page(self, number: int = 1, *, size: int = PAGE) -> ConversationPage:
        """The kept conversations, last used first; one query."""
        with reading(self._owner):
            return self._chats.page(number, size)

    def search(self, query: str) -> ConversationPage:
        """Conversations whose title or turns hold all of the words, at most 50; two queries. InvalidText."""
        words = valid_query(query)
        if not words:
            return self.page(size=FOUND)
        with reading(self._owner):
            return self._chats.search(words, FOUND)

    def get(self, conversation_id: object) -> Conversation:
        """One conversation; one query."""
        with reading(self._owner):
            return self._chats.get(_id(conversation_id))

    def messages(self, conversation_id: object, *, before: int | None = None, limit: int = TURNS) -> list[Message]:
        """The newest turns (before a place), oldest first, each with the memories it caused or was given; at most
        five queries, however many turns. A reply whose worker is dead is closed first."""
        key = _id(conversation_id)
        with reading(self._owner):
            self._chats.get(key)
            self._replies.close_abandoned()
            return self._told(self._turns.last(key, before=before, limit=limit))

    def message(self, message_id: object, *, conversation_id: object = None) -> Message:
        """One turn, as `messages` tells it."""
        chat = None if conversation_id is None else _id(conversation_id)
        with reading(self._owner):
            return self._told([self._turns.row(_id(message_id), conversation_id=chat)])[0]

    def close_abandoned(self) -> int:
        """Ends replies whose worker is dead, keeping their text; how many there were."""
        with reading(self._owner):
            return self._replies.close_abandoned()

    def is_last(self, message_id: object, *, conversation_id: object) -> bool:
        """Whether nothing was said after a turn; one query."""
        with reading(self._owner):
            newest = self._turns.last(_id(conversation_id), before=None, limit=1)
            return bool(newest) and newest[0].pk == _id(message_id)

    def memories_from(self, conversation_id: object) -> list[str]:
        """Ids of the memories that were said in a conversation, newest first."""
        key = _id(conversation_id)
        with reading(self._owner):
            self._chats.get(key)
            return [str(found) for found in self._chats.memories_from(key)]

    # --- Turns --------------------------------------------------------------------------------------------------------
    def post(self, text: str, *, conversation_id: object = None, mode: Mode = "on", nonce: str = "") -> Posted:
        """Stores a turn and the place of its reply, in one transaction, before anything is asked of a model.

        Without a conversation a new one is made in the given mode. `nonce` names one press of Send: the same text with
        the same nonce is stored once. A reply that is still being written in the conversation is stopped.
        InvalidText, ConversationNotFound.
        """
        said = valid_text(text, what="message")
        key = None if conversation_id is None else _id(conversation_id)
        with writing(self._owner, bump=False) as state:
            earlier = self._turns.with_nonce(nonce) if nonce else None
            if earlier is not None and earlier.text == said:
                return self._repeated(earlier)
            chat = self._chats.row(key) if key else self._chats.create(mode)
            self._replies.stop(chat.pk)
            turn = self._turns.write(
                chat, "user", said, nonce=None if earlier else nonce[:64] or None, **_to_learn(chat, state)
            )
            if not chat.title:
                chat.title = title_of(said)
                chat.save(update_fields=["title"])
            return self._with_reply(chat, turn)

    def edit(self, message_id: object, text: str) -> Posted:
        """Changes a turn of the person's and asks again from there; what came after it goes. The memories it caused
        stay. InvalidText, ConversationNotFound."""
        said = valid_text(text, what="message")
        with writing(self._owner, bump=False) as state:
            turn = self._turns.row(_id(message_id))
            if turn.role != "user":
                raise ConversationNotFound
            before, turn.text, turn.learned, turn.attempts = turn.text, said, None, 0
            for name, value in _to_learn(turn.conversation, state).items():
                setattr(turn, name, value)
            turn.updated_at = timezone.now()
            turn.save()
            self._turns.delete_after(turn)
            # What was taken out of a turn stays in no title either.
            retitle(self._owner, turn.conversation_id, before)
            return self._with_reply(self._chats.row(turn.conversation_id), turn)

    def ask_again(self, reply_id: object) -> Posted:
        """Writes a reply anew (regenerate, or Retry after a failure); what came after it goes."""
        with writing(self._owner, bump=False):
            reply = self._turns.row(_id(reply_id))
            earlier = self._turns.before(reply, 1)
            if reply.role != "assistant" or not earlier or earlier[0].role != "user":
                raise ConversationNotFound
            self._turns.delete_after(earlier[0])
            return self._with_reply(reply.conversation, earlier[0])

    def stop(self, conversation_id: object, reply_id: object = None) -> bool:
        """Ends the reply being written, keeping its text; False when there was none."""
        key = _id(conversation_id)
        with reading(self._owner):
            self._chats.get(key)
            return bool(self._replies.stop(key, None if reply_id is None else _id(reply_id)))

    # --- The conversation itself --------------------------------------------------------------------------------------
    def rename(self, conversation_id: object, title: str) -> None:
        """A title of the person's own, 1 to 120 characters. InvalidText."""
        name = " ".join(valid_text(title, what="title").split())
        with writing(self._owner, bump=False):
            self._chats.get(_id(conversation_id))
            self._chats.rename(_id(conversation_id), name, by_hand=True)

    def set_mode(self, conversation_id: object, mode: Mode) -> None:
        """Memory on or off from here on. A temporary conversation stays one: what it is may not change under it."""
        with writing(self._owner, bump=False):
            chat = self._chats.row(_id(conversation_id))
            if chat.memory_mode != "temporary" and mode != "temporary":
                chat.memory_mode = mode
                chat.save(update_fields=["memory_mode"])

    def leave_out(self, conversation_id: object, memory_id: object, *, out: bool = True) -> None:
        """Does not use one memory in this conversation any more; `out=False` takes that back."""
        memory = str(valid_id(memory_id))
        with writing(self._owner, bump=False):
            chat = self._chats.row(_id(conversation_id))
            kept = [known for known in chat.left_out if known != memory]
            chat.left_out = [*kept, memory] if out else kept
            chat.save(update_fields=["left_out"])

    def delete(self, conversation_id: object) -> None:
        """The conversation and its turns; what is being written in it ends. Its memories stay."""
        with writing(self._owner, bump=False):
            key = self._chats.get(_id(conversation_id)).id
            self._chats.delete(uuid.UUID(key))
            self._log.append("chat_deleted", object_id=uuid.UUID(key))

    def end_temporary(self, conversation_id: object) -> bool:
        """Removes a conversation if it is a temporary one; False otherwise, also when it is gone already."""
        try:
            key = _id(conversation_id)
            with writing(self._owner, bump=False):
                if self._chats.get(key).mode != "temporary":
                    return False
                self._chats.delete(key)
                return True
        except ConversationNotFound:
            return False

    # --- What a turn taught -------------------------------------------------------------------------------------------
    def learn_again(self, message_id: object) -> bool:
        """Retry after a failure; False when there is nothing to retry."""
        with writing(self._owner, bump=False):
            return self._due.ask_again(self._turns.row(_id(message_id)).pk)

    def answered(self, message_id: object, *, refused: str = "", clash: tuple[str, str] | None = None) -> None:
        """An offer under a turn was taken or turned down, so it is not made again."""
        with writing(self._owner, bump=False):
            key = self._turns.row(_id(message_id)).pk
            if refused:
                self._due.drop_refused(key, refused)
            if clash:
                self._due.drop_clash(key, *clash)

    # --- Inside -------------------------------------------------------------------------------------------------------
    def _told(self, rows: Sequence[MessageRow]) -> list[Message]:
        ids = [row.pk for row in rows]
        saved, recalls = self._turns.saved_by(ids), self._turns.recalls(ids)
        pairs = {row.pk: (row.learned or {}).get("clashes", []) for row in rows}
        wanted = [uuid.UUID(key) for clashes in pairs.values() for pair in clashes for key in pair]
        facts = self._turns.facts(wanted) if wanted else {}
        return [
            message_of(
                row,
                saved=tuple(saved.get(row.pk, ())),
                used=tuple(recalls.get((row.pk, "used"), ())),
                known=tuple(recalls.get((row.pk, "known"), ())),
                clashes=tuple(
                    Clash(newer=facts[newer], older=facts[older])
                    for newer, older in pairs[row.pk]
                    if newer in facts and older in facts
                ),
            )
            for row in rows
        ]

    def _with_reply(self, chat: ConversationRow, turn: MessageRow) -> Posted:
        reply = self._turns.write(chat, "assistant", "", status="streaming")
        return Posted(conversation=self._chats.value(chat), turn=message_of(turn), reply=message_of(reply))

    def _repeated(self, turn: MessageRow) -> Posted:
        reply = self._turns.reply_to(turn)
        if reply is None:
            return self._with_reply(turn.conversation, turn)
        chat = self._chats.value(turn.conversation)
        return Posted(conversation=chat, turn=message_of(turn), reply=message_of(reply), repeated=True)


def _to_learn(chat: ConversationRow, state: OwnerState) -> dict[str, Any]:
    """Decided when a turn is said: a switch turned on later does not reach back."""
    if chat.memory_mode != "on" or not state.learn:
        return {"memory_state": "off", "due_at": None}
    return {"memory_state": "pending", "due_at": timezone.now() + GRACE}


def _id(value: object) -> uuid.UUID:
    try:
        return valid_id(value)
    except MemoryNotFound:
        raise ConversationNotFound from None
