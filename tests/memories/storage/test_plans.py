"""No statement of anyone's memory reads a whole table: each begins at an index, so that others' rows cost nothing."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from accounts.models import User
from memories.chats import ScopedChats
from memories.scoped import ScopedMemory
from memories.types import Filter

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

EVERYTHING = Filter()
ALL_READ = re.compile(r"^SCAN (?!\d* ?CONSTANT ROW|\(|SUBQUERY)")
"""A step of a plan that goes through all rows of a table, or all of an index."""
Statement = tuple[str, Any]
VERBS: dict[str, Callable[[ScopedMemory, str], object]] = {
    "add": lambda memory, _: memory.add("I play chess", infer=False),
    "add many": lambda memory, _: memory.add([{"role": "user", "content": f"tea {n}"} for n in range(3)], infer=False),
    "learn": lambda memory, _: memory.add("My sister lives in Oslo."),
    "search": lambda memory, _: memory.search("tea"),
    "get_all": lambda memory, _: memory.get_all(),
    "page": lambda memory, _: memory.page(),
    "page, found": lambda memory, _: memory.page(query="tea"),
    "browse": lambda memory, _: memory.browse(Filter(source="typed", since=timezone.now())),
    "browse, most used": lambda memory, _: memory.browse(EVERYTHING, order="most used"),
    "overview": lambda memory, _: memory.overview(),
    "pictures": lambda memory, _: memory.pictures(),
    "get": lambda memory, key: memory.get(key),
    "detail": lambda memory, key: memory.detail(key),
    "update": lambda memory, key: memory.update(key, "I like coffee"),
    "history": lambda memory, key: memory.history(key),
    "write": lambda memory, _: memory.write("I like tea"),
    "pause": lambda memory, key: memory.pause(key),
    "expire": lambda memory, key: memory.expire(key, timezone.now() + dt.timedelta(days=1)),
    "matching": lambda memory, _: memory.matching(EVERYTHING, "tea"),
    "selection": lambda memory, key: memory.selection([key]),
    "hold and restore": lambda memory, key: (memory.hold(key), memory.restore(key)),
    "delete": lambda memory, key: memory.delete(key),
    "delete_all": lambda memory, _: memory.delete_all(),
    "count": lambda memory, _: memory.count(),
    "preferences": lambda memory, _: memory.preferences,
    "activity": lambda memory, _: memory.activity(),
}


@contextlib.contextmanager
def statements() -> Iterator[list[Statement]]:
    seen: list[Statement] = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield seen


def read_whole(sql: str, params: Any) -> list[str]:
    """The steps of the statement's plan that read a whole table."""
    if not re.match(r"SELECT|UPDATE|DELETE|INSERT|WITH", sql):
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return [step for *_, step in cursor.fetchall() if ALL_READ.match(step)]


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_reads_a_whole_table(verb: str, owner: User, stranger: User) -> None:
    for person in (owner, stranger):
        ScopedMemory(person).add("I like tea", infer=False)
    memory = ScopedMemory(owner)
    key = memory.get_all()[0].id
    with statements() as seen:
        VERBS[verb](memory, key)
    assert seen
    assert [found for statement in seen for found in read_whole(*statement)] == []


def test_no_part_of_a_chat_reads_a_whole_table(owner: User, stranger: User) -> None:
    for person in (owner, stranger):
        ScopedChats(person).post("I like tea")
    with statements() as seen:
        chats = ScopedChats(owner)
        posted = chats.post("And I play chess")
        chat = posted.conversation.id
        chats.page()
        chats.search("tea")
        chats.messages(chat)
        chats.stop(chat)
        chats.rename(chat, "Hobbies")
        chats.delete(chat)
    assert seen
    assert [found for statement in seen for found in read_whole(*statement)] == []


def test_whatever_points_to_a_row_is_found_by_an_index_when_it_goes() -> None:
    with connection.cursor() as cursor:
        for model in apps.get_app_config("memories").get_models():
            table = model._meta.db_table
            cursor.execute(f"PRAGMA foreign_key_list({table})")
            for pointing in [row[3] for row in cursor.fetchall()]:
                plan = f"EXPLAIN QUERY PLAN SELECT rowid FROM {table} WHERE {pointing} = %s"
                cursor.execute(plan, [1])
                steps = [step for *_, step in cursor.fetchall()]
                assert all(step.startswith("SEARCH") for step in steps), (table, pointing, steps)
