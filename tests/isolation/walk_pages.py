"""The same three people with a browser each: every verb again, through the pages, against the same dicts."""

from __future__ import annotations

import json
import re
from typing import Any

from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, multiple, rule

from tests.isolation.walk import MARKS, PASSWORD, PEOPLE, THINGS, People
from tests.memories.views.test_data_acts import read

ROW = re.compile(r'<li id="memory-([0-9a-f-]{36})".*?data-drawer>(.*?)</a>', re.DOTALL)
HIDDEN = re.compile(r'name="(mark|moment)" value="([^"]*)"')
PAGE = 25
ASKED = "What do you know about me?"


class PeopleOnPages(People):
    """Doors and pages take turns at random, so that each has to see at once what the other did."""

    ids = Bundle("ids")
    chats = Bundle("chats")
    receipts = Bundle("receipts")

    def __init__(self) -> None:
        super().__init__()
        # Limits count tries by network, and these three share one.
        cache.clear()
        self.browsers = [self._signed_in(f"{mark}@example.com") for mark in MARKS]
        self.receipts_of: dict[str, int] = {}

    def _signed_in(self, email: str) -> Client:
        browser = Client()
        there = browser.post(reverse("account_login"), {"login": email, "password": PASSWORD})
        assert there.headers["Location"] == reverse("memories:chat")
        there = browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        assert there.status_code == 302, "a fresh proof, for wiping and exporting"
        return browser

    # --- Coming in ----------------------------------------------------------------------------------------------------
    @rule(target=ids, who=PEOPLE, thing=THINGS, own=st.booleans())
    def type_in(self, who: int, thing: str, own: bool) -> Any:
        text = f"{MARKS[who]} keeps {thing}" if own else f"I collect {thing}"
        there = self._post(who, "add", text=text).headers["Location"].partition("#memory-")[2]
        if text in self.told[who].texts():
            assert self.told[who].listed[there][-1] == text, "what is there is not saved twice"
            return multiple()
        return self._saved(who, there, text)

    @rule(target=chats, who=PEOPLE, thing=THINGS, chat=st.none() | chats)
    def say(self, who: int, thing: str, chat: str | None) -> Any:
        """A turn in a new chat, or in one of the heap; what it teaches is known at once."""
        fact, told = f"I collect {thing}", self.told[who]
        address = reverse("memories:conversation", args=[chat]) if chat else reverse("memories:chat")
        sent = self.browsers[who].post(address, {"message": f"{fact}."})
        if chat and chat not in told.chats:
            assert sent.status_code == 404
            return multiple()
        assert sent.status_code == 302
        here = sent.headers["Location"].split("/")[2]
        told.chats.setdefault(here, []).append(f"{fact}.")
        new = [memory.id for memory in self.doors[who].get_all() if memory.id not in told.listed]
        assert len(new) == (fact not in told.texts() | told.forgotten)
        for key in new:
            self._saved(who, key, fact)
        return here if chat is None else multiple()

    # --- Reading ------------------------------------------------------------------------------------------------------
    @rule(who=PEOPLE, number=st.integers(1, 2))
    def look_at_the_list(self, who: int, number: int) -> None:
        told = self.told[who].newest_first()
        number = min(number, max(1, -(-len(told) // PAGE)))
        page = self._get(who, "data", page=number)
        assert ROW.findall(page) == told[(number - 1) * PAGE : number * PAGE]

    @rule(who=PEOPLE, mark=st.sampled_from(MARKS), thing=THINGS)
    def search_the_list(self, who: int, mark: str, thing: str) -> None:
        query = f"{mark} keeps {thing}"
        found = dict(ROW.findall(self._get(who, "data", typed=query, q=query)))
        assert found.items() <= dict(self.told[who].newest_first()).items()
        assert query not in self.told[who].texts() or query in found.values()

    @rule(who=PEOPLE, key=ids)
    def look_at_one(self, who: int, key: str) -> None:
        if key in self.told[who].listed:
            page = self._get(who, "memory", key)
            assert all(text in page for text in self.told[who].listed[key])
        else:
            self._not_found(who, "get", "memory", key)

    @rule(who=PEOPLE, chat=chats)
    def open_a_chat(self, who: int, chat: str) -> None:
        if chat in self.told[who].chats:
            page = self._get(who, "conversation", chat)
            turns = re.findall(r'<div class="text">(.*?)</div>', page)
            assert turns == self.told[who].chats[chat]
        else:
            self._not_found(who, "get", "conversation", chat)

    @rule(target=chats, who=PEOPLE)
    def ask_what_is_known(self, who: int) -> str:
        """The reply is made of one's own memories."""
        asked = self.browsers[who].post(reverse("memories:chat"), {"message": ASKED})
        chat = asked.headers["Location"].split("/")[2]
        self.told[who].chats[chat] = [ASKED]
        reply = self._get(who, "conversation", chat).rpartition('<div class="text markdown">')[2]
        known = self.told[who].texts()
        assert any(text in reply for text in known) or not known
        return chat

    @rule(who=PEOPLE)
    def export(self, who: int) -> None:
        sent = self.browsers[who].post(reverse("memories:export"), {"format": "json", "conversations": "on"})
        taken = json.loads(read(sent))
        told = self.told[who]
        assert [(memory["id"], memory["text"]) for memory in taken["memories"]] == told.newest_first()
        for memory in taken["memories"]:
            earlier = [version["text"] for version in memory["versions"]]
            assert [*earlier, memory["text"]] == told.listed[memory["id"]]
        said = {
            chat["id"]: [turn["text"] for turn in chat["turns"] if turn["role"] == "user"]
            for chat in taken["conversations"]
        }
        assert said == told.chats

    # --- Changing -----------------------------------------------------------------------------------------------------
    @rule(who=PEOPLE, key=ids, thing=THINGS)
    def correct(self, who: int, key: str, thing: str) -> None:
        if key not in self.told[who].listed:
            self._not_found(who, "post", "edit", key, text="x", version="1")
            return
        text, texts = f"{MARKS[who]} now keeps {thing}", self.told[who].listed[key]
        self._post(who, "edit", key, text=text, version=str(len(texts)))
        if texts[-1] != text:
            texts.append(text)

    @rule(who=PEOPLE, key=ids)
    def press_delete(self, who: int, key: str) -> None:
        if key not in self.told[who].listed:
            self._not_found(who, "post", "delete", key)
            return
        self._post(who, "delete", key)
        self._held(who, key)

    @rule(who=PEOPLE, key=ids)
    def press_undo(self, who: int, key: str) -> None:
        if key not in self.told[who].held:
            self._not_found(who, "post", "undo", key)
            return
        self._post(who, "undo", key)
        self._restored(who, key)

    @rule(who=PEOPLE, ticked=st.lists(ids, min_size=1, max_size=4, unique=True), back=st.booleans())
    def delete_many(self, who: int, ticked: list[str], back: bool) -> None:
        """Those of others are left out without a word; what went together comes back together."""
        mine = [key for key in ticked if key in self.told[who].listed]
        asked = self.browsers[who].post(reverse("memories:forget_many"), {"id": ticked})
        if not mine:
            assert asked.status_code == 302
            return
        page = asked.content.decode()
        assert all((key in page) == (key in mine) for key in ticked)
        self._post(who, "delete_many", id=ticked, mark=dict(HIDDEN.findall(page))["mark"])
        for key in mine:
            self._held(who, key)
        if back:
            self._post(who, "take_back", moment=dict(HIDDEN.findall(self._get(who, "data")))["moment"])
            for key in mine:
                self._restored(who, key)

    @rule(target=receipts, who=PEOPLE)
    def wipe(self, who: int) -> str:
        receipt = self._post(who, "wipe_memories", word="wipe").headers["Location"].split("/")[3]
        stores = self.browsers[who].get(reverse("memories:receipt_json", args=[receipt])).json()["stores"]
        assert all(line["left"] == 0 for line in stores)
        self._wiped(who, {line["store"]: line["removed"] for line in stores})
        self.receipts_of[receipt] = who
        return receipt

    @rule(who=PEOPLE, receipt=receipts)
    def open_a_receipt(self, who: int, receipt: str) -> None:
        if self.receipts_of[receipt] == who:
            self._get(who, "receipt", receipt)
        else:
            self._not_found(who, "get", "receipt", receipt)

    # --- A browser ----------------------------------------------------------------------------------------------------
    def _get(self, who: int, name: str, *args: str, typed: str = "", **query: Any) -> str:
        answer = self.browsers[who].get(reverse(f"memories:{name}", args=args), query)
        assert answer.status_code == 200, (name, answer.status_code)
        page = answer.content.decode()
        # A word of another's would be on the page for no reason, unless it was just typed into the search box.
        assert not [mark for mark in MARKS if mark != MARKS[who] and mark not in typed and mark in page], name
        return page

    def _post(self, who: int, name: str, *args: str, **form: Any) -> Any:
        answer = self.browsers[who].post(reverse(f"memories:{name}", args=args), form)
        assert answer.status_code == 302, (name, answer.status_code, answer.content[:300])
        return answer

    def _not_found(self, who: int, method: str, name: str, key: str, **form: str) -> None:
        answer = getattr(self.browsers[who], method)(reverse(f"memories:{name}", args=[key]), form)
        assert answer.status_code == 404, (name, answer.status_code)
