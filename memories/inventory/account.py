"""The tables of who people are and what they did, in the order in which they are emptied; and those of nobody."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q

from memories.inventory.entries import Table

TABLES: tuple[Table, ...] = (
    Table(
        store="Marks of what was forgotten",
        holds="Keyed hashes that stop a deleted memory from being learned again. They cannot be read back.",
        model="memories.Tombstone",
        columns={"owner": "identity", "digest": "derived"},
        goes_with="account",
    ),
    Table(
        store="What was sent to a language model",
        holds="When, to which provider, and ids of memories; no words.",
        model="memories.Disclosure",
        columns={
            "owner": "identity",
            "provider": "neither",
            "model": "neither",
            "purpose": "neither",
            "message_id": "neither",
            "memory_ids": "neither",
        },
        goes_with="account",
    ),
    Table(
        store="Activity log",
        holds="What was done and when, from what kind of device and which network, or by which key of yours, as you "
        "called it; of what administrators did their reason, not who it was. None of what you told us. Kept 12 months.",
        model="memories.Activity",
        columns={
            "owner": "identity",
            "verb": "neither",
            "object_id": "neither",
            "via": "neither",
            "device": "content",
            "address": "identity",
            "actor": "neither",
            "reason": "identity",
        },
        goes_with="account",
    ),
    Table(
        store="Receipts",
        holds="Numbers: what an erasure found and removed. The last one, of an account, names nobody and stays.",
        model="memories.Receipt",
        columns={
            "owner": "identity",
            "id": "neither",
            "size": "neither",
            "asked_by": "neither",
            "stores": "neither",
            "remains": "neither",
        },
        goes_with="account",
    ),
    Table(
        store="Administrators' log",
        holds="What administrators did to your account and which of them, or you as one; it names the account's e-mail "
        "address.",
        model="admin.LogEntry",
        columns={"user": "identity", "object_id": "identity", "object_repr": "identity", "change_message": "identity"},
        goes_with="account",
        whose=lambda pk: (
            Q(user_id=pk) | Q(content_type__app_label="accounts", content_type__model="user", object_id=str(pk))
        ),
    ),
    Table(
        store="E-mail confirmations",
        holds="Keys of links that confirm an address.",
        model="account.EmailConfirmation",
        columns={"key": "identity"},
        goes_with="account",
        whose=lambda pk: Q(email_address__user_id=pk),
    ),
    Table(
        store="E-mail addresses",
        holds="Your addresses, and whether they were confirmed.",
        model="account.EmailAddress",
        columns={"user": "identity", "email": "identity"},
        goes_with="account",
        whose=lambda pk: Q(user_id=pk),
    ),
    Table(
        store="Keys of accounts elsewhere",
        holds="Nothing: what such a service hands out is used once and not kept.",
        model="socialaccount.SocialToken",
        columns={"token": "identity", "token_secret": "identity"},
        goes_with="account",
        whose=lambda pk: Q(account__user_id=pk),
    ),
    Table(
        store="Accounts elsewhere that you sign in with",
        holds="Which service, and the name it gives you there (a number, mostly); nothing else from there.",
        model="socialaccount.SocialAccount",
        columns={"user": "identity", "provider": "neither", "uid": "identity", "extra_data": "identity"},
        goes_with="account",
        whose=lambda pk: Q(user_id=pk),
    ),
    Table(
        store="Signed-in devices",
        holds="Where you are signed in: network address, browser, when.",
        model="usersessions.UserSession",
        columns={
            "user": "identity",
            "ip": "identity",
            "session_key": "identity",
            "user_agent": "identity",
            "data": "identity",
        },
        goes_with="account",
        whose=lambda pk: Q(user_id=pk),
    ),
    Table(
        store="Second steps",
        holds="Public keys of your passkeys; the seeds of your authenticator app and recovery codes, encrypted.",
        model="mfa.Authenticator",
        columns={"user": "identity", "type": "neither", "data": "identity"},
        goes_with="account",
        whose=lambda pk: Q(user_id=pk),
    ),
    Table(
        store="Sessions",
        holds="The key in your browser's cookie and whose it is; until the next page what that is to say, and what you "
        "asked for while it waits for your proof. None of your memories or messages.",
        model="accounts.Session",
        columns={"session_key": "identity", "session_data": "identity", "account": "identity"},
        goes_with="account",
        whose=lambda pk: Q(account_id=pk),
    ),
    Table(
        store="Keys for programs",
        holds="What you call each key, what it may do, when it was made and last used; of the key itself a hash.",
        model="accounts.Key",
        columns={"id": "neither", "account": "identity", "name": "content", "digest": "identity", "ending": "identity"},
        goes_with="account",
        whose=lambda pk: Q(account_id=pk),
    ),
    Table(
        store="Groups of administrators",
        holds="Which groups your account is in.",
        model="accounts.User_groups",
        columns={"user": "identity"},
        goes_with="account",
        whose=lambda pk: Q(user_id=pk),
    ),
    Table(
        store="Rights of administrators",
        holds="Which rights your account was given.",
        model="accounts.User_user_permissions",
        columns={"user": "identity"},
        goes_with="account",
        whose=lambda pk: Q(user_id=pk),
    ),
    Table(
        store="Your choices and keys",
        holds="Your switches, how long things are kept, and the key of the marks of what was forgotten.",
        model="memories.OwnerState",
        columns={"owner": "identity", "digest_key": "identity", "retention_basis": "neither"},
        goes_with="account",
    ),
    Table(
        store="The account",
        holds="Your e-mail address, a hash of your password, and the random name that your data goes by.",
        model="accounts.User",
        columns={"password": "identity", "email": "identity", "namespace": "identity"},
        goes_with="account",
        whose=lambda pk: Q(pk=pk),
    ),
)

NOBODYS: Mapping[str, str] = {
    "memories.Erased": "which random ids were erased and when, while a backup could bring them back",
    "memories.PlatformErasure": "numbers and random ids of erasures on mem0's platform; outlives what it names",
    "auth.Permission": "names of rights",
    "auth.Group": "names of groups of administrators",
    "contenttypes.ContentType": "names of tables",
    "socialaccount.SocialApp": "services to sign in with; empty, the settings name them",
    "sessions.Session": "Django's own table of sessions, empty: SESSION_ENGINE keeps them in accounts.Session",
}
"""Tables with text that say nothing of anyone, and why."""
