"""What people bring in of other programs comes in as far as it is known."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.memories.bringing import CLAUDE, parse, texts, zipped

pytestmark = pytest.mark.django_db


# --- Other people's formats -------------------------------------------------------------------------------------------
CHATGPT = [
    {
        "title": "Dinner",
        "create_time": 1_710_000_000.5,
        "mapping": {
            "root": {"id": "root", "message": None, "children": ["a"]},
            "a": {
                "message": {
                    "author": {"role": "user"},
                    "create_time": 1_710_000_001.0,
                    "content": {"content_type": "text", "parts": ["I am vegetarian. What can I cook?"]},
                }
            },
            "b": {
                "message": {
                    "author": {"role": "assistant"},
                    "recipient": "bio",
                    "create_time": None,
                    "content": {"content_type": "text", "parts": ["[2025-03-14]. User lives in Lisbon."]},
                }
            },
            "c": {
                "message": {
                    "author": {"role": "assistant"},
                    "content": {"content_type": "text", "parts": ["I am a language model"]},
                }
            },
            "d": {
                "message": {
                    "author": {"role": "user"},
                    "content": {
                        "content_type": "multimodal_text",
                        "parts": [{"asset_pointer": "file://x"}, "I like snow"],
                    },
                }
            },
        },
    }
]


@pytest.mark.parametrize(
    "data", [CHATGPT, zipped(conversations=CHATGPT, user={"email": "x"}), zipped(**{"conversations-000": CHATGPT})]
)
def test_chatgpt(data: Any) -> None:
    found = parse(data, "export.zip" if isinstance(data, bytes) else "conversations.json")
    assert found.format == "ChatGPT's export" and not found.problems
    assert texts(found) == ["I am vegetarian", "User lives in Lisbon.", "I like snow"]
    assert found.entries[0].created_at and found.entries[0].created_at.year == 2024


def test_chatgpts_memory_is_taken_as_it_ended_and_only_from_what_was_seen() -> None:
    def node(role: str, parent: str | None = None, hidden: bool = False, **content: Any) -> dict[str, Any]:
        notes = {"is_visually_hidden_from_conversation": hidden}
        return {
            "parent": parent,
            "message": {"author": {"role": role}, "create_time": 1.7e9, "metadata": notes, "content": content},
        }

    def chat(at: float, kept: str, profile: str, **nodes: Any) -> dict[str, Any]:
        given = node("assistant", content_type="model_editable_context", model_set_context=kept)
        about = node("user", hidden=True, content_type="user_editable_context", user_profile=profile)
        given["message"]["create_time"] = about["message"]["create_time"] = None
        return {"create_time": at, "current_node": "b", "mapping": {"given": given, "about": about, **nodes}}

    old = chat(1.6e9, "1. [2024-01-02]. Lives in Rome", "I am a baker", b=node("user", parts=["Hello"]))
    new = chat(
        1.7e9,
        "# Model Set Context\n\n1. [2025-03-14]. Lives in Lisbon\n2. [2025-04-01]. Likes rain",
        "User profile:\n```I am a nurse```",
        a=node("user", parts=["I am vegetarian"]),
        again=node("user", parts=["I am an astronaut"]),
        note=node("user", hidden=True, parent="a", parts=["I am a secret instruction"]),
        b=node("user", parent="note", parts=["I like snow"]),
    )
    loop = {"current_node": "b", "mapping": {"b": node("user", parent="b", parts=["My sister is called Ana"])}}
    found = parse([new, old, loop], "conversations.json")
    assert texts(found) == [
        "I am vegetarian",
        "I like snow",
        "My sister is called Ana",
        "Lives in Lisbon",
        "Likes rain",
        "I am a nurse",
    ]
    assert found.entries[3].created_at == dt.datetime(2025, 3, 14, tzinfo=dt.UTC)
    # An archive that is split tells the same: what an older file says of the memory was changed since.
    split = zipped(**{"conversations-000": [old], "conversations-001": [new], "conversations-002": [loop]})
    assert sorted(texts(parse(split, "export.zip"))) == sorted(texts(found))
    back = zipped(**{"conversations-000": [new, loop], "conversations-001": [old]})
    assert sorted(texts(parse(back, "export.zip"))) == sorted(texts(found))


def test_claude() -> None:
    memories = [
        {
            "conversations_memory": "**Work context**\n\nAna is a nurse. She works nights.\n\n- Likes rain",
            "account_uuid": "x",
        }
    ]
    found = parse(zipped(conversations=CLAUDE, memories=memories), "export.zip")
    assert found.format == "Claude's export"
    assert set(texts(found)) == {
        "I am vegetarian",
        "My sister is called Ana",
        "Ana is a nurse.",
        "She works nights.",
        "Likes rain",
    }
    assert {entry.text: entry.kind for entry in found.entries}["Likes rain"] == "inferred"


@pytest.mark.parametrize(
    "data",
    [
        ["I like snow", "I like rain"],
        {"results": [{"memory": "I like snow", "created_at": "2025-01-01T00:00:00+00:00"}, {"memory": "I like rain"}]},
        [{"text": "I like snow"}, {"content": "I like rain"}],
        '{"text": "I like snow"}\n{"text": "I like rain"}\n',
        "# Me\n\n- I like snow\n* [ ] **I like rain**\n",
        "1. I like snow\r\n2) I like rain\r\n",
        "I like snow\rI like rain",
        "text,created_at\nI like snow,2025-01-01\nI like rain,\n",
        "date;memory\n;I like snow\n;I like rain\n",
        "\ufeffI like snow\nI like rain\n",
        "I like snow\nI like rain\n".encode("utf-16"),
    ],
)
def test_lists(data: Any) -> None:
    assert texts(parse(data, "" if isinstance(data, (str, bytes)) else "list.json")) == ["I like snow", "I like rain"]
