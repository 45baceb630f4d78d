"""Mistakes that somebody could make one day, each small and plausible; a test has to go red for every one of them."""

from __future__ import annotations

import dataclasses

DOORS = ("tests/memories/test_scoped.py", "tests/isolation/test_sql.py", "tests/isolation/test_doors.py")
PORTS = ("tests/memories/engines/test_ports.py", "tests/isolation/test_engine_traps.py")
CACHE = ("tests/isolation/test_scoped_cache.py",)
PAGES = ("tests/isolation/test_people_matrix.py",)
PROGRAMS = ("tests/contract/test_api.py", "tests/contract/test_mcp.py", "tests/accounts/test_keys.py")
PROMPTS = ("tests/isolation/test_prompts.py",)
STREAMS = ("tests/isolation/test_stream_matrix.py",)
FILES = ("tests/memories/test_imports.py", "tests/memories/test_exports.py")
ERASING = ("tests/memories/test_erasure.py", "tests/memories/test_inventory.py", "tests/memories/test_tombstones.py")
TENDING = ("tests/memories/test_tending.py", "tests/memories/test_retention.py")


@dataclasses.dataclass(frozen=True)
class Mutant:
    """One mistake."""

    file: str
    before: str
    """Exactly as it stands in the file, once."""
    after: str
    why: str
    """What would go wrong, in words."""
    tests: tuple[str, ...] = DOORS
    first: str = ""
    """The one test that is asked in the short list, which is part of `make test`; without it, it is in the long one
    alone."""


MINE = "owner_id=self._owner.pk"

MUTANTS: tuple[Mutant, ...] = (
    # --- Who may open a door
    Mutant(
        "memories/owner.py",
        "if not isinstance(user, User):",
        "if user is None:",
        "anything with a pk opens a door",
    ),
    Mutant(
        "memories/owner.py",
        "if user.pk is None or user._state.adding:",
        "if user.pk is None:",
        "a forged User(pk=1) opens a door",
    ),
    Mutant("memories/owner.py", "if not user.is_active:", "if False:", "a closed account still opens a door"),
    Mutant(
        "memories/middleware.py",
        "SimpleLazyObject(lambda: ScopedMemory(doors.user, door=door_of(request)))",
        'SimpleLazyObject(lambda: door_of.__dict__.setdefault("one", ScopedMemory(doors.user)))',
        "the first person's memory is kept for everyone after",
        PAGES,
        first="tests/memories/test_scoped.py::test_each_request_carries_its_own_persons_memory",
    ),
    Mutant(
        "memsite/settings.py",
        '    "django.contrib.auth.middleware.LoginRequiredMiddleware",\n',
        "",
        "pages open to whoever is signed out",
        PAGES,
    ),
    # --- Statements
    Mutant(
        "memories/storage/memories.py",
        f"Memory.objects.filter({MINE})",
        "Memory.objects.all()",
        "every list of memories is everybody's",
        first="tests/memories/test_scoped.py::test_a_strangers_id_reads_as_unknown",
    ),
    Mutant(
        "memories/storage/recall_rows.py",
        "owner_id = %s AND held_until IS NULL",
        "owner_id >= %s AND held_until IS NULL",
        "search reads the rows of later accounts too",
    ),
    Mutant(
        "memories/storage/chats.py",
        f"ConversationRow.objects.filter(live, {MINE})",
        "ConversationRow.objects.filter(live)",
        "every conversation is everybody's",
    ),
    Mutant(
        "memories/storage/turns.py",
        f"return MessageRow.objects.filter({MINE})",
        "return MessageRow.objects.all()",
        "every turn is everybody's",
    ),
    Mutant(
        "memories/storage/turns.py",
        f"rows = Memory.objects.filter({MINE}, pk__in=memory_ids, held_until=None)",
        "rows = Memory.objects.filter(pk__in=memory_ids, held_until=None)",
        "a clash shows anybody's memory",
        (*DOORS, *PAGES),
    ),
    Mutant(
        "memories/storage/replies.py",
        f'MessageRow.objects.filter({MINE}, role="assistant", status="streaming")',
        'MessageRow.objects.filter(role="assistant", status="streaming")',
        "Stop ends anybody's reply",
    ),
    Mutant(
        "memories/storage/due.py",
        f'MessageRow.objects.filter({MINE}, role="user", held_until=None)',
        'MessageRow.objects.filter(role="user", held_until=None)',
        "one person learns from another's turn",
    ),
    Mutant(
        "memories/storage/entities.py",
        f"return Entity.objects.filter({MINE})",
        "return Entity.objects.all()",
        "names and places are everybody's",
        (*DOORS, *PORTS),
    ),
    Mutant(
        "memories/storage/tombstones.py",
        f"rows = Tombstone.objects.filter({MINE}, digest__in=wanted[start : start + 500])",
        "rows = Tombstone.objects.filter(digest__in=wanted[start : start + 500])",
        "what one forgot is not learned by another",
    ),
    Mutant(
        "memories/storage/preferences.py",
        "OwnerState.objects.filter(owner_id=owner.pk).first()",
        "OwnerState.objects.order_by('owner_id').first()",
        "one person's switches steer another's",
    ),
    Mutant(
        "memories/storage/activity.py",
        f"rows = Activity.objects.filter({MINE})",
        "rows = Activity.objects.all()",
        "the log shows what others did",
        PAGES,
    ),
    Mutant(
        "memories/models/base.py",
        "base_qs.filter(owner_id=self.owner_id)",
        "base_qs",
        "save() writes whatever row has the key",
    ),
    # --- The look on the way out
    Mutant(
        "memories/storage/guard.py",
        "if row_owner != owner.pk:",
        "if False:",
        "the last look is left off",
        (*DOORS, *PORTS),
    ),
    Mutant(
        "memories/storage/guard.py",
        "if row_owner != owner.pk:",
        "if row_owner == owner.pk:",
        "the last look compares the wrong way",
    ),
    Mutant(
        "memories/storage/memories.py",
        "        own(self._owner, row.owner_id, row.pk)\n        chat =",
        "        chat =",
        "a memory is shown without the last look",
        PORTS,
    ),
    # --- mem0's ports
    Mutant(
        "memories/storage/ports.py",
        'if filters is None or dict(filters) != {"user_id": owner.name}:',
        'if filters is None or dict(filters).get("user_id") != owner.name:',
        "a filter may carry AND, OR and more",
        PORTS,
    ),
    Mutant(
        "memories/storage/ports.py",
        "if filters is None or dict(filters)",
        "if filters and dict(filters)",
        "no filter at all is let through",
        PORTS,
    ),
    Mutant(
        "memories/storage/ports.py",
        'if claimed not in ({}, {"user_id": owner.name}):',
        "if False:",
        "a row may be written under another's name",
        PORTS,
    ),
    Mutant(
        "memories/storage/ports.py",
        'raise IsolationBreach("This verb reaches',
        'print("This verb reaches',
        "mem0's verbs over the whole store do nothing instead of failing",
        PORTS,
    ),
    Mutant(
        "memories/storage/history.py",
        'if session_scope != f"user_id={self._owner.name}":',
        "if False:",
        "another's last messages are asked for and given",
        PORTS,
    ),
    Mutant(
        "memories/engines/embedded.py",
        "    delete_all = reset = from_config = users",
        "    reset = from_config = users",
        "mem0's own delete_all is reachable",
        ("tests/memories/engines/test_drift.py",),
    ),
    Mutant(
        "memories/engines/mem0_setup.py",
        'os.environ["MEM0_TELEMETRY"] = "False"',
        'os.environ["MEM0_TELEMETRY"] = "True"',
        "mem0 reports to its maker",
        ("tests/memories/engines/test_drift.py",),
    ),
    # --- Ids, caches, files
    Mutant(
        "memories/validation.py",
        "if str(parsed) != value.lower():",
        "if False:",
        "an id has several spellings",
        (*DOORS, *PORTS),
    ),
    Mutant(
        "memories/scoped_cache.py",
        'f"person:{self._owner.name}:{name}"',
        'f"person:{name}"',
        "two people share a cache entry",
        CACHE,
        first="tests/isolation/test_scoped_cache.py",
    ),
    Mutant(
        "memories/scoped_cache.py",
        "if whose != self._owner.name:",
        "if False:",
        "an entry of another is given out",
        CACHE,
    ),
    Mutant(
        "memories/scoped_cache.py",
        "_FILE.fullmatch(name)",
        "_FILE.match(name)",
        "a file's name may climb to another folder",
        CACHE,
    ),
    Mutant(
        "memories/scoped_cache.py",
        "if path.resolve() != folder.parent.resolve() / owner.name / name:",
        "if False:",
        "a link leads to another's file",
        CACHE,
    ),
    Mutant(
        "memories/seals.py",
        'f"{owner.namespace}:{row_id}"',
        'f"{row_id}"',
        "a file exported by one is another's own",
        DOORS,
    ),
    # --- Receipts, exports, imports
    Mutant(
        "memories/storage/receipts.py",
        f"ReceiptRow.objects.filter({MINE}).order_by",
        "ReceiptRow.objects.all().order_by",
        "the list of receipts is everybody's",
        PAGES,
    ),
    Mutant(
        "memories/storage/receipts.py",
        f"ReceiptRow.objects.filter({MINE}, pk=receipt_id)",
        "ReceiptRow.objects.filter(pk=receipt_id)",
        "anybody's receipt can be downloaded",
        PAGES,
    ),
    Mutant(
        "memories/views/receipts.py",
        "if request.session.get(LAST) != str(receipt_id):",
        "if False:",
        "any browser may look at the receipt of an account that is gone",
        ("tests/memories/test_erasure.py",),
    ),
    Mutant(
        "memories/storage/exporting.py",
        f"MemoryVersion.objects.filter({MINE}, memory_id__in=ids)",
        "MemoryVersion.objects.filter(memory_id__in=ids)",
        "earlier texts are exported by the memory's id alone",
        PAGES,
    ),
    Mutant(
        "memories/storage/exporting.py",
        f"Conversation.objects.filter(live, {MINE})",
        "Conversation.objects.filter(live)",
        "an export lists everybody's conversations",
        FILES,
    ),
    Mutant(
        "memories/storage/exporting.py",
        f"Message.objects.filter({MINE}, conversation_id=conversation_id",
        "Message.objects.filter(conversation_id=conversation_id",
        "turns are exported by the conversation's id alone",
        PAGES,
    ),
    Mutant(
        "memories/storage/importing.py",
        f"ImportRow.objects.filter({MINE}, pk=job_id, created_at__gt=since)",
        "ImportRow.objects.filter(pk=job_id, created_at__gt=since)",
        "anybody's upload can be opened",
        PAGES,
    ),
    Mutant(
        "memories/storage/arriving.py",
        f"there = Message.objects.filter({MINE}, pk__in=list(copies))",
        "there = Message.objects.filter(pk__in=list(copies))",
        "a file ties a memory to another's turn",
        FILES,
    ),
    Mutant(
        "memories/seals.py",
        "return constant_time_compare(seal(owner, row_id), mark)",
        "return bool(mark)",
        "any mark makes the ids in a file one's own",
        FILES,
    ),
    Mutant(
        "memories/storage/details.py",
        f"Message.objects.filter(live, {MINE}, pk__in",
        "Message.objects.filter(live, pk__in",
        "what was said is found by the turn's id alone",
        PAGES,
    ),
    Mutant(
        "memories/storage/sent.py",
        f"Disclosure.objects.filter({MINE})",
        "Disclosure.objects.all()",
        "what was sent to a model is shown to everybody",
        PAGES,
    ),
    # --- Sessions, streams
    Mutant(
        "memories/views/chat.py",
        "    await pooled(_mine, request, conversation_id, message_id)\n",
        "",
        "a stream is opened before it is asked whose it is",
        STREAMS,
    ),
    Mutant(
        "memories/middleware.py",
        "SimpleLazyObject(lambda: ScopedChats(doors.user, door=door_of(request)))",
        'SimpleLazyObject(lambda: door_of.__dict__.setdefault("two", ScopedChats(doors.user)))',
        "the first person's chats are kept for everyone after",
        PAGES,
    ),
    Mutant(
        "accounts/views.py",
        "get_object_or_404(UserSession, pk=pk, user=request.user)",
        "get_object_or_404(UserSession, pk=pk)",
        "anybody's session can be ended",
        STREAMS,
    ),
    Mutant(
        "accounts/sessions.py",
        "row.account_id = _whose(data)",
        "row.account_id = None",
        "a session outlives its account",
        (*ERASING, "tests/memories/test_administration.py"),
    ),
    Mutant(
        "accounts/proofs.py",
        'act["user"] != request.user.pk or',
        "False or",
        "who signs in next carries out what another had begun",
        ("tests/accounts/test_proofs.py",),
    ),
    # --- Tending, erasing, the prepared indexes
    Mutant(
        "memories/learning.py",
        "User.objects.filter(pk=owner_id, is_active=True).first()",
        "User.objects.filter(is_active=True).first()",
        "the background pass learns for the first account",
        TENDING,
    ),
    Mutant(
        "memories/storage/everyone.py",
        "Owner(pk=pk, namespace=namespace) for pk, namespace in rows]",
        "Owner(pk=rows[0][0], namespace=namespace) for pk, namespace in rows]",
        "the background pass works on the first owner for all",
        TENDING,
    ),
    Mutant(
        "memories/storage/expiring.py",
        f"return Memory.objects.filter({MINE})",
        "return Memory.objects.all()",
        "one person's choice of how long purges everybody's",
        TENDING,
    ),
    Mutant(
        "memories/inventory/entries.py",
        "whose: Callable[[int], Q] = lambda pk: Q(owner_id=pk)",
        "whose: Callable[[int], Q] = lambda pk: Q()",
        "one person's wipe empties the tables",
        ERASING,
        first="tests/memories/test_erasure.py::test_a_wipe_of_both_leaves_the_account",
    ),
    Mutant(
        "memories/storage/tombstones.py",
        "FROM memories_memory WHERE owner_id = %s ON",
        "FROM memories_memory WHERE owner_id >= %s ON",
        "one person's wipe makes others' facts unlearnable",
        (*ERASING, *DOORS),
    ),
    Mutant(
        "memories/storage/index_cache.py",
        "entry = self._entries.get(owner.namespace)",
        "entry = next(iter(self._entries.values()), None)",
        "a search is answered from another's prepared index",
        ("tests/memories/storage/test_recall.py",),
    ),
    Mutant(
        "memories/storage/index_cache.py",
        "self._entries[owner.namespace] = entry",
        "self._entries[uuid.UUID(int=0)] = entry",
        "two people's prepared indexes share a place",
        ("tests/memories/storage/test_recall.py",),
    ),
    # --- The engines
    Mutant(
        "memories/engines/embedded.py",
        "self._rows, self._tombstones = MemoryRows(owner), Tombstones(owner)",
        "self._rows = type(self).__dict__.get('kept') or MemoryRows(owner)\n"
        "        self._tombstones = Tombstones(owner)\n        type(self).kept = self._rows",
        "the first person's rows are kept for every engine after",
    ),
    Mutant(
        "memories/engines/embedded.py",
        "self.vector_store = VectorStore(self._owner, embedder=name, dims=dims)",
        "self.vector_store = VectorStore(Owner(pk=1, namespace=self._owner.namespace), embedder=name, dims=dims)",
        "mem0 looks for what is known among another's memories",
        (*DOORS, *PORTS),
    ),
    Mutant(
        "memories/engines/platform_wire.py",
        'self._whose = {"user_id": str(uuid.UUID(owner.name))}',
        'self._whose = {"user_id": "*"}',
        "the hosted platform is asked for everybody's",
        ("tests/contract/test_platform.py", "tests/contract/test_platform_wire.py"),
    ),
    Mutant(
        "memories/engines/platform_values.py",
        'if row.get("user_id") != owner.name:',
        "if False:",
        "what the hosted platform gives of another is shown",
        ("tests/contract/test_platform.py", "tests/contract/test_platform_wire.py"),
    ),
    # --- Programs
    Mutant(
        "accounts/keys.py",
        "digest=_digest(token), account__is_active=True)",
        "digest=_digest(token))",
        "a suspended account is still answered by its keys",
        PROGRAMS,
    ),
    Mutant(
        "memories/api/door.py",
        "request.key, request.user = key, key.account",
        "request.key, request.user = key, type(key.account).objects.order_by('pk').first()",
        "every key opens the first account",
        PROGRAMS,
    ),
    Mutant(
        "memories/api/rest.py",
        "    if verb.writes:\n        writing(request)\n",
        "",
        "a key that may only read writes",
        PROGRAMS,
    ),
    Mutant(
        "memories/api/mcp.py",
        "    _same_site(request)\n    program",
        "    program",
        "a page elsewhere speaks with the site by a bent name",
        PROGRAMS,
    ),
    Mutant(
        "memories/api/verbs.py",
        "    if request.memory.once_forgotten(text):",
        "    if False:",
        "a program brings back what was forgotten",
        PROGRAMS,
    ),
    # --- Answers and prompts
    Mutant(
        "memories/middleware.py",
        "    (errors.MemoryNotFound, 404,",
        "    (errors.MemoryNotFound, 403,",
        "a stranger learns that the memory exists",
        PAGES,
    ),
    Mutant(
        "memsite/headers.py", '    "Cache-Control": "no-store",\n', "", "a shared cache keeps one person's page", PAGES
    ),
    Mutant(
        "memories/assistant/prompt.py",
        "return json.dumps(said, ensure_ascii=False)",
        "return str(memory.memory)",
        "a memory can break out of its fence in the prompt",
        PROMPTS,
    ),
)
