"""Mistakes that somebody could make one day, each small and plausible; a test has to go red for every one of them."""

from __future__ import annotations

import dataclasses

DOORS = ("tests/memories/test_scoped.py", "tests/isolation/test_sql.py", "tests/isolation/test_doors.py")
PORTS = ("tests/memories/engines/test_ports.py", "tests/isolation/test_engine_traps.py")
CACHE = ("tests/isolation/test_scoped_cache.py",)
PAGES = ("tests/isolation/test_people_matrix.py",)
PROMPTS = ("tests/isolation/test_prompts.py",)


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
    short: bool = False
    """Also in the short list, which is part of `make test`."""


MINE = "owner_id=self._owner.pk"

MUTANTS: tuple[Mutant, ...] = (
    # --- Who may open a door
    Mutant(
        "memories/owner.py",
        "if not isinstance(user, User):",
        "if user is None:",
        "anything with a pk opens a door",
        short=True,
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
        short=True,
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
        short=True,
    ),
    Mutant(
        "memories/storage/recall_rows.py",
        "owner_id = %s AND held_until IS NULL",
        "owner_id >= %s AND held_until IS NULL",
        "search reads the rows of later accounts too",
        short=True,
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
        short=True,
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
        f"rows = Tombstone.objects.filter({MINE}, digest__in=list(digests))",
        "rows = Tombstone.objects.filter(digest__in=list(digests))",
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
        short=True,
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
        short=True,
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
        short=True,
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
