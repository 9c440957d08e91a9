"""Delivery reports and complaints, as mail servers write them."""

import io
import quopri
from base64 import encodebytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.intake import bounces, mbox
from backlog.rules import addresses
from tests.backlog.intake.mails import complaint, dsn, qmail

SERVER = "203.0.113.9"
ANSWERED = "Remote host said: "
GIVEN_UP = f"Giving up on {SERVER}."


def kind_and_id(raw: bytes) -> tuple[str, str]:
    report = bounces.report_of(raw)
    return (report.kind, report.message_id) if report else ("", "")


def passed_on(raw: bytes) -> bytes:
    """In a colleague's message about it."""
    line = f"--{len(raw)}".encode()
    return b"\n".join(
        [
            b"Message-ID: <2@example.org>",
            b'Content-Type: multipart/mixed; boundary="%d"\n' % len(raw),
            *(line, b"\nSee below.", line, b"Content-Type: message/rfc822\n", raw, line + b"--\n"),
        ]
    )


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
            ("expanded", "2.0.0", "", ""),
            ("failed (for good)", "5.1.1 (no such user)", "", "bounced"),
            ("failed", "5.1.1", "smtp; 550 Message refused", "returned"),
            ("failed", "5.0.0", "smtp; 550 SPF check failed", "returned"),
            ("failed", "5.0.0", "smtp; 550 Blocked by our blacklist", "returned"),
            (
                "failed",
                "5.4.1",
                "smtp; 550 5.4.1 Recipient address rejected: Access denied.",
                "bounced",
            ),
            ("failed", "5.2.1", "smtp; 550 5.2.1 The email account is disabled.", "bounced"),
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

    @pytest.mark.parametrize(
        ("said", "kind"),
        [
            ("Sorry, no mailbox here by that name. (#5.1.1)", "bounced"),
            (
                f"{SERVER} does not like recipient.\n{ANSWERED}550 User unknown\n{GIVEN_UP}",
                "bounced",
            ),
            (
                f"{SERVER} failed after I sent it.\n{ANSWERED}554 Looks like\nspam\n{GIVEN_UP}",
                "returned",
            ),
            ("Sorry, I couldn't find any host named example.org. (#5.1.2)", "returned"),
            ("I'm not going to try again; it has been in the queue too long. (#4.4.1)", "returned"),
        ],
    )
    def test_reads_what_qmail_writes(self, said: str, kind: str) -> None:
        report = bounces.report_of(qmail("<1@example.org>", said))

        assert report is not None
        assert (report.kind, report.message_id) == (kind, "<1@example.org>")
        assert report.recipient == "mira@example.org"

    @pytest.mark.parametrize(
        "text",
        [
            *("Hi. This is the post.", "Hi. This is the qmail\n\n<a@b.kr>:\nSorry"),
            *("<a@b.kr>:\nno\n\n---", "Hi. This is the qmail\n\n---"),
        ],
    )
    def test_takes_no_other_letter_for_one_of_qmails(self, text: str) -> None:
        assert bounces.report_of(f"Subject: Hello\n\n{text}\n".encode()) is None

    def test_finds_the_message_where_only_its_headers_came_back(self) -> None:
        raw = dsn("<1@example.org>", "failed", "5.1.1", "")
        report = bounces.report_of(raw.replace(b"message/rfc822", b"text/rfc822-headers"))

        assert report is not None
        assert report.message_id == "<1@example.org>"

    @pytest.mark.parametrize(
        ("kind", "expected"),
        [
            ("abuse", "complained"),
            ("fraud", "complained"),
            ("Opt-Out", "complained"),
            ("not-spam", ""),
            ("auth-failure", ""),
            ("virus", ""),
            ("other", ""),
            ("", ""),
        ],
    )
    def test_understands_complaints(self, kind: str, expected: str) -> None:
        report = bounces.report_of(complaint("<1@example.org>", kind))

        assert report is not None
        assert (report.kind, report.message_id) == (expected, "<1@example.org>")

    @pytest.mark.parametrize("wrapping", ["mixed", "report", "mixed; x-unknown=1", "related"])
    def test_finds_a_report_in_any_multipart(self, wrapping: str) -> None:
        raw = dsn("<1@example.org>", "failed", "5.1.1", "").replace(
            b"multipart/report; report-type=delivery-status", f"multipart/{wrapping}".encode()
        )

        assert kind_and_id(raw) == ("bounced", "<1@example.org>")

    def test_finds_a_report_that_was_passed_on_whole(self) -> None:
        report = dsn("<1@example.org>", "failed", "5.1.1", "")

        for _times in range(3):
            report = passed_on(report)

        assert kind_and_id(report) == ("bounced", "<1@example.org>")
        assert bounces.report_of(passed_on(report)) is None, "nobody passes it on so often"

    @pytest.mark.parametrize("encoding", ["7bit", "base64", "quoted-printable"])
    def test_reads_reports_for_names_in_all_scripts(self, encoding: str) -> None:
        """RFC 6533 lets them be encoded, fields and returned message alike."""
        status = "Reporting-MTA: dns; x\n\nFinal-Recipient: utf-8; 미라@예시.example\n"
        status += "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 없는 사용자\n"
        coded = {"base64": encodebytes, "quoted-printable": quopri.encodestring}.get(
            encoding, bytes
        )
        raw = b"".join(
            [
                b'Content-Type: multipart/report; boundary="x"\n\n',
                b"--x\nContent-Type: message/global-delivery-status\n",
                f"Content-Transfer-Encoding: {encoding}\n\n".encode(),
                coded(status.encode()),
                b"\n--x\nContent-Type: message/global-headers\n",
                f"Content-Transfer-Encoding: {encoding}\n\n".encode(),
                coded("Message-ID: <1@example.org>\nSubject: 안녕\n".encode()),
                b"\n--x--\n",
            ]
        )

        report = bounces.report_of(raw)

        assert report is not None
        assert (report.kind, report.message_id) == ("bounced", "<1@example.org>")
        assert report.detail == "5.1.1 smtp; 550 5.1.1 없는 사용자"
        assert report.recipient == addresses.bare("미라@예시.example")

    def test_keeps_all_that_may_name_the_message_and_the_best_first(self) -> None:
        raw = dsn("<rewritten@relay.example>", "failed", "5.1.1", "")
        raw = raw.replace(
            b"Subject: Undel", b"In-Reply-To: <3@a>\nReferences: <2@a> <4@a>\nSubject: Undel"
        )
        raw = raw.replace(b"Arrival-Date:", b"X-Original-Message-ID: <5@a>\nArrival-Date:")
        raw = raw.replace(
            b"Subject: What",
            b"List-Unsubscribe:\n <http://a/unsubscribe/t/>\nReferences: <9@a>\nSubject: What",
        )

        report = bounces.report_of(raw)

        assert report is not None
        assert report.clues == (
            *("<rewritten@relay.example>", "<5@a>", "<http://a/unsubscribe/t/>", "<3@a>", "<4@a>"),
        )

    def test_of_several_recipients_believes_what_is_said_of_ours(self) -> None:
        """An alias has members of whom one is dead."""
        ours, member = "To: mira@example.org\n", "Final-Recipient: rfc822; gone@example.org\n"
        raw = dsn("<1@a>", "delivered", "2.0.0", "").replace(
            b"Subject: What", f"{ours}Subject: What".encode()
        )
        raw = raw.replace(
            b"--x\nContent-Type: message/rfc822",
            f"\n{member}Action: failed\nStatus: 5.1.1\n--x\nContent-Type: message/rfc822".encode(),
        )

        report = bounces.report_of(raw)
        without = bounces.report_of(raw.replace(ours.encode(), b""))

        assert report is not None
        assert (report.kind, report.recipient) == ("delivered", "mira@example.org")
        assert without is not None
        assert (without.kind, without.recipient) == ("bounced", "gone@example.org")

    def test_of_recipients_who_are_none_of_ours_believes_the_one_that_failed(self) -> None:
        """In whatever order the server tells of them."""
        other = "\nFinal-Recipient: rfc822; here@example.org\nAction: delivered\nStatus: 2.0.0\n"
        raw = dsn("<1@a>", "failed", "5.1.1", "", to="gone@example.org").replace(
            b"--x\nContent-Type: message/rfc822",
            f"{other}--x\nContent-Type: message/rfc822".encode(),
        )

        report = bounces.report_of(raw)

        assert report is not None
        assert (report.kind, report.recipient) == ("bounced", "gone@example.org")

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
        mails = [
            dsn("<1@a>", "failed", "5.1.1", ""),
            b"Subject: Hi\n\n",
            complaint("<2@a>", "abuse"),
        ]
        mailbox = b"".join(
            b"From MAILER-DAEMON Mon Mar  2 12:00:00 2026\n" + it + b"\n" for it in mails
        )

        assert self.read(mailbox) == [(1, "<1@a>"), (2, ""), (3, "<2@a>")]

    def test_reads_nothing_from_an_empty_file(self) -> None:
        assert self.read(b"") == []

    def test_keeps_no_more_than_one_message_of_bounded_size(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(mbox, "LONGEST", 100)

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
