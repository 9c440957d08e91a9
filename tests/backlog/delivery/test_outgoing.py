"""The one way out: bounded in time, without redirects, and never into private networks."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.utils import translation

from backlog.delivery import outgoing

Answer = Callable[[BaseHTTPRequestHandler], None]


def say(status: int, text: str = "", **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text.encode())

    return answer


def speak_ssh(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH\r\n")


@contextmanager
def server(answer: Answer) -> Iterator[tuple[str, list[Any]]]:
    """A server on this machine, and what it was asked: path, headers, body."""
    asked: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append((self.path, dict(self.headers), body))
            answer(self)

        def log_message(self, *args: Any) -> None:
            """Tests are quiet."""

    listening = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.server_port}", asked
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()


@pytest.fixture
def inside(settings: Any) -> None:
    """The operator lets endpoints be on this machine."""
    settings.PRIVATE_ENDPOINTS = True


@pytest.mark.usefixtures("inside")
class TestPost:
    def test_brings_the_body_and_the_answer(self) -> None:
        with server(say(201, "thanks")) as (url, asked):
            answer = outgoing.post(f"{url}/hook?team=1", b'{"a": 1}', {"webhook-id": "msg_1"})

        assert (answer.status, answer.text, answer.is_yes) == (201, "thanks", True)
        [(path, headers, body)] = asked
        assert (path, body, headers["webhook-id"]) == ("/hook?team=1", b'{"a": 1}', "msg_1")

    def test_goes_to_the_address_that_was_looked_at(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A name may lead elsewhere a moment later. Seen to fail when it is looked up again."""
        monkeypatch.setattr(outgoing, "_look_up", lambda _parts: "127.0.0.1")
        with server(say(204)) as (url, asked):
            port = url.rpartition(":")[2]
            answer = outgoing.post(f"http://elsewhere.invalid:{port}/", b"{}", headers={})

        assert answer.status == 204
        assert asked[0][1]["Host"] == f"elsewhere.invalid:{port}"

    def test_follows_no_redirect(self) -> None:
        with (
            server(say(200)) as (elsewhere, followed),
            server(say(302, Location=f"{elsewhere}/")) as (url, _asked),
        ):
            answer = outgoing.post(url, b"{}", {})

        assert (answer.status, answer.is_yes, followed) == (302, False, [])

    def test_reads_no_more_of_the_answer_than_is_shown(self) -> None:
        with server(say(500, "x" * 1_000_000)) as (url, _asked):
            assert len(outgoing.post(url, b"{}", {}).text) <= outgoing.SHOWN

    def test_says_that_nobody_listens(self) -> None:
        with pytest.raises(outgoing.Unreachable, match="refused"):
            outgoing.post("http://127.0.0.1:9/", b"{}", {})

    def test_says_that_no_answer_came(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(outgoing, "TIMEOUT", 0.2)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            with pytest.raises(outgoing.Unreachable, match="timed out"):
                outgoing.post(f"http://127.0.0.1:{port}/", b"{}", {})

    def test_hangs_up_on_who_answers_a_byte_at_a_time(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(outgoing, "LONGEST", 0.3)
        is_over = threading.Event()

        def dribble(handler: BaseHTTPRequestHandler) -> None:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not is_over.wait(0.05):
                try:
                    handler.wfile.write(b"x")
                except OSError:
                    return

        with server(dribble) as (url, _asked):
            try:
                with pytest.raises(outgoing.Unreachable):
                    outgoing.post(url, b"{}", {})
            finally:
                is_over.set()

    def test_takes_what_is_no_http_for_no_answer(self) -> None:
        with (
            server(speak_ssh) as (url, _asked),
            pytest.raises(outgoing.Unreachable),
        ):
            outgoing.post(url, b"{}", {})


class TestCheck:
    @pytest.mark.parametrize(
        "url",
        [
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://10.1.2.3/hook",
            "https://192.168.0.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://100.64.0.1/",
            "https://0.0.0.0/",
            "https://224.0.0.1/",
            "http://example.com/",
            "ftp://example.com/",
            "https://user:word@example.com/",
            "https:///nowhere",
            "https://example.com:0/",
            "https://example.com:nan/",
            "https://[::1/",
            "example.com",
            "",
        ],
    )
    def test_refuses(self, url: str) -> None:
        with pytest.raises(outgoing.BadAddress):
            outgoing.check(url)

    @pytest.mark.parametrize("url", ["https://example.com", "https://hooks.example.com:8443/a?b=c"])
    def test_lets_pass(self, url: str) -> None:
        outgoing.check(url)

    def test_looks_at_the_address_behind_the_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A name that leads home, as in DNS rebinding: the address that is called was checked."""
        home = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: home)

        with translation.override("en"), pytest.raises(outgoing.BadAddress, match="private"):
            outgoing.post("https://innocent.example.com/", b"{}", {})
