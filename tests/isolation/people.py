"""Two people with one of each thing, marked so that a word of one is seen at once where it does not belong."""

from __future__ import annotations

import dataclasses

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from accounts import keys
from accounts.models import User
from memories.chats import ScopedChats
from memories.desk import ReplyDesk
from memories.erasure import write_receipt
from memories.models import Memory, Message
from memories.owner import owner_of
from memories.scoped import ScopedMemory
from memories.storage.owner_scope import reading
from memories.transfer_types import Entry, Parsed
from tests.isolation.rows import pointing_first, whose


@dataclasses.dataclass(frozen=True)
class Person:
    """One of the two."""

    user: User
    canary: str
    """In every text of theirs, and in their address."""
    token: str
    """A key of theirs, for programs."""
    ids: dict[str, str]
    """memory, held, chat, message, reply, job, receipt, key."""


def person(canary: str) -> Person:
    """Somebody with a memory that has an older text, one held for undo, a finished chat, and a file that waits."""
    user = User.objects.create_user(f"{canary}@example.com", "quiet-harbour-lantern-7")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    memory, chats, desk = ScopedMemory(user), ScopedChats(user), ReplyDesk(user)
    posted = chats.post(f"I collect {canary} stamps.", nonce=f"first {canary}")
    learned = memory.learn(f"I collect {canary} stamps.", message_id=posted.turn.id).saved[0]
    memory.update(learned.id, f"I collect {canary} coins")
    memory.mark_used(posted.reply.id, [memory.get(learned.id)])
    desk.close(posted.reply.id, "done", f"Lovely {canary} stamps.", "", "")
    Message.objects.filter(pk=posted.turn.id).update(memory_state="saved", learned={"refused": [f"{canary} once"]})
    held = memory.add(f"My {canary} locker is 7", infer=False)[0]
    memory.hold(held.id)
    # The moment's grace is to last as long as the tests do.
    Memory.objects.filter(pk=held.id).update(held_until="2090-01-01T00:00Z")
    job = memory.receive(Parsed(format="list", entries=(Entry(line=1, text=f"I keep {canary} maps"),)))
    with reading(owner_of(user)):
        receipt = write_receipt(owner_of(user), "memories", "self", timezone.now(), [], [f"Remains of {canary}."])
    made = keys.make(user, f"{canary} helper", may_write=True, days=None)
    ids = {
        "key": str(made.key.pk),
        "receipt": str(receipt.pk),
        "memory": learned.id,
        "held": held.id,
        "chat": posted.conversation.id,
        "message": posted.turn.id,
        "reply": posted.reply.id,
        "job": job.id,
    }
    return Person(user, canary, made.token, ids)


def forget(*users: User) -> None:
    """Takes the rows of these out of every table, by no code of the site's own."""
    for user in users:
        # One after the other, as the site does it: a cluster takes one person's rows and their account at a time.
        with transaction.atomic():
            for model in pointing_first():
                rows = model._base_manager.filter(**whose(model, user))
                rows._raw_delete(rows.db)
            User._base_manager.filter(pk=user.pk).delete()
