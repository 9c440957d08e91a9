"""Replies of calendars are read; whatever else comes is refused with a reason."""

import io
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council.intake import calendar_replies
from council.intake.calendar_replies import Reply, Unreadable

pytestmark = pytest.mark.usefixtures("english_texts")

REPLY = dedent(
    """\
    BEGIN:VCALENDAR
    PRODID:-//Example//Calendar//EN
    VERSION:2.0
    METHOD:REPLY
    BEGIN:VEVENT
    UID:meeting-7@localhost
    SEQUENCE:2
    DTSTAMP:20260302T130000Z
    DTSTART:20260305T010000Z
    ORGANIZER:mailto:council@example.com
    ATTENDEE;PARTSTAT=ACCEPTED;CN=Mina:MAILTO:Mina@example.com
    END:VEVENT
    END:VCALENDAR
    """
).replace("\n", "\r\n")


def read(text: str) -> Reply:
    return calendar_replies.read(text.encode())


def refused(text: str) -> str:
    with pytest.raises(Unreadable) as why:
        read(text)
    return str(why.value)


class TestRead:
    def test_says_who_answers_what(self) -> None:
        assert read(REPLY) == Reply(
            uid="meeting-7@localhost",
            attendee="mina@example.com",
            answer="yes",
            sequence=2,
            answered_at=datetime(2026, 3, 2, 13, tzinfo=UTC),
        )

    @pytest.mark.parametrize(
        ("said", "answer"),
        [("DECLINED", "no"), ("DELEGATED", "alternate"), ("TENTATIVE", ""), ("X-MAYBE", "")],
    )
    def test_knows_the_answers(self, said: str, answer: str) -> None:
        assert read(REPLY.replace("ACCEPTED", said)).answer == answer

    def test_refuses_what_is_no_reply(self) -> None:
        assert "REQUEST" in refused(REPLY.replace("METHOD:REPLY", "METHOD:REQUEST"))
        assert refused(REPLY.replace("METHOD:REPLY\r\n", ""))
        assert refused(REPLY.replace("UID:meeting-7@localhost\r\n", ""))
        assert refused(REPLY.replace("DTSTAMP:20260302T130000Z\r\n", ""))
        assert refused("Dear council, I come.")

    @pytest.mark.parametrize(
        "line",
        [
            "RRULE:FREQ=SECONDLY;COUNT=1000000000",
            "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            "RDATE:" + ",".join(["20260302T130000Z"] * 500),
            "RECURRENCE-ID:20260302T130000Z",
        ],
    )
    def test_refuses_a_bomb_of_recurrences_without_expanding_it(self, line: str) -> None:
        assert "recurs" in refused(REPLY.replace("SEQUENCE:2", line))

    def test_refuses_what_is_far_too_large(self) -> None:
        refused(REPLY + "X-A:b\r\n" * 5_000)
        refused(REPLY.replace("CN=Mina", f"CN={'M' * calendar_replies.LARGEST}"))
        event = REPLY.partition("METHOD:REPLY\r\n")[2].partition("END:VCALENDAR")[0]
        refused(REPLY.replace("END:VCALENDAR", event + "END:VCALENDAR"))


class TestMessages:
    def mail(self, calendar: str) -> bytes:
        return (
            "From: Mina <mina@example.com>\r\nTo: council@example.com\r\nSubject: Accepted\r\n"
            "MIME-Version: 1.0\r\nContent-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\n"
            + calendar
        ).encode()

    def test_are_read_with_their_sender(self) -> None:
        ((number, reply),) = calendar_replies.messages(io.BytesIO(self.mail(REPLY)))

        assert number == 1
        assert isinstance(reply, Reply)
        assert reply.sender == "mina@example.com"

    def test_without_a_calendar_are_none(self) -> None:
        ((_number, reply),) = calendar_replies.messages(io.BytesIO(b"From: a@b.c\r\n\r\nHello"))

        assert reply is None

    def test_that_cannot_be_read_hold_up_no_other(self) -> None:
        mbox = b"".join(
            b"From x@y.z Mon Mar  2 13:00:00 2026\n"
            + self.mail(each).replace(b"\r\n", b"\n")
            + b"\n\n"
            for each in ("BEGIN:VCALENDAR", REPLY)
        )
        found = [each for _number, each in calendar_replies.messages(io.BytesIO(mbox))]

        assert [type(each) for each in found] == [Unreadable, Reply]


@pytest.mark.shared
def test_published_files_are_refused_with_a_reason(shared: Path) -> None:
    """None of them is a reply; none of them makes it fail."""
    files = sorted((shared / "vectors/ical").glob("*.ics"))
    reasons = {}
    for file in files:
        with pytest.raises(Unreadable) as why:
            calendar_replies.read(file.read_bytes())
        reasons[file.name] = str(why.value)

    assert len(reasons) >= 6
    assert all(reasons.values())


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail(content: bytes) -> None:
    for each in (content, REPLY.encode().replace(b"SEQUENCE:2", content)):
        with suppress(Unreadable):
            calendar_replies.read(each)
