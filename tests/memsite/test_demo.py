"""The demo: people once, data kept, and never anywhere but on one's own machine."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from memories.chats import ScopedChats
from memories.scoped import ScopedMemory
from memsite import demo
from memsite.demo_people import CHATS, SAID, people


@pytest.mark.slow
def test_the_first_start_makes_people_and_plays_what_they_said(db: None, tmp_path: Path) -> None:
    made = people(demo.passwords(tmp_path))
    assert [user.email for user in made] == ["alice@example.com", "bob@example.com", "admin@example.com"]
    for user in made:
        assert sorted(m.memory for m in ScopedMemory(user).get_all()) == sorted(SAID.get(user.email, []))
    assert [user.is_staff for user in made] == [False, False, True]


@pytest.mark.slow
def test_each_memory_leads_to_the_chat_it_was_said_in(db: None, tmp_path: Path) -> None:
    for user in people(demo.passwords(tmp_path)):
        chats = ScopedChats(user)
        turns = {said.id: said for chat in chats.page().items for said in chats.messages(chat.id)}
        asked = [said.text for said in turns.values() if said.role == "user"]
        assert sorted(asked) == sorted(said for chat in CHATS.get(user.email, ()) for said in chat)
        assert {said.status for said in turns.values()} <= {"done"}
        for memory in ScopedMemory(user).get_all():
            assert memory.memory in [fact.text for fact in turns[memory.message_id or ""].saved]
            assert memory.conversation_title
        used = [fact.text for said in turns.values() for fact in said.used]
        assert set(used) <= set(SAID.get(user.email, ())) and bool(used) == (user.email in SAID)


def test_where_a_model_is_connected_nothing_is_sent_to_it(db: None, settings, tmp_path: Path) -> None:
    settings.LLM_BASE_URL, settings.LLM_MODEL = "http://127.0.0.1:9/v1", "none"
    for user in people(demo.passwords(tmp_path)):
        kept = ScopedMemory(user).get_all()
        assert sorted(memory.memory for memory in kept) == sorted(SAID.get(user.email, []))
        assert {memory.source for memory in kept} <= {"program"} and ScopedChats(user).page().items == ()


@pytest.mark.slow
def test_the_second_start_keeps_data_and_passwords(db: None, tmp_path: Path) -> None:
    first = demo.passwords(tmp_path)
    alice = people(first)[0]
    ScopedMemory(alice).add("I also like figs", infer=False)
    assert demo.passwords(tmp_path, "another") == first
    assert people(first) == []
    assert ScopedMemory(alice).count() == len(SAID["alice@example.com"]) + 1


@pytest.mark.slow
def test_each_can_sign_in_with_the_printed_password(db: None, tmp_path: Path, client: Client) -> None:
    given = demo.passwords(tmp_path)
    people(given)
    for email, password in given.items():
        response = client.post("/account/login/", {"login": email, "password": password})
        assert response.headers["Location"] == "/chat/"
        client.post("/account/logout/")


def test_passwords_differ_by_person_and_machine_and_are_private(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = demo.passwords(tmp_path / "a"), demo.passwords(tmp_path / "b")
    assert len({*one.values(), *two.values()}) == 6
    assert (tmp_path / "a" / "demo_passwords.json").stat().st_mode & 0o777 == 0o600


def test_a_wanted_password_is_everyones(tmp_path: Path) -> None:
    assert set(demo.passwords(tmp_path, "chosen-by-me").values()) == {"chosen-by-me"}


def test_outside_the_demo_the_command_refuses(db: None, settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="MEMSITE_DEMO=1"):
        call_command("demo", prepare_only=True)
    assert not User.objects.exists()


def test_a_port_that_cannot_be_had_is_told_before_anything_is_made(db: None, settings, tmp_path: Path, capsys) -> None:
    settings.DEMO, settings.DATA_DIR = True, tmp_path
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CommandError, match="PORT=9000 make demo"):
            call_command("demo", port=taken.getsockname()[1])
    with pytest.raises(CommandError, match="99999 is no port"):
        call_command("demo", port=99999)
    assert "memsite runs" not in capsys.readouterr().out and not User.objects.exists()


@pytest.mark.slow
def test_the_command_prints_addresses_and_passwords(transactional_db: None, settings, tmp_path: Path, capsys) -> None:
    settings.DEMO, settings.DATA_DIR = True, tmp_path
    call_command("demo", prepare_only=True, port=8123)
    out = capsys.readouterr().out
    assert "http://127.0.0.1:8123" in out
    for email, password in demo.passwords(tmp_path).items():
        assert email in out and password in out


@pytest.mark.slow
def test_a_person_who_is_struck_off_does_not_come_back(db: None, settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    people(demo.passwords(tmp_path))
    User.objects.get(email="alice@example.com").delete()
    demo.forget("alice@example.com")
    assert [demo.forget(email) for email in ("alice@example.com", "nobody@example.com")] == [0, 0]
    assert people(demo.passwords(tmp_path)) == []
    assert "alice" not in (tmp_path / "demo_passwords.json").read_text()
    assert (tmp_path / "demo_passwords.json").stat().st_mode & 0o777 == 0o600
