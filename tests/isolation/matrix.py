"""The people matrix: one row a route, saying who may use it, by which methods, and with which ids.

The routes come from the URL resolver. A route without a row fails the build, and so does a row without a route.
"""

from __future__ import annotations

import dataclasses
import functools
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from django.urls import URLPattern, URLResolver, get_resolver, reverse

READ = ("GET", "HEAD")
PAGE = ("GET", "HEAD", "POST")
ACT = ("POST",)
# allauth's and Django's class-based views answer PUT as POST, or every method alike.
FORM = ("GET", "HEAD", "POST", "PUT")
ANY = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
METHODS = ANY

Who = Literal["person", "anyone", "staff", "program"]
Ids = Mapping[str, str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
    """One route."""

    methods: tuple[str, ...]
    who: Who = "person"
    """`person`: signed in. `anyone`: also signed out. `staff`: the admin's.
    `program`: who brings a key; no cookie counts."""
    ids: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Which thing an argument of the path names, where its name does not say it."""
    args: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Arguments that name nobody's thing."""
    send: Mapping[str, Any] | Callable[[Ids], Mapping[str, Any]] = dataclasses.field(default_factory=dict)
    """What the form holds."""
    query: str = ""
    streams: bool = False
    """Answers from an event loop: test_stream_matrix.py tries it."""
    writes: tuple[str, ...] = ()
    """Tables that reading it may change, each with the reason in `READING_WRITES`."""
    statuses: tuple[int, ...] = (200, 204, 302)
    """What the owner may get."""
    session: bool = False
    """What is sent belongs to the account or the session (sign-in, password): tried in tests/accounts."""


USE = ("accounts.Key", "memories.Activity")
"""That a key was used is written down once a day, and that a copy was taken."""
MEMORY = {"memory_id": "memory"}
TURN = {"conversation_id": "chat", "message_id": "message"}
REPLY = {"conversation_id": "chat", "message_id": "reply"}

ROWS: dict[str, Row] = {
    "home": Row(methods=READ, who="anyone"),
    # --- Chat
    "memories:chat": Row(methods=PAGE, send={"message": "I like rain", "nonce": "n-1"}),
    "memories:conversations": Row(methods=PAGE, send={"words": "stamps"}),
    "memories:connect": Row(methods=READ),
    "memories:conversation": Row(methods=PAGE, ids=TURN, send={"message": "I like snow", "nonce": "n-2"}),
    "memories:rename": Row(methods=PAGE, ids=TURN, send={"title": "Renamed"}),
    "memories:delete_conversation": Row(methods=PAGE, ids=TURN, send={"memories": "delete"}),
    "memories:chat_memory": Row(methods=ACT, ids=TURN, send={"mode": "off"}),
    "memories:leave": Row(methods=ACT, ids=TURN),
    "memories:stop": Row(methods=ACT, ids=TURN),
    "memories:turn": Row(methods=READ, ids=TURN),
    "memories:stream": Row(methods=("GET",), ids=REPLY, streams=True),
    "memories:again": Row(methods=ACT, ids=REPLY),
    "memories:edit_turn": Row(methods=ACT, ids=TURN, send={"message": "I like fog"}),
    "memories:learn": Row(methods=ACT, ids=TURN),
    "memories:offer": Row(methods=ACT, ids=TURN, send={"answer": "leave", "refused": "0"}),
    "memories:chat_forget": Row(methods=ACT, ids={**TURN, **MEMORY}),
    "memories:chat_undo": Row(methods=ACT, ids={**TURN, "memory_id": "held"}),
    "memories:chat_keep": Row(methods=ACT, ids={**TURN, **MEMORY}),
    "memories:chat_correct": Row(methods=ACT, ids={**TURN, **MEMORY}, send={"text": "Corrected", "version": "2"}),
    "memories:leave_out": Row(methods=ACT, ids={**TURN, **MEMORY}, send={"out": "1"}),
    # --- Your data
    "memories:data": Row(methods=READ),
    "memories:add": Row(methods=ACT, send={"text": "I like hail"}),
    "memories:switches": Row(methods=ACT, send={"learn": "on"}),
    "memories:take_back": Row(methods=ACT),
    "memories:pictures": Row(methods=READ),
    "memories:activity": Row(methods=READ),
    "memories:activity_export": Row(methods=ACT),
    "memories:sent": Row(methods=READ),
    # --- Erasing
    "memories:wipe": Row(methods=READ),
    "memories:wipe_memories": Row(methods=PAGE, send={"word": "wipe"}),
    "memories:wipe_conversations": Row(methods=PAGE, send={"word": "wipe"}),
    "memories:wipe_account": Row(methods=PAGE, send={"word": "erase my account"}),
    "memories:receipts": Row(methods=READ),
    "memories:receipt": Row(methods=READ, ids={"receipt_id": "receipt"}),
    "memories:receipt_json": Row(methods=READ, ids={"receipt_id": "receipt"}),
    "memories:holdings": Row(methods=READ),
    "memories:keeping": Row(methods=PAGE, send={"months": "12", "basis": "unused"}),
    # Only the browser that erased its account may look: tests/memories/test_erasure_pages.py.
    "memories:erased": Row(methods=READ, who="anyone", args={"receipt_id": str(uuid.UUID(int=7))}, statuses=(404,)),
    "memories:erased_json": Row(
        methods=READ, who="anyone", args={"receipt_id": str(uuid.UUID(int=7))}, statuses=(404,)
    ),
    # --- Many at once, files
    "memories:pause_many": Row(methods=ACT, send=lambda at: {"id": [at["memory"]]}),
    "memories:resume_many": Row(methods=ACT, send=lambda at: {"id": [at["memory"]]}),
    "memories:forget_many": Row(methods=ACT, send=lambda at: {"id": [at["memory"]]}),
    "memories:delete_many": Row(
        methods=ACT, send=lambda at: {"id": [at["memory"]], "mark": "x"}, statuses=(200, 302, 409)
    ),
    "memories:topic": Row(methods=READ, query="topic=stamps"),
    "memories:forget_topic": Row(methods=ACT, send=lambda at: {"id": [at["memory"]]}),
    "memories:export": Row(
        methods=PAGE, send=lambda at: {"format": "json", "conversations": "on", "id": [at["memory"]]}
    ),
    "memories:import": Row(methods=PAGE, statuses=(200, 422)),
    "memories:import_job": Row(methods=PAGE, ids={"job_id": "job"}),
    "memories:drop_import": Row(methods=ACT, ids={"job_id": "job"}),
    "memories:review": Row(methods=READ),
    "memories:keep": Row(methods=ACT, ids=MEMORY),
    "memories:unkeep": Row(methods=ACT, ids=MEMORY),
    "memories:discard": Row(methods=ACT, ids=MEMORY),
    "memories:memory": Row(methods=READ, ids=MEMORY),
    "memories:edit": Row(methods=PAGE, ids=MEMORY, send={"text": "Edited", "version": "2"}),
    "memories:delete": Row(methods=ACT, ids=MEMORY),
    "memories:undo": Row(methods=ACT, ids={"memory_id": "held"}),
    "memories:pause": Row(methods=ACT, ids=MEMORY),
    "memories:resume": Row(methods=ACT, ids=MEMORY),
    "memories:expiry": Row(methods=ACT, ids=MEMORY, send={"until": "2090-01-01"}),
    "memories:revert": Row(methods=ACT, ids=MEMORY, send={"number": "1", "version": "2"}),
    # --- Programs
    "memories:api_me": Row(methods=READ, who="program", writes=USE),
    "memories:api_memories": Row(
        methods=(*PAGE, "DELETE"), who="program", send={"text": "I like sleet"}, writes=USE, statuses=(200, 201, 403)
    ),
    "memories:api_search": Row(methods=ACT, who="program", send={"query": "coins"}),
    "memories:api_memories_id": Row(
        methods=(*READ, "PATCH", "DELETE"),
        who="program",
        ids={"id": "memory"},
        send={"text": "Edited", "version": 2},
        writes=USE,
    ),
    "memories:api_memories_id_history": Row(methods=READ, who="program", ids={"id": "memory"}, writes=USE),
    "memories:api_export": Row(methods=READ, who="program", writes=USE),
    "memories:mcp": Row(methods=ACT, who="program", send={"jsonrpc": "2.0", "id": 1, "method": "tools/list"}),
    "memories:openapi": Row(methods=READ, who="anyone"),
    "memories:api_nowhere": Row(methods=ANY, who="anyone", args={"rest": "v1/nothing"}, statuses=(404,)),
    # --- Accounts (allauth)
    "account_login": Row(methods=FORM, who="anyone", session=True),
    "account_logout": Row(methods=FORM, who="anyone", session=True),
    "account_inactive": Row(methods=ANY, who="anyone"),
    "account_signup": Row(methods=FORM, who="anyone", session=True),
    "account_reauthenticate": Row(methods=FORM, session=True),
    "account_email": Row(methods=FORM, session=True),
    "account_email_verification_sent": Row(methods=FORM, who="anyone", session=True),
    "account_change_password": Row(methods=FORM, session=True),
    "admin_password": Row(methods=ANY),
    "account_set_password": Row(methods=FORM, session=True),
    "account_reset_password": Row(methods=FORM, who="anyone", session=True),
    "account_confirm_login_code": Row(methods=FORM, who="anyone", session=True),
    "account_confirm_email": Row(methods=FORM, who="anyone", args={"key": "nobodys"}, session=True),
    "account_reset_password_from_key": Row(
        methods=FORM, who="anyone", args={"uidb36": "1", "key": "nobodys"}, session=True
    ),
    "account_reset_password_from_key_done": Row(methods=READ, who="anyone"),
    "account_reset_password_done": Row(methods=READ, who="anyone"),
    "usersessions_list": Row(methods=FORM, session=True),
    "policy_report": Row(methods=ACT, who="anyone"),
    "metrics": Row(methods=READ, who="anyone", statuses=(404,)),
    "memories:privacy": Row(methods=READ, who="anyone"),
    "memories:record": Row(methods=READ, who="anyone"),
    "memories:keys": Row(methods=PAGE, send={"name": "Notebook", "scope": "read", "days": "90"}),
    "memories:revoke_key": Row(methods=ACT, ids={"key_id": "key"}),
    "prove": Row(methods=PAGE, session=True),
    "go_on": Row(methods=READ, session=True),
    "end_session": Row(methods=ACT, args={"pk": "0"}, session=True),
    "mfa_index": Row(methods=READ),
    "mfa_authenticate": Row(methods=FORM, who="anyone", session=True),
    "mfa_reauthenticate": Row(methods=FORM, session=True),
    "mfa_activate_totp": Row(methods=FORM, session=True),
    "mfa_deactivate_totp": Row(methods=ANY, session=True, statuses=(200, 302, 404)),
    "mfa_view_recovery_codes": Row(methods=READ, session=True, statuses=(200, 302, 404)),
    "mfa_generate_recovery_codes": Row(methods=FORM, session=True, statuses=(200, 302, 404)),
    "mfa_download_recovery_codes": Row(methods=ANY, session=True, statuses=(200, 302, 404)),
    "mfa_list_webauthn": Row(methods=READ),
    "mfa_add_webauthn": Row(methods=FORM, session=True),
    "mfa_reauthenticate_webauthn": Row(methods=FORM, session=True),
    "mfa_remove_webauthn": Row(methods=ANY, args={"pk": "0"}, session=True),
    "mfa_edit_webauthn": Row(methods=FORM, args={"pk": "0"}, session=True),
    "mfa_login_webauthn": Row(methods=FORM, who="anyone", session=True),
    "mfa_signup_webauthn": Row(methods=FORM, who="anyone", session=True),
    # Sign-in with an account elsewhere: tests/accounts/test_social.py.
    "google_login": Row(methods=PAGE, who="anyone", session=True),
    "google_callback": Row(methods=ANY, who="anyone", session=True, statuses=(401,)),
    "github_login": Row(methods=PAGE, who="anyone", session=True),
    "github_callback": Row(methods=ANY, who="anyone", session=True, statuses=(401,)),
    "openid_connect_login": Row(methods=PAGE, who="anyone", args={"provider_id": "openid"}, session=True),
    "openid_connect_callback": Row(
        methods=ANY, who="anyone", args={"provider_id": "openid"}, session=True, statuses=(401,)
    ),
    "socialaccount_login_cancelled": Row(methods=READ, who="anyone"),
    "socialaccount_connections": Row(methods=FORM, session=True),
    "account_signup_by_passkey": Row(methods=FORM, who="anyone", session=True),
}

READING_WRITES = {
    "accounts.Session": "the session itself: what was said once is taken off it, and its end moves on",
    "usersessions.UserSession": "when and where a session was last seen, for its owner's list of devices",
}
"""Tables that any page may change, and why. None of them holds what a person told us."""


@functools.cache
def routes() -> tuple[tuple[str, URLPattern], ...]:
    """Every route of the site with its full name; an unnamed one by its pattern."""
    return tuple(_within(get_resolver().url_patterns, ""))


def _within(patterns: Any, namespace: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _within(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name or pattern.pattern}", pattern


def row_of(name: str) -> Row:
    """The row; the admin's routes share one, and test_silence.py goes through them."""
    return Row(methods=ANY, who="staff") if name.startswith("admin:") else ROWS[name]


def arguments(name: str) -> dict[str, str]:
    """What each id in the path of this route names, in the words of `Person.ids`."""
    pattern = next(pattern for found, pattern in routes() if found == name)
    row = row_of(name)
    return {argument: row.ids[argument] for argument in pattern.pattern.regex.groupindex if argument in row.ids}


def url(name: str, ids: Mapping[str, str]) -> str:
    row = row_of(name)
    path = reverse(name, kwargs={**{argument: ids[what] for argument, what in arguments(name).items()}, **row.args})
    return f"{path}?{row.query}" if row.query else path
