"""Tries every way across from one person to another, on a live database, with accounts made for the purpose.

Each account gets a random word (its canary) in everything it says. A try fails when another's canary comes back, when
anything of another's changes, when one's own does not come back where it should, or when it breaks in another way.
"""

from __future__ import annotations

import dataclasses
import itertools
import random
import secrets
from collections.abc import Iterator, Sequence

from accounts import keys
from accounts.models import User
from memories.chats import ScopedChats
from memories.errors import ConversationNotFound, IsolationBreach, MemoryNotFound
from memories.inventory import tables
from memories.owner import Owner, owner_of
from memories.proof_ways import WAYS, Way
from memories.scoped import ScopedMemory
from memories.scoped_cache import ScopedCache, held_for, scoped_path


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Someone:
    """A throw-away account with one of each thing."""

    user: User
    memory: ScopedMemory
    chats: ScopedChats
    canary: str
    """A random word in all its texts."""
    key: str = dataclasses.field(repr=False)
    """Opens the door for programs."""
    ids: dict[str, str]
    """Its memory, chat, turn and reply."""

    @property
    def words(self) -> str:
        """The exact text of its memory."""
        return f"My code word is {self.canary}"


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What one try gave."""

    way: Way
    got: str
    """In a word or two; never what somebody said."""
    held: bool


def settled(user: User) -> Someone:
    """Gives an account its canary: in a memory, a chat, a cache entry and a file."""
    memory, chats, canary = ScopedMemory(user), ScopedChats(user), f"canary{secrets.token_hex(6)}"
    [kept] = memory.add(f"My code word is {canary}", infer=False)
    posted = chats.post(f"Hello, this is {canary}")
    chats.stop(posted.conversation.id)
    owner = owner_of(user)
    ScopedCache(owner).set("imports", canary, seconds=3600)
    scoped_path(owner, "proof.txt").write_text(canary)
    ids = {"memory": kept.id, "chat": posted.conversation.id, "turn": posted.turn.id, "reply": posted.reply.id}
    key = keys.make(user, "Proof", may_write=True, days=1).token
    return Someone(user=user, memory=memory, chats=chats, canary=canary, key=key, ids=ids)


def findings(people: Sequence[Someone], attempts: int) -> Iterator[Finding]:
    """Every way between every two people; then, up to `attempts` in all, ways and pairs at random."""
    pairs = list(itertools.permutations(people, 2))
    done = 0
    for way, (who, other) in itertools.product(WAYS, pairs):
        done += 1
        yield tried(way, who, other)
    chance = random.SystemRandom()
    for _ in range(attempts - done):
        who, other = chance.choice(pairs)
        yield tried(chance.choice(WAYS), who, other)


def planned(people: int, attempts: int) -> int:
    """How many findings there will be."""
    return max(attempts, len(WAYS) * people * (people - 1))


def tried(way: Way, who: Someone, other: Someone) -> Finding:
    """One try, and a look whether the other still has what they had."""
    before = _state(other)
    try:
        answer = way.attempt(who, other)
    except (MemoryNotFound, ConversationNotFound):
        got, held = "not found", True
    except (TypeError, ValueError, IsolationBreach):
        got, held = "refused", True
    except Exception as error:
        # Anything else is a way that was not thought of: it may not pass for a refusal.
        got, held = f"failed: {type(error).__name__}", False
    else:
        got, held = _judged(way, answer, who, other)
    if _state(other) != before:
        return Finding(way=way, got="THE OTHER'S THINGS CHANGED", held=False)
    return Finding(way=way, got=got, held=held)


def _judged(way: Way, answer: str, who: Someone, other: Someone) -> tuple[str, bool]:
    if other.canary in answer:
        return "THE OTHER'S WORDS", False
    if way.shows_own:
        return ("one's own alone", True) if who.canary in answer else ("failed: not even one's own", False)
    return "nothing of the other's", True


def left_of(owners: Sequence[Owner]) -> int:
    """What is still there of accounts that were removed: rows in every table, cache entries and files."""
    rows = sum(table.rows(owner).count() for table in tables("account") for owner in owners)
    return rows + sum(held_for(owner) for owner in owners)


def _state(someone: Someone) -> str:
    """All that this person has, as they see it."""
    talks = [repr(someone.chats.messages(chat.id)) for chat in someone.chats.page().items]
    cached = ScopedCache(owner_of(someone.user)).get("imports")
    return repr((someone.memory.get_all(), talks, someone.memory.preferences, cached))
