"""Every place where a person's words or identity can be: what is there, how it is erased, and how that is checked.

The one list. Erasing runs down it, receipts and the page "What we hold and where" are written from it, and
`tests/memories/test_inventory.py` holds it against the columns of every table: a new one without an entry fails.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Literal

from django.apps import apps
from django.conf import settings
from django.db.models import Model, Q, QuerySet

from memories import scoped_cache
from memories.owner import Owner

Size = Literal["memories", "conversations", "account"]
"""What a wipe takes: the memories; the conversations too; the account with everything in it."""
SIZES: tuple[Size, ...] = ("memories", "conversations", "account")
Nature = Literal["content", "derived", "identity", "neither"]
"""Of a column: the person's words; computed from them; who the person is; none of these."""

DELETED = "Deleted in one statement, in the same transaction as everything else."
RECOUNTED = "Counted again before the transaction ends; a row left would take the whole erasure back."


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table with rows of people's."""

    store: str
    """Its name on pages and receipts."""
    holds: str
    """What is in it, in words."""
    model: str
    columns: Mapping[str, Nature]
    """Every column that could hold words, bytes or a person."""
    goes_with: Size
    """The smallest wipe that takes it."""
    whose: Callable[[int], Q] = lambda pk: Q(owner_id=pk)
    erased: str = DELETED
    checked: str = RECOUNTED

    @property
    def table(self) -> type[Model]:
        return apps.get_model(self.model)

    def rows(self, owner: Owner) -> QuerySet[Any]:
        """This person's rows."""
        return self.table._base_manager.filter(self.whose(owner.pk)).order_by()


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Anywhere else."""

    store: str
    holds: str
    erased: str
    checked: str
    ours: bool = True
    """False: outside our reach; receipts say what remains there."""
    count: Callable[[Owner], int] | None = None
    """How much of this person's is there now; None where it cannot be counted."""


TABLES: tuple[Table, ...] = (
    # In this order they are emptied: what points to something goes before it.
    Table(
        store="Earlier texts of memories",
        holds="What a memory said before you corrected it.",
        model="memories.MemoryVersion",
        columns={"owner": "identity", "text": "content"},
        goes_with="memories",
    ),
    Table(
        store="Links from names to memories",
        holds="Which memory speaks of which name. No words.",
        model="memories.EntityLink",
        columns={"owner": "identity"},
        goes_with="memories",
    ),
    Table(
        store="Names, places and things",
        holds="Names that your memories speak of, as a language model found them.",
        model="memories.Entity",
        columns={
            "owner": "identity",
            "id": "neither",
            "text": "content",
            "kind": "neither",
            "vector": "derived",
            "embedder": "neither",
        },
        goes_with="memories",
    ),
    Table(
        store="Which reply used which memory",
        holds="The words of a memory as they were put before the assistant, beside the reply.",
        model="memories.Recall",
        columns={"owner": "identity", "relation": "neither", "text": "content"},
        goes_with="memories",
    ),
    Table(
        store="Memories",
        holds="What is remembered of you, with its search words and its place among meanings.",
        model="memories.Memory",
        columns={
            "owner": "identity",
            "id": "neither",
            "text": "content",
            "terms": "derived",
            "digest": "derived",
            "vector": "derived",
            "embedder": "neither",
            "source": "neither",
            "kind": "neither",
            "state": "neither",
            "role": "neither",
            "episode": "neither",
        },
        goes_with="memories",
    ),
    Table(
        store="Notes beside memories on mem0's platform",
        holds="That a memory there is paused, waits for your yes, was deleted a moment ago, or was used. No words.",
        model="memories.PlatformNote",
        columns={"owner": "identity", "memory_id": "neither", "state": "neither", "digest": "derived"},
        goes_with="memories",
    ),
    Table(
        store="What mem0's platform is still reading",
        holds="Ids of what it was asked to read for memories and has not answered yet. No words.",
        model="memories.PlatformEvent",
        columns={"owner": "identity", "event_id": "neither", "message_id": "neither"},
        goes_with="memories",
    ),
    Table(
        store="Moves between engines",
        holds="How many of your memories were moved to or from mem0's platform, and when. No words.",
        model="memories.Move",
        columns={"owner": "identity", "to": "neither"},
        goes_with="account",
    ),
    Table(
        store="Parts of uploaded files",
        holds="What a file you are importing held, until it is written or a day has passed.",
        model="memories.ImportPart",
        columns={"owner": "identity", "kind": "neither", "entries": "content"},
        goes_with="memories",
    ),
    Table(
        store="Uploaded files",
        holds="That you import a file, and what could not be read in it.",
        model="memories.Import",
        columns={"owner": "identity", "id": "neither", "format": "neither", "problems": "content"},
        goes_with="memories",
    ),
    Table(
        store="Messages",
        holds="What you and the assistant said, and what a message still offers to remember.",
        model="memories.Message",
        columns={
            "owner": "identity",
            "id": "neither",
            "role": "neither",
            "text": "content",
            "reasoning": "content",
            "status": "neither",
            "error": "neither",
            "nonce": "neither",
            "model": "neither",
            "asks": "neither",
            "memory_state": "neither",
            "learned": "content",
        },
        goes_with="conversations",
    ),
    Table(
        store="Conversations",
        holds="Titles, made from your first words unless you chose one, and settings of each chat.",
        model="memories.Conversation",
        columns={
            "owner": "identity",
            "id": "neither",
            "title": "content",
            "memory_mode": "neither",
            "left_out": "neither",
        },
        goes_with="conversations",
    ),
    Table(
        store="Marks of what was forgotten",
        holds="Keyed hashes that stop a deleted memory from being learned again. They cannot be read back.",
        model="memories.Tombstone",
        columns={"owner": "identity", "digest": "derived"},
        goes_with="account",
    ),
    Table(
        store="What was sent to a language model",
        holds="When, to which provider, and ids of memories; no words.",
        model="memories.Disclosure",
        columns={
            "owner": "identity",
            "provider": "neither",
            "model": "neither",
            "purpose": "neither",
            "message_id": "neither",
            "memory_ids": "neither",
        },
        goes_with="account",
    ),
    Table(
        store="Activity log",
        holds="What was done and when, from what kind of device and which network; no words of yours.",
        model="memories.Activity",
        columns={
            "owner": "identity",
            "verb": "neither",
            "object_id": "neither",
            "via": "neither",
            "device": "identity",
            "address": "identity",
            "actor": "neither",
            "reason": "identity",
        },
        goes_with="account",
    ),
    Table(
        store="Receipts",
        holds="Numbers: what an erasure found and removed. The last one, of an account, names nobody and stays.",
        model="memories.Receipt",
        columns={
            "owner": "identity",
            "id": "neither",
            "size": "neither",
            "asked_by": "neither",
            "stores": "neither",
            "remains": "neither",
        },
        goes_with="account",
    ),
    Table(
        store="Administrators' log",
        holds="What administrators did to your account, or you as one; it names the account's e-mail address.",
        model="admin.LogEntry",
        columns={"user": "identity", "object_id": "identity", "object_repr": "identity", "change_message": "identity"},
        goes_with="account",
        whose=lambda pk: (
            Q(user_id=pk) | Q(content_type__app_label="accounts", content_type__model="user", object_id=str(pk))
        ),
    ),
    Table(
        store="E-mail confirmations",
        holds="Keys of links that confirm an address.",
        model="account.EmailConfirmation",
        columns={"key": "identity"},
        goes_with="account",
        whose=lambda pk: Q(email_address__user_id=pk),
    ),
    Table(
        store="E-mail addresses",
        holds="Your addresses, and whether they were confirmed.",
        model="account.EmailAddress",
        columns={"user": "identity", "email": "identity"},
        goes_with="account",
        whose=lambda pk: Q(user_id=pk),
    ),
    Table(
        store="Keys of accounts elsewhere",
        holds="Nothing: what such a service hands out is used once and not kept.",
        model="socialaccount.SocialToken",
        columns={"token": "identity", "token_secret": "identity"},
        goes_with="account",
        whose=lambda pk: Q(account__user_id=pk),
    ),
    Table(
        store="Accounts elsewhere that you sign in with",
        holds="Which service, and the name it gives you there (a number, mostly); nothing else from there.",
        model="socialaccount.SocialAccount",
        columns={"user": "identity", "provider": "neither", "uid": "identity", "extra_data": "identity"},
        goes_with="account",
        whose=lambda pk: Q(user_id=pk),
    ),
    Table(
        store="Signed-in devices",
        holds="Where you are signed in: network address, browser, when.",
        model="usersessions.UserSession",
        columns={
            "user": "identity",
            "ip": "identity",
            "session_key": "identity",
            "user_agent": "identity",
            "data": "identity",
        },
        goes_with="account",
        whose=lambda pk: Q(user_id=pk),
    ),
    Table(
        store="Second steps",
        holds="Public keys of your passkeys; the seeds of your authenticator app and recovery codes, encrypted.",
        model="mfa.Authenticator",
        columns={"user": "identity", "type": "neither", "data": "identity"},
        goes_with="account",
        whose=lambda pk: Q(user_id=pk),
    ),
    Table(
        store="Sessions",
        holds="The key in your browser's cookie and whose it is; no words of yours.",
        model="accounts.Session",
        columns={"session_key": "identity", "session_data": "identity", "account": "identity"},
        goes_with="account",
        whose=lambda pk: Q(account_id=pk),
    ),
    Table(
        store="Keys for programs",
        holds="What you call each key, what it may do, when it was made and last used; of the key itself a hash.",
        model="accounts.Key",
        columns={"id": "neither", "account": "identity", "name": "content", "digest": "identity", "ending": "identity"},
        goes_with="account",
        whose=lambda pk: Q(account_id=pk),
    ),
    Table(
        store="Groups of administrators",
        holds="Which groups your account is in.",
        model="accounts.User_groups",
        columns={"user": "identity"},
        goes_with="account",
        whose=lambda pk: Q(user_id=pk),
    ),
    Table(
        store="Rights of administrators",
        holds="Which rights your account was given.",
        model="accounts.User_user_permissions",
        columns={"user": "identity"},
        goes_with="account",
        whose=lambda pk: Q(user_id=pk),
    ),
    Table(
        store="Your choices and keys",
        holds="Your switches, how long things are kept, and the key of the marks of what was forgotten.",
        model="memories.OwnerState",
        columns={"owner": "identity", "digest_key": "identity", "retention_basis": "neither"},
        goes_with="account",
    ),
    Table(
        store="The account",
        holds="Your e-mail address, a hash of your password, and the random name that your data goes by.",
        model="accounts.User",
        columns={"password": "identity", "email": "identity", "namespace": "identity"},
        goes_with="account",
        whose=lambda pk: Q(pk=pk),
    ),
)

NOBODYS: Mapping[str, str] = {
    "memories.Erased": "which random ids were erased and when, while a backup could bring them back",
    "memories.PlatformErasure": "numbers and random ids of erasures on mem0's platform; outlives what it names",
    "auth.Permission": "names of rights",
    "auth.Group": "names of groups of administrators",
    "contenttypes.ContentType": "names of tables",
    "socialaccount.SocialApp": "services to sign in with; empty, the settings name them",
    "sessions.Session": "Django's own table of sessions, empty: SESSION_ENGINE keeps them in accounts.Session",
}
"""Tables with text that say nothing of anyone, and why."""

PLATFORM = "mem0's hosted platform"
SERVICE = "The service you sign in with"
BESIDE = "Counters and files kept beside the database"
PLACES: tuple[Place, ...] = (
    Place(
        store=BESIDE,
        holds="Counters of rate limits, and files that are being prepared for you.",
        erased="Removed by name together with the account.",
        checked="Looked up again, by name.",
        count=scoped_cache.held_for,
    ),
    Place(
        store="The database's log and freed places",
        holds="On SQLite the write-ahead log and freed pages: copies of what was written last.",
        erased="Freed pages are overwritten with zeros; the log is cut to nothing right after an erasure.",
        checked="The database says whether the cut was complete; until then the receipt says “pending”.",
    ),
    Place(
        store="The working memory of the servers",
        holds="Prepared search indexes (search words and places among meanings), and a reply while it is written.",
        erased="Dropped at once where the erasure ran; elsewhere never used again, and dropped within ten minutes.",
        checked="Each use first compares the store's version, which every erasure raises.",
    ),
    Place(
        store="Logs of the servers",
        holds="Times, routes and random ids of requests. No words, no e-mail addresses, no network addresses.",
        erased="Nothing of yours is in them.",
        checked="A test sends marked words through every part and searches all files for them.",
    ),
    Place(
        store="The demo's passwords",
        holds="In the demo alone: the e-mail addresses and passwords of its accounts, in a file beside the database.",
        erased="The line goes with the account, which the next start does not make again.",
        checked="The file is read again.",
    ),
    Place(
        store=PLATFORM,
        holds="Where it is connected: the texts of your memories, and what you said that was read for them.",
        erased="Deleted there by your random name, outside of our own transaction; asked again until it is confirmed.",
        checked="Its event must have succeeded and its count be 0; until then the receipt says “not confirmed yet”.",
    ),
    Place(
        store="The language model's provider",
        holds="What was sent so that it could answer, where a provider is connected.",
        erased="Outside our reach: its own terms say how long it is kept.",
        checked="“What was sent to a language model” counts it; each receipt repeats the counts.",
        ours=False,
    ),
    Place(
        store=SERVICE,
        holds="Where you use one: that you sign in here with it, and when.",
        erased="Outside our reach: there you can take this site off your account.",
        checked="We cannot look there.",
        ours=False,
    ),
    Place(
        store="Backups",
        holds="Copies of the whole database that the operator of this site makes.",
        erased="Outside our reach: they end with their age.",
        checked="Each receipt names the day by which the last copy is gone.",
        ours=False,
    ),
    Place(
        store="Your own mailbox, downloads and browser",
        holds="E-mails we sent you, files you exported, and a sign-in cookie.",
        erased="Yours to delete.",
        checked="We cannot look there.",
        ours=False,
    ),
)


def tables(size: Size) -> tuple[Table, ...]:
    """What a wipe of this size empties, in order."""
    reach = SIZES.index(size)
    return tuple(table for table in TABLES if SIZES.index(table.goes_with) <= reach)


def stays(size: Size) -> tuple[Table, ...]:
    """What a wipe of this size leaves."""
    gone = tables(size)
    return tuple(table for table in TABLES if table not in gone)


def places() -> tuple[Place, ...]:
    """The other places of this site as it is set up."""
    absent = {"The demo's passwords"} if not settings.DEMO else set()
    absent |= {PLATFORM} if not settings.MEM0_API_KEY else set()
    absent |= {SERVICE} if not settings.SOCIALACCOUNT_PROVIDERS else set()
    return tuple(place for place in PLACES if place.store not in absent)
