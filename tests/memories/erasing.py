"""What is there to be erased."""

from __future__ import annotations

from accounts.models import User
from memories import inventory
from memories.chats import ScopedChats
from memories.desk import ReplyDesk
from memories.owner import owner_of_any
from memories.scoped import ScopedMemory

FACT, OTHER = "I am vegetarian", "I live in Lisbon"


def said(user: User, text: str = "I am vegetarian.") -> tuple[str, str, str]:
    """A chat with one turn, answered and learned from: its id, the turn's and the memory's."""
    chats, memory = ScopedChats(user), ScopedMemory(user)
    posted = chats.post(text)
    ReplyDesk(user).close(posted.reply.id, "done", "Good to know.", "", "")
    learned = memory.learn(text, message_id=posted.turn.id)
    known = learned.saved or learned.known
    memory.mark_used(posted.reply.id, [memory.get(known[0].id)])
    return posted.conversation.id, posted.turn.id, known[0].id


def rows_of(user: User) -> dict[str, int]:
    owner = owner_of_any(user)
    return {table.store: table.rows(owner).count() for table in inventory.TABLES}


def texts(memory: ScopedMemory) -> list[str]:
    return [each.memory for each in memory.get_all()]
