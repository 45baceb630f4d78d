"""Mistakes at the doors, in the statements and on the way out."""

from __future__ import annotations

from tests.mutation.mistakes import (
    DOORS,
    MINE,
    PAGES,
    PORTS,
    Mutant,
)

DOOR_MUTANTS: tuple[Mutant, ...] = (
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
)
