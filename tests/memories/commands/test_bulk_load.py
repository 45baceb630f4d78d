"""`manage.py bulk_load`: rows like those of `add`, never beside those of real people."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from memories.models import Memory, OwnerState
from memories.scoped import ScopedMemory
from memories.storage import loading
from memories.storage.packing import unpacked

pytestmark = pytest.mark.django_db
# The site's own role may not, on PostgreSQL: the benchmarks log in as another.
sqlite = pytest.mark.sqlite


def load(**options: object) -> str:
    out = io.StringIO()
    call_command("bulk_load", stdout=out, verbosity=0, **options)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _keep_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    # The test's own transaction lives on it.
    monkeypatch.setattr(loading, "FAST", ())
    monkeypatch.setattr(loading, "_as_usual", lambda: None)


@pytest.mark.slow
@sqlite
def test_people_and_memories_are_made_and_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "BATCH", 2)
    assert "3 people with 4 memories each" in load(users=3, each=4)
    people = list(User.objects.all())
    assert len(people) == OwnerState.objects.count() == 3
    for person in people:
        memory = ScopedMemory(person)
        listed = memory.get_all()
        assert len(listed) == 4
        assert memory.search(listed[0].memory)[0].memory == listed[0].memory
        memory.delete(listed[0].id)
        memory.add("I play the cello", infer=False)
        assert memory.count() == 4


@pytest.mark.slow
@sqlite
def test_what_the_database_copies_is_everyones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "ORIGINALS", 2)
    load(users=5, each=3)
    people = list(User.objects.order_by("pk"))
    assert len({person.namespace for person in people}) == 5
    assert Memory.objects.values("pk").distinct().count() == 15
    for person in people:
        memory = ScopedMemory(person)
        listed = memory.get_all()
        assert len(listed) == 3
        assert memory.search(listed[0].memory)[0].id in {one.id for one in listed}
    ScopedMemory(people[0]).delete_all()
    assert ScopedMemory(people[2]).count() == 3


@pytest.mark.slow
@sqlite
def test_rows_are_those_that_add_writes() -> None:
    load(users=1, each=1)
    person = User.objects.get()
    made = Memory.objects.get(owner=person)
    ScopedMemory(person).add(made.text, infer=False, source="program")
    added = Memory.objects.filter(owner=person).exclude(pk=made.pk).get()
    own = {"id", "digest", "vector", "created_at", "updated_at"}
    for field in Memory._meta.local_concrete_fields:
        if field.attname not in own:
            assert getattr(made, field.attname) == getattr(added, field.attname), field.attname
    near = unpacked([made.vector, added.vector], 256)
    assert len(made.digest) == len(added.digest)
    assert near[0] @ near[0] == pytest.approx(1, abs=1e-2)
    assert near[0] @ near[1] > 0.8


@pytest.mark.slow
@sqlite
def test_real_people_are_left_alone(owner: User, stranger: User) -> None:
    with pytest.raises(CommandError, match="real accounts"):
        load(users=1)
    assert User.objects.count() == 2
    load(users=1, each=1, yes_to_a_scratch_database=True)
    assert User.objects.count() == 3
    assert not Memory.objects.filter(owner__in=[owner, stranger]).exists()


@pytest.mark.parametrize("options", [{"users": 0}, {"each": 0}])
def test_nothing_is_not_a_number_to_load(options: dict[str, int]) -> None:
    with pytest.raises(CommandError, match="at least one"):
        load(**options)


@pytest.mark.postgres
def test_a_role_under_row_policies_is_refused_in_words() -> None:
    with pytest.raises(CommandError, match="Row policies apply"):
        load(users=1, each=1)
    assert not User.objects.exists()
