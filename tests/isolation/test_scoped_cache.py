"""What is kept for one person beside the database: whose it is, and that it goes with them."""

from __future__ import annotations

import dataclasses
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from accounts.models import User
from memories.errors import IsolationBreach
from memories.owner import Owner, owner_of
from memories.scoped_cache import ScopedCache, erase_for, held_for, scoped_path, within_limit

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(owner: User, settings: Any, tmp_path: Path) -> Owner:
    settings.DATA_DIR = tmp_path
    return owner_of(owner)


@pytest.fixture
def his(stranger: User, hers: Owner) -> Owner:
    return owner_of(stranger)


# --- The cache --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "nobody", [None, "", "*", 1, uuid.UUID(int=7), [object()]], ids=lambda value: type(value).__name__
)
def test_nothing_is_kept_for_anything_but_an_owner(hers: Owner, nobody: Any) -> None:
    for call in (ScopedCache, erase_for, held_for, lambda who: scoped_path(who, "x")):
        with pytest.raises(TypeError):
            call(nobody)
    with pytest.raises(TypeError):
        within_limit(nobody, "turns", most=1, seconds=60)


def test_a_user_is_not_an_owner(owner: User) -> None:
    with pytest.raises(TypeError):
        ScopedCache(owner)  # type: ignore[arg-type]


def test_the_same_name_is_two_entries_for_two_people(hers: Owner, his: Owner) -> None:
    ScopedCache(hers).set("imports", "hers", seconds=60)
    assert ScopedCache(his).get("imports") is None
    ScopedCache(his).set("imports", "his", seconds=60)
    assert (ScopedCache(hers).get("imports"), ScopedCache(his).get("imports")) == ("hers", "his")
    ScopedCache(his).delete("imports")
    assert ScopedCache(hers).get("imports") == "hers"


def test_the_key_holds_the_whole_namespace(hers: Owner) -> None:
    entry = ScopedCache(hers)
    assert hers.name in entry._key("turns")
    assert entry._key("turns") != entry._key("imports")


def test_an_undeclared_name_is_refused(hers: Owner) -> None:
    for name in ("", "*", "turns:", f"turns:{uuid.uuid4()}"):
        with pytest.raises(ValueError):
            ScopedCache(hers).set(name, 1, seconds=1)  # type: ignore[arg-type]


def test_an_entry_of_another_is_never_given_out(hers: Owner, his: Owner, caplog: pytest.LogCaptureFixture) -> None:
    ScopedCache(his).set("imports", "his canary", seconds=60)
    cache.set(ScopedCache(hers)._key("imports"), cache.get(ScopedCache(his)._key("imports")))
    with pytest.raises(IsolationBreach):
        ScopedCache(hers).get("imports")
    assert [record.levelname for record in caplog.records] == ["CRITICAL"] and "canary" not in caplog.text


def test_ones_limit_is_ones_own(hers: Owner, his: Owner) -> None:
    week = 604_800
    assert [within_limit(hers, "turns", most=2, seconds=week) for _ in range(4)] == [True, True, False, False]
    assert within_limit(his, "turns", most=2, seconds=week)
    assert within_limit(hers, "searches", most=2, seconds=week)


# --- Files ------------------------------------------------------------------------------------------------------------
def test_a_file_lies_below_the_namespace(hers: Owner, his: Owner, tmp_path: Path) -> None:
    path = scoped_path(hers, "export.zip")
    assert path == tmp_path / "people" / hers.name / "export.zip"
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert scoped_path(his, "export.zip").parent != path.parent


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../x",
        "a/b",
        "a\\b",
        "/etc/passwd",
        "~",
        "a..b",
        ".hidden",
        "x\x00",
        "x\n",
        "A",
        "ｅ",
        "x" * 101,
        None,
        b"x",
    ],
    ids=repr,
)
def test_a_name_that_could_lead_elsewhere_is_refused(hers: Owner, name: Any) -> None:
    with pytest.raises(ValueError):
        scoped_path(hers, name)


def test_a_link_is_not_followed(hers: Owner, his: Owner, tmp_path: Path) -> None:
    scoped_path(his, "export.zip").write_text("his")
    scoped_path(hers, "export.zip").symlink_to(scoped_path(his, "export.zip"))
    with pytest.raises(IsolationBreach):
        scoped_path(hers, "export.zip")
    assert erase_for(hers) == 1
    assert scoped_path(his, "export.zip").read_text() == "his"


def test_a_linked_folder_is_not_followed(hers: Owner, his: Owner, tmp_path: Path) -> None:
    scoped_path(his, "export.zip").write_text("his")
    (tmp_path / "people" / hers.name).symlink_to(tmp_path / "people" / his.name)
    with pytest.raises(IsolationBreach):
        scoped_path(hers, "export.zip")
    erase_for(hers)
    assert scoped_path(his, "export.zip").read_text() == "his"
    assert scoped_path(hers, "export.zip").parent.name == hers.name


# --- Erasing ----------------------------------------------------------------------------------------------------------
def test_erasing_takes_all_of_ones_own_and_nothing_else(hers: Owner, his: Owner) -> None:
    for one in (hers, his):
        ScopedCache(one).set("imports", "kept", seconds=60)
        within_limit(one, "turns", most=1, seconds=604_800)
        scoped_path(one, "export.zip").write_text("kept")
    assert held_for(hers) == held_for(his) == 3
    assert erase_for(hers) == 3 and held_for(hers) == 0
    assert ScopedCache(hers).get("imports") is None
    assert held_for(his) == 3 and ScopedCache(his).get("imports") == "kept"
    assert erase_for(hers) == 0


def test_a_new_account_with_an_old_key_finds_nothing(hers: Owner) -> None:
    ScopedCache(hers).set("imports", "old", seconds=60)
    assert ScopedCache(dataclasses.replace(hers, namespace=uuid.uuid4())).get("imports") is None
