"""Delivery reports and complaints, as mail servers write them."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.intake import bounces
from tests.backlog.intake.letters import complaint, dsn


class TestReportOf:
    @pytest.mark.parametrize(
        ("action", "status", "said", "kind"),
        [
            ("failed", "5.1.1", "smtp; 550 5.1.1 No such user", "bounced"),
            ("failed", "5.0.0", "smtp; 550 no such user here", "bounced"),
            ("failed", "5.1.10", "smtp; 556 The domain takes no mail", "bounced"),
            ("Failed", "5.2.2", "smtp; 552 5.2.2 Mailbox full", "returned"),
            ("failed", "5.7.1", "smtp; 550 5.7.1 Rejected by policy", "returned"),
            ("failed", "4.4.1", "X-Postfix; connect to example.org: timed out", "returned"),
            ("failed", "4.4.7", "smtp; 550 4.4.7 Expired", "returned"),
            ("delivered", "2.0.0", "smtp; 250 OK", "delivered"),
            ("delayed", "4.4.1", "smtp; 450 later", ""),
            ("relayed", "2.0.0", "", ""),
        ],
    )
    def test_knows_a_dead_address_from_a_bad_moment(
        self, action: str, status: str, said: str, kind: str
    ) -> None:
        report = bounces.report_of(dsn("<1@example.org>", action, status, said))

        assert report is not None
        assert (report.kind, report.message_id) == (kind, "<1@example.org>")
        assert report.detail == f"{status} {said}".strip()
        assert str(report.happened_at) == "2026-03-02 12:00:00+00:00"

    def test_finds_the_message_where_only_its_headers_came_back(self) -> None:
        raw = dsn("<1@example.org>", "failed", "5.1.1", "")
        report = bounces.report_of(raw.replace(b"message/rfc822", b"text/rfc822-headers"))

        assert report is not None
        assert report.message_id == "<1@example.org>"

    @pytest.mark.parametrize(
        ("kind", "expected"), [("abuse", "complained"), ("fraud", "complained"), ("not-spam", "")]
    )
    def test_understands_complaints(self, kind: str, expected: str) -> None:
        report = bounces.report_of(complaint("<1@example.org>", kind))

        assert report is not None
        assert (report.kind, report.message_id) == (expected, "<1@example.org>")

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"Subject: On holiday\n\nI am away.\n",
            b"Content-Type: multipart/report; boundary=x\n\n--x\n\nhello\n--x--\n",
        ],
    )
    def test_is_none_for_other_mail(self, raw: bytes) -> None:
        assert bounces.report_of(raw) is None

    @given(st.binary(max_size=300))
    def test_never_fails(self, rubbish: bytes) -> None:
        bounces.report_of(rubbish)
        bounces.report_of(dsn("<1@example.org>", "failed", "5.1.1", "").replace(b"5.1.1", rubbish))


class TestRead:
    def read(self, raw: bytes) -> list[tuple[int, str]]:
        found = bounces.read(io.BytesIO(raw))
        return [(number, report.message_id if report else "") for number, report in found]

    def test_reads_one_message(self) -> None:
        assert self.read(dsn("<1@example.org>", "failed", "5.1.1", "")) == [(1, "<1@example.org>")]

    def test_reads_a_mailbox(self) -> None:
        letters = [
            dsn("<1@a>", "failed", "5.1.1", ""),
            b"Subject: Hi\n\n",
            complaint("<2@a>", "abuse"),
        ]
        mailbox = b"".join(
            b"From MAILER-DAEMON Mon Mar  2 12:00:00 2026\n" + it + b"\n" for it in letters
        )

        assert self.read(mailbox) == [(1, "<1@a>"), (2, ""), (3, "<2@a>")]

    def test_reads_nothing_from_an_empty_file(self) -> None:
        assert self.read(b"") == []

    def test_keeps_no_more_than_one_message_of_bounded_size(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bounces, "LONGEST", 100)

        assert self.read(b"From x\n" + b"x: y\n" * 100 + b"\nFrom x\nA: b\n\n") == [
            (1, ""),
            (2, ""),
        ]


def test_nothing_that_anybody_mails_ends_the_reading() -> None:
    """Nested deeper than Python recurses, or with a day beyond the calendar."""
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(3000)
    )
    late = dsn("<1@example.org>", "failed", "5.1.1", "").replace(
        b"Mon, 2 Mar 2026 12:00:00 +0000", b"Fri, 31 Dec 9999 23:59:59 -1200"
    )

    assert bounces.report_of(deep) is None
    found = bounces.report_of(late)
    assert found is not None
    assert found.happened_at is None
