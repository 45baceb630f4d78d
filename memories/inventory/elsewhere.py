"""The places outside the tables."""

from __future__ import annotations

from memories import scoped_cache
from memories.inventory.entries import Place

PLATFORM = "mem0's hosted platform"
SERVICE = "The service you sign in with"
BESIDE = "Counters and files kept beside the database"
PLACES: tuple[Place, ...] = (
    Place(
        store=BESIDE,
        holds="Counters of rate limits, under keyed hashes, and files that are being prepared for you.",
        erased="Removed by name together with the account; those of tries to sign in end within a day.",
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
        holds="Times, routes and random ids of requests, each with a keyed mark of who asked. No words, no e-mail "
        "addresses, no network addresses.",
        erased="The marks stay until the operator drops the logs; without the account nothing leads from one to you.",
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
