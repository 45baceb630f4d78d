"""Fills the tables of a scratch database, to measure with: made-up people, made-up memories, millions of rows."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import secrets
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection, models, transaction

from accounts.models import User
from memories.embedders import OfflineEmbedder, default_embedder
from memories.models import Memory, OwnerState
from memories.models.base import new_key
from memories.storage.packing import STORED
from memories.text import terms

DOMAIN = "bulk.invalid"
"""Of the e-mail addresses: nobody has one, and what is here is known by it."""
BATCH = 1_000
"""People a transaction."""
ORIGINALS = 20_000
"""So many people are made; of those beyond, the database makes copies under new names and keys, which is quicker."""
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
MEMORY = ("id", "owner_id", "text", "terms", "digest", "vector", "created_at", "updated_at")
ALWAYS = {"embedder": OfflineEmbedder.name, "source": "program", "kind": "stated"}
"""What every memory has alike; the other columns get their defaults."""
_WHEN = ("in spring", "on Sundays", "since school", "after work", "when it rains", "with friends", "at home", "by day")


@dataclasses.dataclass(frozen=True, slots=True)
class _Texts:
    """Parallel columns."""

    texts: Sequence[str]
    terms: Sequence[str]
    vectors: npt.NDArray[np.float32]


def real_people() -> bool:
    """Whether anyone has an account that was not made here."""
    return bool(User.objects.exclude(email__endswith=f"@{DOMAIN}").exists())


def policies_apply() -> bool:
    """Whether row policies apply to this role: it could then write for one owner at a time alone."""
    with connection.cursor() as cursor:
        return connection.vendor == "postgresql" and not _takes_copies(cursor, Memory)


def load(users: int, each: int) -> Iterator[int]:
    """Adds so many people with so many memories each; yields after each batch how many it has added so far.

    Rows are those that `ScopedMemory.add` writes, but for their digests, which are random: no fact is known again.
    """
    made = []
    texts = _texts()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for pragma in FAST:
                cursor.execute(f"PRAGMA {pragma}")
    originals = min(users, ORIGINALS)
    for done in range(0, originals, BATCH):
        count = min(BATCH, originals - done)
        with transaction.atomic():
            _insert(User, ("email", "password", "namespace"), (_person() for _ in range(count)))
            keys = sorted(User.objects.order_by("-pk").values_list("pk", flat=True)[:count])
            _insert(OwnerState, ("owner_id", "version", "digest_key"), ((key, 1, new_key()) for key in keys))
            _insert(Memory, MEMORY, _memories(keys, each, texts))
        made += keys
        yield done + count
    for done in range(originals, users, ORIGINALS):
        count = min(ORIGINALS, users - done)
        with transaction.atomic():
            _copy(made[0], made[count - 1])
        yield done + count
    _as_usual()


def _as_usual() -> None:
    """The next connection sets what a database in use needs."""
    connection.close()


def load_for(user: User, count: int) -> None:
    """Adds so many memories to one person."""
    OwnerState.objects.get_or_create(owner_id=user.pk)
    with transaction.atomic():
        _insert(Memory, MEMORY, _memories([user.pk], count, _texts()))


def _texts() -> _Texts:
    said = [" ".join(parts) for parts in itertools.product(_DOING, _THINGS, _WHEN)]
    return _Texts(said, [" ".join(terms(text)) for text in said], default_embedder().embed(said))


def _person() -> tuple[Any, ...]:
    namespace = uuid.uuid4()
    return f"{namespace.hex}@{DOMAIN}", "!", _stored(namespace)


def _memories(owners: Sequence[int], each: int, texts: _Texts) -> Iterator[tuple[Any, ...]]:
    """Rows of MEMORY. Arrays are made for many people at once: a call of numpy's costs as much as a row."""
    random, now = np.random.default_rng(), dt.datetime.now(dt.UTC)
    moments = [_stored(now + dt.timedelta(microseconds=place)) for place in range(each)]
    some = max(1, 10_000 // each)
    for start in range(0, len(owners), some):
        group = owners[start : start + some]
        count = len(group) * each
        chosen = random.integers(len(texts.texts), size=count)
        # Near the text's own vector, and nobody else's.
        vectors = random.random((count, texts.vectors.shape[1]), dtype=np.float32) * 0.04  # nosec B311
        vectors += texts.vectors[chosen]
        vectors /= np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
        blobs, digests, keys = vectors.astype(STORED), secrets.token_hex(32 * count), _ids(count)
        owner_of = itertools.chain.from_iterable(itertools.repeat(owner, each) for owner in group)
        for row, (owner, i) in enumerate(zip(owner_of, chosen.tolist(), strict=True)):
            place = row % each
            yield (
                keys[row],
                owner,
                f"{texts.texts[i]} ({place})",
                f"{texts.terms[i]} {place}",
                digests[64 * row : 64 * row + 64],
                blobs[row].tobytes(),
                moments[place],
                moments[place],
            )


def _ids(count: int) -> list[str]:
    """As `new_id`, in hex; growing, which with a million a minute the clock alone does not see to."""
    milliseconds, noise = time.time_ns() // 1_000_000, secrets.token_hex(8 * count)
    return [
        f"{milliseconds:012x}7{number & 0xFFF:03x}8{noise[16 * number + 1 : 16 * number + 16]}"
        for number in range(count)
    ]


def _insert(table: type[models.Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Straight to the driver: making a model object of each row would take longer than storing it."""
    fields: list[Any] = [f for f in table._meta.local_concrete_fields if not isinstance(f, models.AutoField)]
    of = {field.attname: field.column for field in fields}
    usual = {field.attname: _stored(field.get_default()) for field in fields if field.attname not in columns}
    usual |= {name: value for name, value in ALWAYS.items() if name in usual}
    names = ", ".join(connection.ops.quote_name(of[name]) for name in (*columns, *usual))
    into, same = f"{table._meta.db_table} ({names})", tuple(usual.values())
    with connection.cursor() as cursor:
        if _takes_copies(cursor, table):
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row + same)
        else:
            marks = ", ".join(["%s"] * (len(columns) + len(usual)))
            cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", [row + same for row in rows])  # noqa: S608


def _copy(first: int, last: int) -> None:
    """Makes for each of these people another one, with copies of their memories."""
    shift = (User.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) - first + 1
    on_sqlite = connection.vendor == "sqlite"
    hexes = "lower(hex(randomblob(16)))" if on_sqlite else "replace(gen_random_uuid()::text, '-', '')"
    moment = time.time_ns() // 1_000_000
    person = {
        "id": f"id + {shift}",
        "email": f"{hexes} || '@{DOMAIN}'",
        "namespace": hexes if on_sqlite else "gen_random_uuid()",
    }
    # New keys come after all that are there, as they do in use.
    key = f"printf('%012x', {moment} + rowid) || substr(id, 13)"
    if not on_sqlite:
        key = f"(lpad(to_hex({moment} + owner_id), 12, '0') || substr(replace(id::text, '-', ''), 13))::uuid"
    owner = {"owner_id": f"owner_id + {shift}"}
    for table, whose, changed in ((User, "id", person), (OwnerState, "owner_id", owner), (Memory, "owner_id", owner)):
        made = changed | ({"id": key} if table is Memory else {})
        columns = [str(field.column) for field in table._meta.local_concrete_fields]
        names = ", ".join(map(connection.ops.quote_name, columns))
        values = ", ".join(made.get(name, connection.ops.quote_name(name)) for name in columns)
        sql = f"INSERT INTO {table._meta.db_table} ({names}) SELECT {values} FROM {table._meta.db_table} WHERE "  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(f"{sql}{whose} BETWEEN {first} AND {last} ORDER BY {whose}")
    if not on_sqlite:
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence('accounts_user', 'id'), max(id)) FROM accounts_user")


def _takes_copies(cursor: Any, table: type[models.Model]) -> bool:
    """COPY is a multiple as fast, and refused to a role that row policies apply to."""
    if connection.vendor != "postgresql":
        return False
    cursor.execute("SELECT row_security_active(%s)", [table._meta.db_table])
    return not cursor.fetchone()[0]


def _stored(value: Any) -> Any:
    """As the driver takes it: SQLite has neither UUIDs nor zones."""
    if connection.vendor == "sqlite":
        if isinstance(value, uuid.UUID):
            return value.hex
        if isinstance(value, dt.datetime):
            return value.replace(tzinfo=None).isoformat(" ")
    return value
