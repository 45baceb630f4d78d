"""What a person does in the chat, without scripts."""

from __future__ import annotations

from bs4 import BeautifulSoup
from django.test import Client

from accounts.models import User
from memories.chats import ScopedChats
from memories.scoped import ScopedMemory

SEAT = "I always want a window seat on flights"


def say(client: Client, text: str, url: str = "/chat/", **data: str) -> str:
    """Posts as a page without scripts does; the address of the conversation."""
    response = client.post(url, {"message": text, **data})
    assert response.status_code == 302, response.content[:500]
    return str(response["Location"])


def soup_of(client: Client, url: str) -> BeautifulSoup:
    response = client.get(url)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def last_reply(client: Client, url: str) -> str:
    text = soup_of(client, url).select(".turn:not(.me) .text")[-1]
    return " ".join(text.get_text(" ").split())


def remembered(user: User) -> set[str]:
    return {memory.memory for memory in ScopedMemory(user).get_all()}


def ids(url: str, user: User) -> tuple[str, str, str]:
    key = url.split("/")[2]
    turn, reply = ScopedChats(user).messages(key)[-2:]
    return key, turn.id, reply.id
