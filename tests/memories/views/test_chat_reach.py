"""The chat over HTTP: who reaches what."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from memories.chats import ScopedChats
from memories.models import Message
from memories.scoped import ScopedMemory
from tests.memories.views.talking import ids, remembered, say

# --- Who reaches what -------------------------------------------------------------------------------------------------
ROOM = ["conversation", "rename", "delete_conversation", "chat_memory", "leave", "stop"]
TURN = ["turn", "stream", "again", "edit_turn", "learn", "offer"]
MEMORY = ["chat_forget", "chat_keep", "chat_undo", "chat_correct", "leave_out"]
POST_ONLY = {"chat_memory", "leave", "stop", "again", "edit_turn", "learn", "offer", *MEMORY}
GET_ONLY = {"turn", "stream"}


def address(name: str, key: str, message: str, memory: str) -> str:
    depth = 1 if name in ROOM else 2 if name in TURN else 3
    return reverse(f"memories:{name}", args=[key, message, memory][:depth])


def answer_to(client: Client, name: str, url: str) -> Any:
    data = {
        "message": "x",
        "title": "x",
        "mode": "off",
        "memories": "delete",
        "text": "x",
        "version": "1",
        "answer": "both",
    }
    return client.get(url) if name in GET_ONLY else client.post(url, data)


def masked(response: Any) -> bytes:
    """The page without what is random in every page, even for the same request twice."""
    return re.sub(rb"[A-Za-z0-9]{64}|[0-9a-f]{12}", b"", response.content)


def test_every_route_is_in_the_matrix() -> None:
    from memories.views.chat_urls import chat_urlpatterns

    assert {str(pattern.name) for pattern in chat_urlpatterns} == {
        "chat",
        "conversations",
        "connect",
        *ROOM,
        *TURN,
        *MEMORY,
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", [*ROOM, *TURN, *MEMORY])
def test_a_stranger_is_told_what_is_told_of_nothing(
    name: str, client: Client, other: Client, owner: User, stranger: User
) -> None:
    key, turn, reply = ids(say(client, "I am vegetarian"), owner)
    message = reply if name in ("stream", "again") else turn
    memory = ScopedMemory(owner).get_all()[0].id
    before = (list(Message.objects.values()), remembered(owner), ScopedChats(owner).get(key))
    theirs = answer_to(other, name, address(name, key, message, memory))
    unknown = answer_to(other, name, address(name, *(str(uuid.uuid4()) for _ in range(3))))
    assert theirs.status_code == unknown.status_code == 404
    assert masked(theirs) == masked(unknown) and b"vegetarian" not in theirs.content
    assert (list(Message.objects.values()), remembered(owner), ScopedChats(owner).get(key)) == before


@pytest.mark.slow
@pytest.mark.parametrize("name", MEMORY)
def test_a_strangers_memory_is_not_reached_through_ones_own_turn(
    name: str, client: Client, other: Client, owner: User, stranger: User
) -> None:
    ScopedMemory(owner).add("I am vegetarian")
    memory = ScopedMemory(owner).get_all()[0].id
    key, turn, _ = ids(say(other, "hello"), stranger)
    response = answer_to(other, name, address(name, key, turn, memory))
    assert response.status_code == 404 and remembered(owner) == {"I am vegetarian"}


@pytest.mark.parametrize("name", ["chat", "conversations", "connect", *ROOM, *TURN, *MEMORY])
def test_who_is_signed_out_is_asked_to_sign_in(name: str, db: None) -> None:
    any_id = str(uuid.uuid4())
    url = (
        reverse(f"memories:{name}")
        if name in ("chat", "conversations", "connect")
        else address(name, any_id, any_id, any_id)
    )
    for response in (Client().get(url), Client().post(url)):
        assert response.status_code == 302 and response["Location"].startswith(reverse("account_login"))


@pytest.mark.slow
@pytest.mark.parametrize("name", [*ROOM, *TURN, *MEMORY])
def test_the_wrong_method_changes_nothing(name: str, client: Client, owner: User) -> None:
    key, turn, _ = ids(say(client, "I am vegetarian"), owner)
    url = address(name, key, turn, ScopedMemory(owner).get_all()[0].id)
    if name in POST_ONLY:
        assert client.get(url).status_code == 405
    if name in GET_ONLY:
        assert client.post(url).status_code == 405
    assert client.put(url).status_code == client.delete(url).status_code == 405
    assert remembered(owner) == {"I am vegetarian"}


@pytest.mark.parametrize("bad", ["1", "x", "00000000", "../admin", "0" * 32, "%00"])
def test_a_malformed_id_is_no_address(bad: str, client: Client) -> None:
    assert client.get(f"/chat/{bad}/").status_code == 404


def test_a_form_of_another_site_does_nothing(owner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    assert client.post("/chat/", {"message": "I am vegetarian"}).status_code == 403
    assert not Message.objects.exists()
