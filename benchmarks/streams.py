"""How long other pages take while replies stream: a real server in a process of its own, a model that never hurries.

    python -m benchmarks.streams [--streams 50]

Prints the median and the 95th percentile of a bare answer, of two signed-in pages, and of a first word's way from the
model through the site to the reader, alone and under the streams.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.llm_server import Answer, LLMServer

PASSWORD = "quiet-harbour-lantern-7"  # noqa: S105  (of an account that lives as long as this run)


class Slow(list[str]):
    """Parts of an answer, one every 50 ms."""

    def __iter__(self) -> Iterator[str]:
        for part in super().__iter__():
            time.sleep(0.05)
            yield part


class Held(list[str]):
    """Parts of an answer that are kept back until somebody listens; `at` is when the first was let go."""

    def __init__(self, *parts: str) -> None:
        super().__init__(parts)
        self.listening = threading.Event()
        self.at = 0.0

    def __iter__(self) -> Iterator[str]:
        self.listening.wait(20)
        self.at = time.perf_counter()
        yield from super().__iter__()


def main(folder: Path, quick: bool = False, wanted: int = 50) -> None:
    """Runs it once."""
    wanted = 5 if quick else wanted
    place = folder / "streams"
    place.mkdir()
    print(f"\n### {wanted} open streams, and what others wait\n\n```")
    with LLMServer() as model:
        process, url = serve(str(place), model.url)
        try:
            client = sign_in(url)
            show("alone", client)
            show_words("alone", client, model)
            before = len(model.requests)
            for _ in range(wanted):
                model.answers.append(Answer(Slow(["word "] * 600)))
            stop = threading.Event()
            started = [threading.Thread(target=listen, args=(client, stop), daemon=True) for _ in range(wanted)]
            for thread in started:
                thread.start()
            wait_for(lambda: len(model.requests) >= before + wanted)
            if not all(thread.is_alive() for thread in started):
                raise SystemExit("not all of the replies stream")
            show(f"under {wanted} streams", client)
            show_words(f"under {wanted} streams", client, model)
            stop.set()
        finally:
            # Not terminate(): the server would wait for its streams to end.
            process.kill()
            process.wait(10)
    print("```")


def serve(folder: str, model_url: str) -> tuple[subprocess.Popen[bytes], str]:
    """A site of its own, with one account."""
    environment = {
        **os.environ,
        "MEMSITE_DEMO": "1",
        "MEMSITE_DATA_DIR": folder,
        "MEMSITE_LLM_BASE_URL": model_url,
        "MEMSITE_LLM_MODEL": "slow",
        # All of them are one person's.
        "MEMSITE_LIMITS": "0",
    }
    run = [sys.executable, "manage.py"]
    subprocess.run([*run, "migrate", "-v0"], env=environment, check=True)
    # Learning asks the same model, and would be given the answer that is meant for the next reply.
    make = (
        "from accounts.models import User; from memories.scoped import ScopedMemory; "
        f"ScopedMemory(User.objects.create_user('one@example.com', '{PASSWORD}')).choose(learn=False)"
    )
    subprocess.run([*run, "shell", "-v0", "-c", make], env=environment, check=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = [sys.executable, "-m", "uvicorn", "memsite.asgi:application", "--port", str(port), "--log-level", "error"]
    process = subprocess.Popen(server, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    wait_for(lambda: answers(url))
    return process, url


def answers(url: str) -> bool:
    """Whether the server is up."""
    try:
        return httpx.get(f"{url}/account/login/").status_code == 200
    except httpx.HTTPError:
        return False


def sign_in(url: str, email: str = "one@example.com") -> httpx.Client:
    """A client of an account's."""
    client = httpx.Client(base_url=url, timeout=60, limits=httpx.Limits(max_connections=500))
    data = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token(client, "/account/login/")}
    client.post("/account/login/", data=data)
    return client


def token(client: httpx.Client, path: str) -> str:
    """The form's token."""
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(path).text)
    if found is None:
        raise SystemExit(f"{path} shows no form")
    return found[1]


def listen(client: httpx.Client, stop: threading.Event) -> None:
    """Sends a message and reads its reply until told to stop."""
    place = sent(client)
    # In the end the server is killed under its streams.
    with contextlib.suppress(httpx.HTTPError), client.stream("GET", place) as response:
        for _ in response.iter_lines():
            if stop.is_set():
                return


def sent(client: httpx.Client) -> str:
    """Where the reply to a new message streams."""
    data = {"message": "Tell me a long story", "csrfmiddlewaretoken": token(client, "/chat/")}
    page = client.post("/chat/", data=data, headers={"X-Chat": "script"}).text
    place = re.search(r'data-stream="([^"]+)"', page)
    if place is None:
        raise SystemExit("no reply streams: " + re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))[:600])
    return place[1]


def first_word(client: httpx.Client, model: LLMServer) -> float:
    """Seconds from the model's letting go of it until the reader has it."""
    words = Held("Once ", "upon a time")
    model.answers.append(Answer(words))
    with client.stream("GET", sent(client)) as response:
        for line in response.iter_lines():
            words.listening.set()
            if line.startswith("data: ") and "Once" in line:
                return time.perf_counter() - words.at
    raise SystemExit("the reply came without its first word")


def show_words(when: str, client: httpx.Client, model: LLMServer, rounds: int = 20) -> None:
    """The line of the first words."""
    _show(when, "word", [first_word(client, model) for _ in range(rounds)])


def show(when: str, client: httpx.Client) -> None:
    """One line for a bare answer, one for a signed-in page."""
    for name, path in (("bare", "/healthz"), ("page", "/chat/connect/"), ("chats", "/chat/all/")):
        _show(when, name, [_timed(client, path) for _ in range(60)])


def _show(when: str, name: str, times: list[float]) -> None:
    median, late = statistics.median(times) * 1000, sorted(times)[int(len(times) * 0.95)] * 1000
    print(f"{when:20} {name:6} median {median:7.1f} ms   95 % {late:7.1f} ms")


def _timed(client: httpx.Client, path: str) -> float:
    started = time.perf_counter()
    client.get(path).raise_for_status()
    return time.perf_counter() - started


def wait_for(claim: object, seconds: float = 300) -> None:
    """Returns when the claim holds."""
    until = time.monotonic() + seconds
    while not claim():  # type: ignore[operator]
        if time.monotonic() > until:
            raise SystemExit("it did not come to that in five minutes")
        time.sleep(0.1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--streams", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        main(Path(scratch), wanted=options.streams)
