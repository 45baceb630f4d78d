"""A file that is being sent breaks off for who may not come in any more, and for nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.core.exceptions import RequestAborted
from django.test import Client
from django.urls import reverse

from accounts import keys
from accounts.models import Session, User
from memories.scoped import ScopedMemory
from memories.views import streams
from tests.memories.views.talking import ids, say

Signed = Callable[..., Client]


def revoke_key(person: User) -> None:
    keys.revoke_all(person)


def suspend(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


def end_sessions(person: User) -> None:
    Session.objects.filter(account=person).delete()


def change_password(person: User) -> None:
    person.set_password("another-harbour-lantern-8")
    person.save()


def asked(person: User, client_as: Signed, by: str) -> Any:
    if by == "session":
        return client_as(person).post("/data/export/", {"format": "csv"})
    token = keys.make(person, "Copy", may_write=False, days=None).token
    return Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/export")


def rest(answer: Any, meanwhile: Callable[[], None]) -> str:
    """What comes after the first piece, between which and the next something happens."""

    async def read() -> bytes:
        pieces = aiter(answer.streaming_content)
        await anext(pieces)
        await sync_to_async(meanwhile)()
        return b"".join([piece async for piece in pieces])

    return async_to_sync(read)().decode()


@pytest.mark.parametrize(
    ("by", "end"),
    [
        ("key", revoke_key),
        ("key", suspend),
        ("session", end_sessions),
        ("session", suspend),
        ("session", change_password),
    ],
)
def test_a_long_file_breaks_off_where_the_door_was_closed(
    owner: User, stranger: User, client_as: Signed, monkeypatch: pytest.MonkeyPatch, by: str, end: Callable[..., None]
) -> None:
    monkeypatch.setattr(streams, "LOOK", -1.0)
    ScopedMemory(owner).add("My boat is called zq-canary", infer=False)
    assert "zq-canary" in rest(asked(owner, client_as, by), lambda: end(stranger))
    keys.revoke_all(owner)
    with pytest.raises(RequestAborted):
        rest(asked(owner, client_as, by), lambda: end(owner))


@pytest.mark.parametrize("end", [end_sessions, suspend])
def test_a_reply_is_told_no_further_than_its_reader_may_come_in(
    transactional_db: None,
    owner: User,
    stranger: User,
    client_as: Signed,
    monkeypatch: pytest.MonkeyPatch,
    end: Callable[..., None],
) -> None:
    monkeypatch.setattr(streams, "WATCH", -1.0)
    client = client_as(owner)
    chat, _, reply = ids(say(client, "My boat is called zq-canary"), owner)
    place = reverse("memories:stream", args=[chat, reply])
    assert "zq-canary" in rest(client.get(place), lambda: end(stranger))
    assert rest(client.get(place), lambda: end(owner)) == ""
