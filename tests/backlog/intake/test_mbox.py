"""Where a message of a mailbox begins, and where one only seems to (RFC 4155)."""

import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.intake import mbox

FIRST = b"From mira@example.org Mon Mar  2 12:00:00 2026\nSubject: One\n\nHello\n"


def read(raw: bytes) -> list[bytes]:
    return list(mbox.messages(io.BytesIO(raw)))


@pytest.mark.parametrize(
    "separator",
    [
        "From mira@example.org Mon Mar  2 12:00:00 2026",
        "From MAILER-DAEMON Mon Mar 02 12:00:00 +0900 2026",
        "From mira@example.org  Mon, 2 Mar 2026 12:00:00 +0000",
        "From mira Mon Mar  2 12:00 KST 2026 remote from example",
        "From - Mon Mar  2 12:00:00 2026",
        "From x",
        "From mira@example.org Mon Mar  2 12:00:00 2026\r",
    ],
)
def test_a_separator_begins_a_message(separator: str) -> None:
    second = f"\n{separator}\nSubject: Two\n\nHello again\n".encode()

    assert read(FIRST + second) == [
        b"Subject: One\n\nHello\n\n",
        b"Subject: Two\n\nHello again\n",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "From here on everything is new.\nNote: it is.",
        "From Monday to Friday we are open, 09:00 to 18:00.\nHours: these.",
        ">From mira@example.org Mon Mar  2 12:00:00 2026\nSubject: Two",
        "From: mira@example.org\nSubject: Two",
        "from mira@example.org Mon Mar  2 12:00:00 2026\nSubject: Two",
        "From mira@example.org Mon Mar  2 12:00:00 2026\nwrote what follows",
        "From mira@example.org Mon Mar  2 12:00:00 2026",
    ],
)
def test_other_lines_begin_none(line: str) -> None:
    [message] = read(FIRST + f"\n{line}\n".encode())

    assert line.encode() in message


def test_a_separator_comes_after_an_empty_line() -> None:
    assert len(read(FIRST + FIRST)) == 1
    assert len(read(FIRST + b"\r\n" + FIRST)) == 2


def test_a_single_message_is_never_taken_apart() -> None:
    """A report quotes mailboxes, and ends with what came back."""
    single = b"Subject: Undelivered\n\nWhat came back:\n\n" + FIRST + b"\n" + FIRST

    assert read(single) == [single]


def test_what_is_too_long_is_not_held_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mbox, "LONGEST", 1_000)
    file = io.BytesIO(b"a: b\n" * 20_000)
    tracemalloc.start()

    assert list(mbox.messages(file)) == [b""]

    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100_000


def test_a_message_without_a_line_break_at_its_end_is_whole() -> None:
    assert read(b"\n\nSubject: One\n\nHello") == [b"Subject: One\n\nHello"]


@given(st.lists(st.sampled_from([FIRST, b"\n", b"From x\n", b"a: b\n", b"\r\n", b"From here\n"])))
def test_no_byte_of_a_message_is_lost(pieces: list[bytes]) -> None:
    raw = b"".join(pieces)
    kept = b"".join(b"".join(each.split()) for each in read(raw))

    for sign in (b"Hello", b"a:b", b"Subject:One"):
        assert kept.count(sign) == b"".join(raw.split()).count(sign)
