"""The client against a server that misbehaves in every way we know of."""

from __future__ import annotations

import re
import socket
import threading
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from memories import llm
from memories.errors import EngineUnavailable, ExtractionFailed
from memories.llm import ModelError, Piece
from tests.llm_server import LLMServer

ASKED = [{"role": "user", "content": "Hello?"}]


def streamed() -> list[Piece]:
    async def collect() -> list[Piece]:
        return [piece async for piece in llm.astream(ASKED)]

    return async_to_sync(collect)()


def text_of(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def test_tells_whether_a_model_is_connected(settings: Any, server: LLMServer) -> None:
    assert llm.configured() and llm.host() == "127.0.0.1"
    settings.LLM_MODEL = ""
    assert not llm.configured()


def test_asks_in_the_common_form(server: LLMServer) -> None:
    server.say("Hel", "lo")
    assert text_of(streamed()) == "Hello"
    request = server.requests[0]
    assert request["path"] == "/v1/chat/completions" and request["authorization"] == "Bearer secret"
    assert request["model"] == "small" and request["messages"] == ASKED and request["stream"] is True


def test_sends_no_key_where_there_is_none(server: LLMServer, settings: Any) -> None:
    settings.LLM_API_KEY = ""
    streamed()
    assert server.requests[0]["authorization"] is None


@pytest.mark.parametrize("word", ["naïve café", "日本語テスト", "🙂🙃", "a\nb"])
def test_a_byte_at_a_time_loses_no_character(word: str, server: LLMServer) -> None:
    server.say(*word, bytewise=True)
    assert text_of(streamed()) == word


def test_tells_thoughts_apart(server: LLMServer) -> None:
    server.say("Yes.", thoughts="Is it so?")
    pieces = streamed()
    assert "".join(piece.thought for piece in pieces) == "Is it so?" and text_of(pieces) == "Yes."


def test_takes_a_whole_answer_from_a_server_that_does_not_stream(server: LLMServer) -> None:
    raw = b'{"choices": [{"message": {"content": "Whole."}, "finish_reason": "stop"}]}'
    server.say(raw=raw, headers={"Content-Type": "application/json"})
    assert streamed() == [Piece("Whole.", "", "stop")]


def test_ignores_comments_and_usage(server: LLMServer) -> None:
    server.say(
        raw=b': ping\n\ndata: {"choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}]}\r\n\r\n'
        b'data: {"choices":[],"usage":{"total_tokens":3}}\n\ndata: [DONE]\n\n'
    )
    assert text_of(streamed()) == "Hi"


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "busy": ({"status": 429, "headers": {"Retry-After": "20"}}, "try again in 20 seconds"),
    "busy, by a date": ({"status": 429, "headers": {"Retry-After": "Wed, 21 Oct 2026"}}, "try again in a moment"),
    "broken": ({"status": 500}, r"error of its own \(500\)"),
    "away behind a proxy": ({"status": 502}, r"error of its own \(502\)"),
    "wrong key": ({"status": 401}, "did not accept this site's key"),
    "unknown model": ({"status": 404}, "is not on its server"),
    "teapot": ({"status": 418}, r"did not take the question \(418\)"),
    "cut": ({"parts": ["Half a sen"], "finish": None}, "broke off before its end. What had come is kept"),
    "cut at once": ({"raw": b""}, "broke off before it had said anything. Your message is safe"),
    "not JSON": ({"raw": b"data: {oops\n\n"}, "not an answer"),
    "another shape": ({"raw": b'data: ["a"]\n\n'}, "not an answer"),
    "content is a list": ({"raw": b'data: {"choices":[{"delta":{"content":[1]}}]}\n\n'}, "not an answer"),
    "an error in the stream": ({"raw": b'data: {"error": {"message": "boom"}}\n\n'}, "error of its own"),
    "an endless line": ({"raw": b"data: " + b"x" * (llm.LARGEST + 70_000)}, "not an answer"),
    "HTML": ({"raw": b"<html>", "headers": {"Content-Type": "text/html"}}, "not an answer"),
    "10 MB at once": ({"raw": b" " * 10_000_000, "headers": {"Content-Type": "application/json"}}, "far too much"),
}


@pytest.mark.parametrize("name", BAD)
def test_each_failure_has_its_sentence(name: str, server: LLMServer) -> None:
    how, sentence = BAD[name]
    how = dict(how)
    server.say(*how.pop("parts", ()), **how)
    with pytest.raises(ModelError, match=sentence) as caught:
        streamed()
    assert re.search("Nothing was lost|is kept|is safe", str(caught.value))


def test_says_how_long_to_wait(server: LLMServer) -> None:
    server.say(status=429, headers={"Retry-After": "20"})
    with pytest.raises(ModelError) as caught:
        streamed()
    assert caught.value.retry_after == 20


@pytest.mark.parametrize("status", [400, 413])
def test_tells_a_prompt_that_is_too_long(status: int, server: LLMServer) -> None:
    server.say(status=status, raw=b'{"error": {"message": "maximum context length is 8192 tokens"}}')
    with pytest.raises(ModelError) as caught:
        streamed()
    assert caught.value.too_long


def test_silence_ends_in_words(server: LLMServer, settings: Any) -> None:
    settings.LLM_TIMEOUT = 0.2
    never = threading.Event()
    server.say("late", hold_before=never)
    with pytest.raises(ModelError, match=r"silent for 0\.2 seconds"):
        streamed()
    never.set()


def test_silence_in_the_middle_says_what_is_kept(server: LLMServer, settings: Any) -> None:
    settings.LLM_TIMEOUT = 0.2
    never = threading.Event()
    server.say("Half ", "late", hold_after=0, hold=never)
    with pytest.raises(ModelError, match=r"in the middle: it was silent for 0\.2 seconds\. What had come is kept"):
        streamed()
    never.set()


def test_a_server_that_is_not_there(settings: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.LLM_BASE_URL, settings.LLM_MODEL = f"http://127.0.0.1:{free.getsockname()[1]}/v1", "small"
        settings.LLM_TIMEOUT = 2
        with pytest.raises(ModelError, match="cannot be reached"):
            streamed()
        with pytest.raises(EngineUnavailable):
            llm.complete_json(ASKED)


def test_no_sentence_quotes_the_server_or_the_person(server: LLMServer) -> None:
    server.say(status=500, raw=b"canary-of-the-server")
    with pytest.raises(ModelError) as caught:
        streamed()
    assert "canary" not in str(caught.value) and "Hello" not in str(caught.value)


# --- For learning -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "said",
    [
        '{"memory": []}',
        '```json\n{"memory": []}\n```',
        '<think>{"a": 1} hm</think>\n{"memory": []}',
        ' {"memory": []}\n',
    ],
)
def test_json_is_found_in_its_usual_wrappings(said: str, server: LLMServer) -> None:
    server.say(said)
    assert llm.complete_json(ASKED) == '{"memory": []}'
    assert server.requests[0]["response_format"] == {"type": "json_object"}


@pytest.mark.parametrize(
    "how",
    [
        {"parts": ["I can't help with that."]},
        {"parts": [""]},
        {"parts": ['{"memory": [{"te']},
        {"parts": ['{"memory": []}'], "finish": "length"},
        {"parts": ['{"memory": []}'], "finish": "content_filter"},
        {"raw": b'{"choices": [{"message": {"content": "{}", "refusal": "no"}, "finish_reason": "stop"}]}'},
        {"raw": b'{"choices": []}'},
        {"raw": b"[]"},
        {"raw": b"\xff\xfe"},
        {"raw": b" " * 2_000_000},
    ],
)
def test_an_answer_that_cannot_be_used_is_a_failure_not_nothing(how: dict[str, Any], server: LLMServer) -> None:
    how = dict(how)
    server.say(*how.pop("parts", ()), **how)
    with pytest.raises(ExtractionFailed):
        llm.complete_json(ASKED)


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_no_answer_is_told_from_a_bad_one(status: int, server: LLMServer) -> None:
    server.say(status=status)
    with pytest.raises(EngineUnavailable):
        llm.complete_json(ASKED)


def test_a_server_that_does_not_know_response_format_is_asked_without(server: LLMServer) -> None:
    server.say(status=400, raw=b'{"error": {"message": "unknown field response_format"}}')
    server.say('{"memory": []}')
    assert llm.complete_json(ASKED) == '{"memory": []}'
    assert "response_format" not in server.requests[1]
    server.say(status=400, raw=b"response_format")
    server.say(status=400, raw=b"response_format")
    with pytest.raises(EngineUnavailable):
        llm.complete_json(ASKED)
