"""What would go wrong later, said when the site starts (https://docs.djangoproject.com/en/5.2/topics/checks/)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, connection

EMBEDDER = "embedder"
SILENT = {
    "log_min_error_statement": ("log", "fatal", "panic"),
    "log_error_verbosity": ("terse",),
    "log_statement": ("none", "ddl"),
    "log_min_duration_statement": ("-1",),
}
"""With which of their values these settings of PostgreSQL's write no statement, and no row, into its log."""


@register(EMBEDDER)
def embedder_is_complete(**_: Any) -> list[CheckMessage]:
    """Reads settings only, so that every command can afford it."""
    from memories.engines.embedding import missing

    return [Error(words, id="memories.E001") for words in missing()]


@register(EMBEDDER, deploy=True)
def embedder_fits(**_: Any) -> list[CheckMessage]:
    """Embeds one word: when a server starts, and with `check --deploy`."""
    from memories.engines.embedding import chosen_embedder, missing
    from memories.errors import EngineUnavailable

    if settings.EMBEDDER == "wordllama" or missing():
        return []
    try:
        chosen_embedder().embed(["word"])
    except EngineUnavailable as error:
        wrong = "numbers, not" in str(error)
        hint = "Set MEMSITE_EMBEDDER_DIMS to that number, and run `manage.py reembed`." if wrong else None
        return [(Error if wrong else Warning)(str(error), hint=hint, id="memories.E002" if wrong else "memories.W002")]
    return []


@register(Tags.database)
def policies_hold(databases: Any = None, **_: Any) -> list[CheckMessage]:
    """No row policy holds for a superuser. Asked with `check --database default`."""
    if not databases or connection.vendor != "postgresql":
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
            [passes] = cursor.fetchone()
    except DatabaseError:
        return []  # It is away: /readyz says so.
    if not passes:
        return []
    return [
        Warning(
            "The site logs in to PostgreSQL as a role that passes by row-level security.",
            hint="Make a role for it with `manage.py create_roles`: docs/postgresql.md.",
            id="memories.W003",
        )
    ]


@register(Tags.database)
def server_is_silent(databases: Any = None, **_: Any) -> list[CheckMessage]:
    """PostgreSQL has a log of its own, which no erasure reaches: as it comes, each statement that failed is written
    there with the words in it. Asked with `check --database default`."""
    if not databases or connection.vendor != "postgresql":
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(SILENT)])
            loud = sorted(name for name, setting in cursor.fetchall() if setting not in SILENT[name])
    except DatabaseError:
        return []  # It is away: /readyz says so.
    if not loud:
        return []
    return [
        Warning(
            f"PostgreSQL may write people's words into its own log: {', '.join(loud)}.",
            hint="An administrator of it sets them as docs/postgresql.md says.",
            id="memories.W004",
        )
    ]
