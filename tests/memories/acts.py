"""What the bytes test does to a site, in processes of their own."""

from __future__ import annotations

from typing import Any

CANARIES = {
    "chat": "zyxquail",
    "edit": "zyxheron",
    "search": "zyxplover",
    "import": "zyxdunlin",
    "many": "zyxgodwit",
    "held": "zyxcurlew",
    "typed": "zyxavocet",
}
"""A word for each way in; found nowhere else on earth."""
EMAIL = "zyxperson@example.com"
OTHER = "zyxneighbour@example.com"
KEPT = "zyxsparrow"
"""The other person's word: it has to stay."""


def act(*names: str) -> None:
    """One after the other."""
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    for name in names:
        globals()[f"act_{name}"]()


def user() -> Any:
    from accounts.models import User

    return User.objects.get(email=EMAIL)


def memory() -> Any:
    from memories.scoped import ScopedMemory

    return ScopedMemory(user())


def client() -> Any:
    from django.test import Client

    browser = Client(headers={"user-agent": "Firefox on Linux"})
    browser.force_login(user())
    return browser


def act_begin() -> None:
    from allauth.account.models import EmailAddress
    from django.core.management import call_command

    from accounts.models import User
    from memories.scoped import ScopedMemory

    call_command("migrate", verbosity=0)
    for email in (EMAIL, OTHER):
        made = User.objects.create_user(email, "quiet-harbour-lantern-7")
        EmailAddress.objects.create(user=made, email=email, verified=True, primary=True)
    ScopedMemory(made).add(f"I keep a {KEPT}", infer=False)


def act_chat() -> None:
    """A turn, its reply, what was learned from it, and a page that shows them."""
    from asgiref.sync import async_to_sync

    from memories import chat
    from memories.chats import ScopedChats
    from memories.learning import learn_turn
    from memories.offload import inline

    async def written(whose: Any, reply_id: str) -> None:
        async for _ in chat.reply(whose, reply_id, run=inline):
            pass

    chats, word = ScopedChats(user()), CANARIES["chat"]
    for text in (f"I live in {word} village.", f"My name is {word}.", f"What do you know about {word}?"):
        posted = chats.post(text)

        async_to_sync(written)(user(), posted.reply.id)
        learn_turn(user(), posted.turn.id)
    assert word in client().get(f"/chat/{posted.conversation.id}/").content.decode()


def act_edit() -> None:
    """Many corrections, short to long and back, so that rows move between pages of the file."""
    word, door = CANARIES["edit"], memory()
    saved = [door.add(f"I like the {word} {number}", infer=False)[0] for number in range(20)]
    for each in saved:
        door.update(each.id, f"I rather like {f'the {word} and ' * 60} {each.id}")
        door.update(each.id, f"I like no {word} {each.id}")


def act_search() -> None:
    word, browser = CANARIES["search"], client()
    memory().add(f"I saw a {word}", infer=False)
    assert word in browser.get(f"/data/?q={word}").content.decode()
    assert memory().search(word)
    memory().delete(memory().search(word)[0].id)


def act_import() -> None:
    from memories.transfer_types import Entry, Parsed

    entries = tuple(Entry(line=n, text=f"I collect {CANARIES['import']} {n}") for n in range(120))
    job = memory().receive(Parsed(format="list", entries=entries))
    memory().start_import(job.id)
    # Another that never gets its yes.
    memory().receive(Parsed(format="list", entries=entries[:20]))


def act_many() -> None:
    """Enough rows for the tables and their indexes to branch, and every third taken out again."""
    turns = [{"role": "user", "content": f"{CANARIES['many']} {n} " + "feather " * (n % 40)} for n in range(240)]
    saved = memory().add(turns, infer=False)
    for each in saved[::6]:
        memory().delete(each.id)


def act_typed() -> None:
    response = client().post("/data/add/", {"text": f"I own a {CANARIES['typed']}"}, follow=True)
    assert CANARIES["typed"] in response.content.decode()


def act_held() -> None:
    from memories.models import Memory

    saved = memory().add(f"I hid a {CANARIES['held']}", infer=False)[0]
    memory().hold(saved.id)
    Memory.objects.filter(pk=saved.id).update(held_until="2000-01-01T00:00Z")


def act_tend() -> None:
    from memories.tending import tend_once

    tend_once()


def act_wipe() -> None:
    """While this process still has the database open: closing the last connection would cut the log by itself."""
    from django.conf import settings

    receipt = memory().wipe("conversations")
    assert receipt.removed > 250 and all(line.left == 0 for line in receipt.stores)
    files = {path.name: path.read_bytes() for path in settings.DATA_DIR.iterdir() if path.is_file()}
    assert any(name.endswith("-wal") for name in files), "the log is there to be looked into"
    assert not [name for name, raw in files.items() for word in CANARIES.values() if word.encode() in raw]


def act_erase() -> None:
    from memories.erasure import erase_account

    erase_account(user())
