"""The one way out: bounded in time, without redirects, and never into private networks."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.utils import translation

from backlog.delivery import http

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
            answer = http.post(f"{url}/hook?team=1", b'{"a": 1}', {"webhook-id": "msg_1"})

        assert (answer.status, answer.text, answer.is_yes) == (201, "thanks", True)
        [(path, headers, body)] = asked
        assert (path, body, headers["webhook-id"]) == ("/hook?team=1", b'{"a": 1}', "msg_1")

    def test_goes_to_the_address_that_was_looked_at(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A name may lead elsewhere a moment later. Seen to fail when it is looked up again."""
        monkeypatch.setattr(http, "_look_up", lambda _parts: "127.0.0.1")
        with server(say(204)) as (url, asked):
            port = url.rpartition(":")[2]
            answer = http.post(f"http://elsewhere.invalid:{port}/", b"{}", headers={})

        assert answer.status == 204
        assert asked[0][1]["Host"] == f"elsewhere.invalid:{port}"

    def test_asks_for_the_root_where_the_address_has_no_path(self) -> None:
        with server(say(200)) as (url, asked):
            http.post(f"{url}?team=1", b"{}", {})

        assert asked[0][0] == "/?team=1"

    def test_follows_no_redirect(self) -> None:
        with (
            server(say(200)) as (elsewhere, followed),
            server(say(302, Location=f"{elsewhere}/")) as (url, _asked),
        ):
            answer = http.post(url, b"{}", {})

        assert (answer.status, answer.is_yes, followed) == (302, False, [])

    def test_reads_no_more_of_the_answer_than_is_shown(self) -> None:
        with server(say(500, "x" * 1_000_000)) as (url, _asked):
            assert len(http.post(url, b"{}", {}).text) <= http.SHOWN

    def test_says_that_nobody_listens(self) -> None:
        with pytest.raises(http.Unreachable, match="refused"):
            http.post("http://127.0.0.1:9/", b"{}", {})

    def test_says_that_no_answer_came(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(http, "TIMEOUT", 0.2)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            with pytest.raises(http.Unreachable, match="timed out"):
                http.post(f"http://127.0.0.1:{port}/", b"{}", {})

    def test_hangs_up_on_who_answers_a_byte_at_a_time(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(http, "LONGEST", 0.3)
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
                with pytest.raises(http.Unreachable):
                    http.post(url, b"{}", {})
            finally:
                is_over.set()

    def test_takes_what_is_no_http_for_no_answer(self) -> None:
        with (
            server(speak_ssh) as (url, _asked),
            pytest.raises(http.Unreachable),
        ):
            http.post(url, b"{}", {})

    def test_believes_the_status_whatever_the_body_does(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It was taken: told again, it would come twice. Seen to fail with “timed out”."""
        monkeypatch.setattr(http, "TIMEOUT", 0.3)
        is_over = threading.Event()

        def stall(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            handler.wfile.flush()
            is_over.wait(10)

        with server(stall) as (url, _asked):
            answer = http.post(url, b"{}", {})
            is_over.set()

        assert (answer.status, answer.text) == (200, "")

    @pytest.mark.parametrize(
        ("said", "seconds"),
        [("120", 120), (" 7 ", 7), ("0", 0), ("9" * 40, 10**8), ("soon", None), ("-5", None)],
    )
    def test_brings_how_long_we_are_asked_to_wait(self, said: str, seconds: int | None) -> None:
        with server(say(429, **{"Retry-After": said})) as (url, _asked):
            wait = http.post(url, b"{}", {}).wait

        assert wait == (None if seconds is None else timedelta(seconds=seconds))

    def test_reads_also_until_when_we_are_asked_to_wait(self) -> None:
        at = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
        with server(say(503, **{"Retry-After": at})) as (url, _asked):
            wait = http.post(url, b"{}", {}).wait

        assert wait is not None
        assert timedelta(minutes=58) < wait <= timedelta(hours=1)

    def test_takes_a_moment_that_has_passed_for_now(self) -> None:
        past = "Sun, 06 Nov 1994 08:49:37 GMT"
        with server(say(503, **{"Retry-After": past})) as (url, _asked):
            assert http.post(url, b"{}", {}).wait == timedelta()


class TestWritten:
    @pytest.mark.parametrize(
        ("given", "called"),
        [
            (
                "https://example.com/알림?팀=결제",
                "https://example.com/%EC%95%8C%EB%A6%BC?%ED%8C%80=%EA%B2%B0%EC%A0%9C",
            ),
            ("https://example.com/a b?c=d e", "https://example.com/a%20b?c=d%20e"),
            ("https://한국.example:8443/x", "https://xn--3e0b707e.example:8443/x"),
            ("  https://example.com/x  ", "https://example.com/x"),
            ("https://example.com/%20?a=%2F&b=c#part", "https://example.com/%20?a=%2F&b=c"),
            ("https://[2606:4700::1]:8443/x", "https://[2606:4700::1]:8443/x"),
            ("https://EXAMPLE.com", "https://example.com"),
            ("https://example.com./x", "https://example.com/x"),
            ("https://example.com/100%?a=%zz", "https://example.com/100%25?a=%25zz"),
        ],
    )
    def test_is_the_address_as_it_is_called(self, given: str, called: str) -> None:
        assert http.written(given) == called
        assert http.written(called) == called

    @pytest.mark.parametrize(
        "given",
        [
            "https://example.com/a\nb",
            "https://exa\tmple.com/",
            "https://example.com/\ud800",
            "https://exa mple.com/",
            "https://example.com\\@evil.example/",
            f"https://{'너' * 60}.example/",
            f"https://{'a' * 64}.example/",
            f"https://{'a.' * 127}example/",
            "https://example..com/",
            "https://-example.com/",
            "https://example-.com/",
            "https://./",
            "https:///nowhere",
        ],
    )
    def test_refuses_what_no_encoding_makes_an_address(self, given: str) -> None:
        with pytest.raises(http.BadAddress):
            http.written(given)


class TestWrittenAndChecked:
    @pytest.mark.parametrize(
        "url",
        ["https://127.0.0.1./", "https://①②⑦.0.0.1/", "https://127。0。0。1/", "https://１２７.1/"],
    )
    def test_hides_no_private_address_behind_how_it_is_written(self, url: str) -> None:
        with translation.override("en"), pytest.raises(http.BadAddress, match="private"):
            http.check(http.written(url))


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
            "https://[64:ff9b::7f00:1]/",
            "https://[2002:7f00:1::1]/",
            "https://[fec0::1]/",
            "https://[::127.0.0.1]/",
            "https://[fe80::1%25eth0]/",
            "https://192.0.0.8/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://127.1/",
            "https://224.0.0.1/",
            "http://example.com/",
            "ftp://example.com/",
            "https://user:word@example.com/",
            "https://user@example.com/",
            "https:///nowhere",
            "https://example.com:0/",
            "https://example.com:nan/",
            "https://[::1/",
            "example.com",
            "",
        ],
    )
    def test_refuses(self, url: str) -> None:
        with pytest.raises(http.BadAddress):
            http.check(url)

    @pytest.mark.parametrize(
        "url",
        [
            "https://example.com",
            "https://hooks.example.com:8443/a?b=c",
            "https://[64:ff9b::808:808]/",
        ],
    )
    def test_lets_pass(self, url: str) -> None:
        http.check(url)

    @pytest.mark.parametrize("addresses", [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"]])
    def test_looks_at_every_address_behind_the_name(
        self, monkeypatch: pytest.MonkeyPatch, addresses: list[str]
    ) -> None:
        """A name that leads home, as in DNS rebinding: the address that is called was checked."""
        home = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: home)
        monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("called"))

        with translation.override("en"), pytest.raises(http.BadAddress, match="private"):
            http.post("https://innocent.example.com/", b"{}", {})
