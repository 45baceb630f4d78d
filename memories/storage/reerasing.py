"""Erases again what a restored backup brought back: one line of the ledger at a time, in its owner's scope."""

from __future__ import annotations

import datetime as dt
import uuid

from memories.models import Conversation, Memory, Message
from memories.owner import Owner
from memories.storage.erasing import erase_conversations, erase_memories, erase_messages
from memories.storage.ledger import Line
from memories.storage.owner_scope import writing
from memories.storage.tombstones import Tombstones


def erase_again(owner: Owner, line: Line, *, really: bool) -> int:
    """Erases what a restored backup brought back of this line, but an account; how many rows there are. What was made
    after the erasure stays."""
    at, what = dt.datetime.fromisoformat(line["at"]), line["what"]
    one = {"pk": uuid.UUID(line["object_id"])} if line["object_id"] else {"created_at__lte": at}
    with writing(owner, closed=True) as state:
        memories = Memory.objects.filter(owner_id=owner.pk, **one)
        turns = Message.objects.filter(owner_id=owner.pk, **one)
        chats = Conversation.objects.filter(owner_id=owner.pk, **one)
        found = 0
        if what in ("memory", "memories", "conversations"):
            found += memories.count()
            if really and found:
                Tombstones(owner).lay_for(memories, state)
                erase_memories(owner, memories)
        if what == "message":
            found += turns.count()
            if really:
                erase_messages(owner, turns)
        if what in ("conversation", "conversations"):
            found += chats.count()
            if really:
                erase_conversations(owner, chats)
    return found
