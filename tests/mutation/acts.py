"""Mistakes in sessions, streams, erasing, the engines, what programs and models are told."""

from __future__ import annotations

from tests.mutation.mistakes import (
    DOORS,
    ERASING,
    MINE,
    PAGES,
    PORTS,
    PROGRAMS,
    PROMPTS,
    STREAMS,
    TENDING,
    Mutant,
)

ACT_MUTANTS: tuple[Mutant, ...] = (
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
        "memories/engines/pipeline.py",
        "self.vector_store = VectorStore(owner, embedder=name, dims=dims)",
        "self.vector_store = VectorStore(Owner(pk=1, namespace=owner.namespace), embedder=name, dims=dims)",
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
