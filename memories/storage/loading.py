"""Fills the tables of a scratch database, to measure with: made-up people, made-up memories, millions of rows."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import secrets
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection, models, transaction

from accounts.models import User
from memories.embedders import default_embedder
from memories.models import Memory, OwnerState
from memories.models.base import new_id, new_key
from memories.storage.packing import STORED
from memories.text import terms

DOMAIN = "bulk.invalid"
"""Of the e-mail addresses: nobody has one, and what is here is known by it."""
BATCH = 1_000
"""People a transaction."""
FAST = (
    "journal_mode = MEMORY",
    "synchronous = OFF",
    "secure_delete = OFF",
    "foreign_keys = OFF",
    "ignore_check_constraints = ON",
    "cache_size = -262144",
)
"""SQLite, while it loads: there is nothing to lose, nothing to hide, and no row that anyone but this file wrote."""

_DOING = ("I like", "I dislike", "I often talk about", "my sister loves", "we planned something with", "I study")
_THINGS = (
    *("green tea", "early trains", "the harbour", "old maps", "trail running", "chess", "the night sky", "sour bread"),
    *("my bicycle", "jazz", "the garden", "cold lakes", "film cameras", "bees", "crosswords", "the violin", "ferries"),
    *("mushrooms", "pottery", "long novels", "the market", "snow", "vintage radios", "figs", "rowing", "languages"),
    *("the opera", "owls", "board games", "lemon trees", "clocks", "volcanoes", "kites", "stamps", "rye", "saunas"),
)
_WHEN = ("in spring", "on Sundays", "since school", "after work", "when it rains", "with friends", "at home", "by day")


@dataclasses.dataclass(frozen=True, slots=True)
class _Text:
    text: str
    terms: str
    vector: npt.NDArray[np.float32]


def real_people() -> bool:
    """Whether anyone has an account that was not made here."""
    return bool(User.objects.exclude(email__endswith=f"@{DOMAIN}").exists())


def load(users: int, each: int) -> Iterator[int]:
    """Adds so many people with so many memories each; yields after each batch how many it has added so far.

    Rows are those that `ScopedMemory.add` writes, but for their digests, which are random: no fact is known again.
    """
    texts = _texts()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for pragma in FAST:
                cursor.execute(f"PRAGMA {pragma}")
    for done in range(0, users, BATCH):
        count = min(BATCH, users - done)
        with transaction.atomic():
            _insert(User, (_person() for _ in range(count)))
            keys = sorted(User.objects.order_by("-pk").values_list("pk", flat=True)[:count])
            _insert(OwnerState, ({"owner_id": key, "version": 1, "digest_key": new_key()} for key in keys))
            _insert(Memory, _memories(keys, each, texts))
        yield done + count
    _as_usual()


def _as_usual() -> None:
    """The next connection sets what a database in use needs."""
    connection.close()


def load_for(user: User, count: int) -> None:
    """Adds so many memories to one person."""
    OwnerState.objects.get_or_create(owner_id=user.pk)
    with transaction.atomic():
        _insert(Memory, _memories([user.pk], count, _texts()))


def _texts() -> list[_Text]:
    said = [" ".join(parts) for parts in itertools.product(_DOING, _THINGS, _WHEN)]
    vectors = default_embedder().embed(said)
    return [_Text(text, " ".join(terms(text)), vector) for text, vector in zip(said, vectors, strict=True)]


def _person() -> dict[str, Any]:
    namespace = uuid.uuid4()
    return {"email": f"{namespace.hex}@{DOMAIN}", "password": "!", "namespace": _stored(namespace)}


def _memories(owners: Sequence[int], each: int, texts: Sequence[_Text]) -> Iterator[dict[str, Any]]:
    random, embedder = np.random.default_rng(), default_embedder()
    now = dt.datetime.now(dt.UTC)
    moments = [_stored(now + dt.timedelta(microseconds=place)) for place in range(each)]
    always = {"embedder": embedder.name, "source": "program", "kind": "stated"}
    for owner in owners:
        chosen = random.integers(len(texts), size=each).tolist()
        # Near the text's own vector, and nobody else's.
        vectors = random.random((each, embedder.dims), dtype=np.float32) * 0.04  # nosec B311
        vectors += np.stack([texts[i].vector for i in chosen])
        vectors /= np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
        blobs, digests = vectors.astype(STORED), secrets.token_hex(32 * each)
        for place, i in enumerate(chosen):
            yield always | {
                "id": _stored(new_id()),
                "owner_id": owner,
                "text": f"{texts[i].text} ({place})",
                "terms": f"{texts[i].terms} {place}",
                "digest": digests[64 * place : 64 * place + 64],
                "vector": blobs[place].tobytes(),
                "created_at": moments[place],
                "updated_at": moments[place],
            }


def _insert(table: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """Straight to the driver: making a model object of each row would take longer than storing it."""
    fields: list[Any] = [f for f in table._meta.local_concrete_fields if not isinstance(f, models.AutoField)]
    usual = {field.attname: _stored(field.get_default()) for field in fields}
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {table._meta.db_table} ({names}) VALUES ({marks})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(sql, [tuple((usual | row).values()) for row in rows])


def _stored(value: Any) -> Any:
    """As the driver takes it: SQLite has neither UUIDs nor zones."""
    if connection.vendor == "sqlite":
        if isinstance(value, uuid.UUID):
            return value.hex
        if isinstance(value, dt.datetime):
            return value.replace(tzinfo=None).isoformat(" ")
    return value
