"""What an administrator can do to an account: each act needs a reason, stands in the person's own log, and is told to
them by e-mail. None of them shows a word of what the person said."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from accounts import keys
from accounts.models import Session, User
from memories import erasure, exports
from memories.errors import Unavailable
from memories.owner import Door, owner_of_any
from memories.scoped import ScopedMemory
from memories.storage.activity import ActivityLog
from memories.storage.owner_scope import writing
from memories.storage.preferences import change_preferences

logger = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One thing that can be done."""

    title: str
    explained: str
    done: str
    """What the person is told, in a sentence."""
    run: Callable[[User, Door, int | None], None]
    number: bool = False
    """Whether it takes a number."""


def carry_out(name: str, person: User, reason: str, number: int | None = None) -> bool:
    """Does it and tells the person; False where the e-mail could not be sent, for what is done stays done.
    MemoriesError when it could not be done; then nothing is told."""
    act = ACTS[name]
    act.run(person, Door(via="admin", actor="admin", reason=reason), number)
    words = {"done": act.done, "reason": reason, "now": timezone.now(), "glass": settings.BREAK_GLASS}
    body = render_to_string("admin/told.txt", words)
    try:
        EmailMessage(subject="Something was done to your account", body=body, to=[person.email]).send()
    except OSError as error:
        # The class alone: a mail server's answer repeats the address.
        logger.error("an act of the administration could not be told: %s", type(error).__name__)
        return False
    return True


def _suspend(person: User, door: Door, number: int | None) -> None:
    _logged(person, door, "suspended")
    User.objects.filter(pk=person.pk).update(is_active=False)
    Session.objects.filter(account_id=person.pk).delete()


def _admit(person: User, door: Door, number: int | None) -> None:
    User.objects.filter(pk=person.pk).update(is_active=True)
    _logged(person, door, "admitted")


def _sign_out(person: User, door: Door, number: int | None) -> None:
    """Programs too: whoever took a session may have made a key with it."""
    with transaction.atomic():
        count, _ = Session.objects.filter(account_id=person.pk).delete()
        _logged(person, door, "signed out", count=count)
        if ended := keys.revoke_all(person):
            _logged(person, door, "keys revoked", count=ended)


def _set_quota(person: User, door: Door, number: int | None) -> None:
    owner = owner_of_any(person)
    with writing(owner, bump=False, closed=True) as state:
        change_preferences(state, {"quota": number})
        ActivityLog(owner, door).append("quota")


def _wipe(person: User, door: Door, number: int | None) -> None:
    _open(person)
    erasure.wipe(owner_of_any(person), door, "conversations")


def _export(person: User, door: Door, number: int | None) -> None:
    """By e-mail, to the account's own address and no other: the administrator never holds it."""
    _open(person)
    memory = ScopedMemory(person, door=door)
    pieces = exports.as_json(memory.copy(None), memory.copy_chats(), memory.seal, timezone.now())
    body = "Attached is everything that is kept of your memories and chats on memsite, as you asked for it."
    message = EmailMessage(subject="Your data", body=body, to=[person.email])
    message.attach("memsite-export.json", "".join(pieces), "application/json")
    try:
        message.send()
    except OSError:
        raise Unavailable("The e-mail with their copy could not be sent. Nothing went out; try again later.") from None
    memory.note("exported", count=memory.count())


def _open(person: User) -> None:
    if not person.is_active:
        raise Unavailable("The account is suspended. Let it in again first; nothing was done.")


def _logged(person: User, door: Door, verb: str, *, count: int = 1) -> None:
    owner = owner_of_any(person)
    with writing(owner, bump=False, closed=True):
        ActivityLog(owner, door).append(verb, count=count)


ACTS: dict[str, Act] = {
    "suspend": Act(
        title="Suspend",
        explained="They cannot sign in, every session ends, and their keys open nothing. Nothing is deleted.",
        done="Your account was suspended: you cannot sign in for now, and your keys for programs open nothing. Nothing "
        "of yours was deleted.",
        run=_suspend,
    ),
    "admit": Act(
        title="Let in again",
        explained="They can sign in again, and find everything as it was. Their keys for programs work again.",
        done="Your account is open again. You find everything as it was; keys for programs work again too.",
        run=_admit,
    ),
    "sign-out": Act(
        title="End their sessions and keys",
        explained="They are signed out everywhere, and can sign in again. Their keys for programs are revoked.",
        done="You were signed out on every device, and your keys for programs, if you had any, were revoked. You can "
        "sign in again, and make new keys.",
        run=_sign_out,
    ),
    "quota": Act(
        title="Set their quota",
        explained="How many memories fit. Empty is the site's own. What is there stays, whatever the number.",
        done="How many memories fit into your account was changed. None you have was dropped.",
        run=_set_quota,
        number=True,
    ),
    "wipe": Act(
        title="Wipe, on their request",
        explained="Erases every memory and chat, for good. A receipt is made, which they find on their pages.",
        done="Every memory and chat in your account was erased. You find the receipt under Your data.",
        run=_wipe,
    ),
    "export": Act(
        title="Send their export, on their request",
        explained="Everything kept of them goes by e-mail to the address of the account. It is not shown here.",
        done="A copy of your data was sent to this address, in an e-mail of its own.",
        run=_export,
    ),
}
