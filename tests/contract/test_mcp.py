"""The door for MCP: the SDK's own client over loopback with the keys of two people, and what no client of it sends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from django.test import Client

from accounts import keys
from accounts.models import User
from memories.scoped import ScopedMemory

if TYPE_CHECKING:
    from mcp.client import Client as McpClient

PATH = "/api/mcp"
READING = {"search_memories", "list_memories", "memory_history", "about_me"}
WRITING = {"add_memory", "update_memory", "forget_memory"}


def key_of(user: User, *, may_write: bool = True) -> str:
    return keys.make(user, "Assistant" if may_write else "Reader", may_write=may_write, days=None).token


def spoken(server: str, token: str, talk: Callable[[McpClient], Awaitable[Any]]) -> Any:
    """What a conversation of the real client's with the site comes to."""
    # Takes a second to load, and is wanted here alone.
    from mcp.client import Client as McpClient
    from mcp.client.streamable_http import streamable_http_client

    async def run() -> Any:
        async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=60) as line:
            transport = streamable_http_client(f"{server}{PATH}", http_client=line)
            async with McpClient(transport) as client:
                return await talk(client)

    return asyncio.run(run())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_real_client_reaches_its_persons_memories_alone(live_server: Any, owner: User, stranger: User) -> None:
    async def remember(client: McpClient) -> Any:
        names = {tool.name for tool in (await client.list_tools()).tools}
        saved = await client.call_tool("add_memory", {"text": "I collect coins"})
        found = await client.call_tool("search_memories", {"query": "what do I collect?"})
        return names, saved.structured_content, found.structured_content

    names, saved, found = spoken(live_server.url, key_of(owner), remember)
    assert names == READING | WRITING
    [memory] = saved["saved"]
    assert [item["text"] for item in found["items"]] == ["I collect coins"] and memory["source"] == "program"

    async def reach(client: McpClient) -> Any:
        at = {"id": memory["id"]}
        calls = [
            ("list_memories", {}),
            ("search_memories", {"query": "coins"}),
            ("memory_history", at),
            ("update_memory", {**at, "text": "taken over", "version": 1}),
            ("forget_memory", at),
        ]
        return [await client.call_tool(name, arguments) for name, arguments in calls]

    answers = spoken(live_server.url, key_of(stranger), reach)
    assert [answer.is_error for answer in answers] == [False, False, True, True, True]
    assert "coins" not in str(answers) and ScopedMemory(owner).get(memory["id"]).version == 1

    async def tend(client: McpClient) -> Any:
        at = {"id": memory["id"]}
        changed = await client.call_tool("update_memory", {**at, "text": "I collect old coins", "version": 1})
        stale = await client.call_tool("update_memory", {**at, "text": "I collect new coins", "version": 1})
        gone = await client.call_tool("forget_memory", at)
        return changed.structured_content, stale, gone.structured_content, await client.call_tool("list_memories", {})

    changed, stale, gone, left = spoken(live_server.url, _again(owner), tend)
    assert (changed["version"], stale.is_error, gone) == (2, True, {"forgotten": True})
    assert left.structured_content["total"] == 0


def _again(user: User) -> str:
    """A second key of theirs."""
    return keys.make(user, "Assistant again", may_write=True, days=None).token


# --- What no client of the SDK sends ----------------------------------------------------------------------------------
@pytest.fixture
def send(owner: User) -> Callable[..., Any]:
    """`send(message, **headers)`: one POST with the owner's key."""
    client = Client(headers={"Authorization": f"Bearer {key_of(owner)}"})

    def post(message: Any, **headers: str) -> Any:
        body = message if isinstance(message, str) else json.dumps(message)
        return client.post(PATH, body, content_type="application/json", headers=headers)

    return post


def call(name: Any, arguments: Any = None) -> dict[str, Any]:
    params = {"name": name} | ({} if arguments is None else {"arguments": arguments})
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver:81", "https://testserver"])
def test_pages_of_other_sites_get_nothing(send: Callable[..., Any], owner: User, origin: str) -> None:
    answer = send(call("add_memory", {"text": "planted"}), Origin=origin)
    assert answer.status_code == 403 and ScopedMemory(owner).count() == 0
    assert send(call("about_me"), Origin="http://testserver").status_code == 200


def test_another_host_is_refused(send: Callable[..., Any]) -> None:
    assert send(call("about_me"), Host="rebound.example").status_code == 400


def test_a_key_that_reads_is_offered_and_granted_no_more(owner: User) -> None:
    client = Client(headers={"Authorization": f"Bearer {key_of(owner, may_write=False)}"})

    def post(message: Any) -> Any:
        return client.post(PATH, json.dumps(message), content_type="application/json").json()["result"]

    assert {tool["name"] for tool in post({"jsonrpc": "2.0", "id": 1, "method": "tools/list"})["tools"]} == READING
    refused = post(call("add_memory", {"text": "I collect coins"}))
    assert refused["isError"] and "only read" in refused["content"][0]["text"] and ScopedMemory(owner).count() == 0


def test_no_tool_takes_a_user(send: Callable[..., Any], stranger: User) -> None:
    tools = send({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).json()["result"]["tools"]
    taken = {name for tool in tools for name in tool["inputSchema"]["properties"]}
    assert not taken & {"user", "user_id", "owner", "namespace", "filters"}
    for name in ("user_id", "owner"):
        assert send(call("list_memories", {name: str(stranger.pk)})).json()["result"]["isError"]


@pytest.mark.parametrize(
    ("message", "status", "code"),
    [
        ("{", 400, -32700),
        ("[]", 400, -32600),
        ([{"jsonrpc": "2.0", "id": 1, "method": "ping"}], 400, -32600),
        ({"id": 1, "method": "ping"}, 400, -32600),
        ({"jsonrpc": "2.0", "id": True, "method": "ping"}, 400, -32600),
        ({"jsonrpc": "2.0", "id": 1, "method": "ping", "params": [1]}, 400, -32600),
        ({"jsonrpc": "2.0", "id": 1, "method": "resources/list"}, 200, -32601),
        (call("wipe_everything"), 200, -32602),
        (call(["list_memories"]), 200, -32602),
    ],
)
def test_what_cannot_be_carried_out_is_told_as_an_error(
    send: Callable[..., Any], message: Any, status: int, code: int
) -> None:
    answer = send(message)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize("given", [None, [], "x", {"id": 5}, {"id": "../x"}, {"id": "*"}, {"id": "x" * 36}])
def test_arguments_that_do_not_fit_are_a_result_the_model_can_read(send: Callable[..., Any], given: Any) -> None:
    assert send(call("memory_history", given)).json()["result"]["isError"]


def test_notifications_and_versions(send: Callable[..., Any]) -> None:
    assert send({"jsonrpc": "2.0", "method": "notifications/initialized"}).status_code == 202
    refused = send({"jsonrpc": "2.0", "id": 1, "method": "ping"}, **{"MCP-Protocol-Version": "1999-01-01"})
    assert refused.status_code == 400 and "2025-11-25" in refused.json()["error"]["data"]["supported"]
    for wanted, given in (("2025-06-18", "2025-06-18"), ("1999-01-01", "2025-11-25")):
        hello = {"jsonrpc": "2.0", "id": "a", "method": "initialize", "params": {"protocolVersion": wanted}}
        assert send(hello).json()["result"]["protocolVersion"] == given
    assert send({"jsonrpc": "2.0", "id": 1, "method": "ping"}).json() == {"jsonrpc": "2.0", "id": 1, "result": {}}
