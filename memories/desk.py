"""Where replies are written and turns are read for memories: the workers' side of a person's chats."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from accounts.models import User
from memories.chat_types import Conversation, Message, ReplyJob
from memories.errors import ConversationNotFound, InvalidText
from memories.owner import owner_of
from memories.storage.chats import ConversationRows
from memories.storage.disclosures import disclose
from memories.storage.due import Claim, DueRows
from memories.storage.owner_scope import reading, writing
from memories.storage.replies import ReplyRows
from memories.storage.turns import TurnRows, message_of
from memories.validation import valid_text

EARLIER = 200
"""Turns that could matter to a reply; the token budget takes fewer."""
TOLD = 2_000
"""Characters, the last ones, of a turn before that help to understand one: a model's reply may have 100,000."""


class ReplyDesk:
    """Bound to one owner, as ScopedChats is; the ids it takes come from there."""

    def __init__(self, user: User) -> None:
        self._owner = owner_of(user)
        self._chats = ConversationRows(self._owner)
        self._turns = TurnRows(self._owner)
        self._replies = ReplyRows(self._owner)
        self._due = DueRows(self._owner)

    def job(self, reply_id: str) -> ReplyJob:
        """What is to be answered, with the turns before. ConversationNotFound when it is gone, or closed already."""
        with reading(self._owner):
            reply = self._turns.row(uuid.UUID(reply_id))
            earlier = self._turns.before(reply, EARLIER)
            if reply.status != "streaming" or not earlier or earlier[-1].role != "user":
                raise ConversationNotFound
            return ReplyJob(
                conversation=self._chats.value(reply.conversation),
                turn=message_of(earlier[-1]),
                reply=message_of(reply),
                earlier=tuple(map(message_of, earlier[:-1])),
            )

    def keep(self, reply_id: str, text: str, reasoning: str) -> bool:
        """Writes what has come; False when the reply was ended elsewhere."""
        with reading(self._owner):
            return self._replies.keep(uuid.UUID(reply_id), text, reasoning)

    def close(self, reply_id: str, status: str, text: str, reasoning: str, error: str) -> bool:
        """Ends the reply; after a Stop from elsewhere only the words already shown are added."""
        with reading(self._owner):
            key = uuid.UUID(reply_id)
            closed = self._replies.close(key, status=status, text=text, reasoning=reasoning, error=error)
            if not closed:
                self._replies.settle(key, text, reasoning)
            return closed

    def mark(self, reply_id: str, *, asks: Mapping[str, Any] | None = None, model: str = "") -> None:
        """Writes down what a yes would do, or which assistant answers."""
        with reading(self._owner):
            self._turns.all().filter(pk=uuid.UUID(reply_id)).update(asks=asks, model=model[:120])

    def give(self, reply_id: str, memory_ids: Iterable[str]) -> None:
        """Writes down which memories a reply is put together with, before a word of it is there."""
        given = list(dict.fromkeys(memory_ids))
        if given:
            with reading(self._owner):
                self._turns.all().filter(pk=uuid.UUID(reply_id)).update(given=given)

    def nothing_to_learn(self, message_id: str) -> None:
        """The turn was a command: it states nothing."""
        with reading(self._owner):
            self._turns.all().filter(pk=uuid.UUID(message_id), memory_state="pending").update(
                memory_state="nothing", due_at=None
            )

    def disclose(self, reply_id: str, memory_ids: Sequence[str]) -> None:
        """Writes down what leaves the site, before it does."""
        with writing(self._owner, bump=False):
            disclose(self._owner, "reply", memory_ids, uuid.UUID(reply_id))

    # --- Learning -----------------------------------------------------------------------------------------------------
    def claim(self, message_id: str) -> Claim | None:
        """The right to learn from a turn; None when there is nothing to do."""
        with reading(self._owner):
            return self._due.claim(uuid.UUID(message_id))

    def before(self, claim: Claim, limit: int) -> tuple[Conversation, list[Message]]:
        """The chat of a claimed turn, and the turns before it, oldest first, each as far as it is read again. What was
        said while memory was off stays unread, and so does the reply to it."""
        with reading(self._owner):
            turn = self._turns.row(claim.message_id)
            rows, conversation = self._turns.before(turn, limit), self._chats.value(turn.conversation)
        open_ones, may_read = [], False
        for row in rows:
            may_read = row.memory_state != "off" if row.role == "user" else may_read
            if may_read and (text := _end_of(row.text)):
                open_ones.append(dataclasses.replace(message_of(row), text=text))
        return conversation, open_ones

    def learned(self, claim: Claim, state: str, offers: dict[str, Any] | None = None) -> bool:
        """Settles a claimed turn."""
        with reading(self._owner):
            return self._due.settle(claim, state, offers)

    def known(self, claim: Claim, memory_ids: Sequence[str]) -> None:
        """Writes down what was said again."""
        with writing(self._owner, bump=False):
            self._turns.mark_known(claim.message_id, [uuid.UUID(key) for key in memory_ids])

    def put_off(self, claim: Claim, *, until: dt.datetime | None = None) -> None:
        """Tries a claimed turn again later, at a moment if it is known."""
        with reading(self._owner):
            self._due.put_off(claim, until=until)

    # --- The background pass ------------------------------------------------------------------------------------------
    def tidy(self) -> int:
        """Closes what dead workers left and removes temporary chats whose time is over; how many there were."""
        with writing(self._owner, bump=False):
            return self._replies.close_abandoned() + self._chats.delete_expired()


def _end_of(text: str) -> str:
    """What is read again of a turn before; nothing of one without a word in it, as a broken reply may be."""
    try:
        return valid_text(text[-TOLD:], what="message")
    except InvalidText:
        return ""
