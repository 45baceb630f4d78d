"""What one worker does on one person's memory, and what must be there afterwards. For threads and for processes."""

from __future__ import annotations

import dataclasses
import json
import random
import sys

MARKS = ("kestrel", "heron", "osprey")
"""One word a person; every text of theirs begins with it."""


@dataclasses.dataclass
class Done:
    """What one worker left behind."""

    mark: str
    kept: dict[str, str]
    """Per memory the text that has to be there."""
    gone: list[str]
    """Ids that it deleted."""


def work(door: object, mark: str, worker: int, steps: int) -> Done:
    """Adds, corrects, deletes and looks, at random; every look sees this person's texts and no others."""
    from memories.scoped import ScopedMemory

    assert isinstance(door, ScopedMemory)
    chance, done = random.Random(worker), Done(mark, {}, [])
    for step in range(steps):
        verb = chance.choice(["add", "add", "update", "delete", "undo", "look", "search"])
        mine = chance.choice(list(done.kept)) if done.kept else ""
        if verb == "add" or not mine:
            text = f"{mark} note {worker} {step}"
            done.kept[door.add(text, infer=False)[0].id] = text
        elif verb == "update":
            done.kept[mine] = door.update(mine, f"{mark} changed {worker} {step}").memory
        elif verb == "delete":
            door.delete(mine)
            del done.kept[mine]
            done.gone.append(mine)
        elif verb == "undo":
            door.hold(mine)
            assert door.restore(mine).memory == done.kept[mine]
        else:
            found = door.get_all() if verb == "look" else door.search(done.kept[mine], limit=200)
            assert all(memory.memory.startswith(mark) for memory in found)
            assert (mine, done.kept[mine]) in [(memory.id, memory.memory) for memory in found]
    return done


def check(door: object, parts: list[Done]) -> None:
    """Nothing was lost, doubled or crossed: the memory holds what its workers left, and only that."""
    from memories.scoped import ScopedMemory

    assert isinstance(door, ScopedMemory)
    expected = {key: text for part in parts for key, text in part.kept.items()}
    found = [(memory.id, memory.memory) for memory in door.get_all()]
    assert sorted(found) == sorted(expected.items())
    assert door.count() == len(expected)


def main() -> None:
    """A process of its own: says "ready", waits for a line, works, and prints what it left."""
    import django

    django.setup()
    from accounts.models import User
    from memories.scoped import ScopedMemory

    worker, steps = int(sys.argv[1]), int(sys.argv[2])
    doors = {mark: ScopedMemory(User.objects.get(email=f"{mark}@example.com")) for mark in MARKS}
    for door in doors.values():
        door.search("warm")
    print("ready", flush=True)
    sys.stdin.readline()
    parts = [work(door, mark, worker, steps) for mark, door in doors.items()]
    print(json.dumps([dataclasses.asdict(part) for part in parts]), flush=True)


if __name__ == "__main__":
    main()
