"""The command that reads what came back."""

import io
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, load_command_class
from django.db import InterfaceError, OperationalError, connections

from backlog.delivery import links, rendering
from backlog.models import ContactPoint, Notice
from backlog.operations import notices
from backlog.queries import notices as notice_queries
from tests.backlog.intake.mails import complaint, dsn
from tests.backlog.operations.notices import written
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english_texts")]


def sent() -> Notice:
    return make.NoticeFactory.create(
        status="sent", sent_at=NOON, contact_point=make.ContactPointFactory.create()
    )


def address_of(notice: Notice) -> str:
    return ContactPoint.objects.get(notices=notice).address


def state_of(notice: Notice) -> tuple[str, str, str]:
    """Of the message, what its refusal was taken to mean, and of the address."""
    notice.refresh_from_db()
    assert notice.contact_point is not None
    return notice.status, notice.judged_as, notice.contact_point.state


def read(path: Path) -> list[str]:
    output = io.StringIO()
    call_command("read_bounces", str(path), stdout=output)
    return output.getvalue().splitlines()


def test_says_what_became_of_each_and_does_nothing_twice(tmp_path: Path) -> None:
    gone, angry, said = sent(), sent(), "smtp; 550 No such user"
    mails = [
        dsn(rendering.message_id(gone), "failed", "5.1.1", said, to=address_of(gone)),
        complaint(rendering.message_id(angry), "abuse"),
        dsn(rendering.message_id(angry), "delayed", "4.4.1", ""),
        dsn("<1@elsewhere.example>", "failed", "5.1.1", ""),
        b"Subject: On holiday\n\nI am away.\n",
    ]
    mailbox = tmp_path / "bounces.mbox"
    mailbox.write_bytes(b"".join(b"From x\n" + mail + b"\n" for mail in mails))

    assert read(mailbox)[:5] == [
        "1: bounced",
        "2: complained",
        "3: nothing has come of it yet",
        "4: not about a message of ours",
        "5: no report",
    ]
    assert set(Notice.objects.values_list("status", flat=True)) == {"bounced", "complained"}
    assert read(mailbox)[:2] == ["1: known already", "2: known already"]


def test_reads_what_is_piped_in(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = dsn(rendering.message_id(sent()), "delivered", "2.0.0", "")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    output = io.StringIO()

    call_command("read_bounces", "-", stdout=output)

    assert output.getvalue().startswith("1: arrived")


def test_says_when_the_file_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nothing"):
        call_command("read_bounces", str(tmp_path / "nothing"))


def about(raw: str, notice: Notice) -> bytes:
    """An input of outsiders, about this notice: its token, Message-ID and address are put in."""
    raw = re.sub(r"<notice-[^>]+>", rendering.message_id(notice), raw)
    raw = re.sub(r"<http[^>]+/unsubscribe/[^>]+>", f"<{links.unsubscribe_url(notice)}>", raw)
    return re.sub(r"cust-\w@example\.org", address_of(notice), raw).encode()


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "judged_as"),
    [
        ("03-ses.eml", "no_mailbox"),
        ("04-xorig.eml", "no_mailbox"),
        ("05-m365.eml", "no_mailbox"),
        ("06-global.eml", "no_mailbox"),
        ("10-disabled.eml", "disabled"),
    ],
)
def test_reads_what_outsiders_saw(shared: Path, tmp_path: Path, name: str, judged_as: str) -> None:
    notice, report = sent(), tmp_path / name
    report.write_bytes(about((shared / "faults/inputs" / name).read_text(), notice))

    assert read(report)[0] == "1: bounced"

    assert state_of(notice) == ("bounced", judged_as, "bounced")


@pytest.mark.parametrize("clue", ["X-Original-Message-ID", "List-Unsubscribe", "In-Reply-To"])
def test_knows_a_message_whose_id_was_rewritten(tmp_path: Path, clue: str) -> None:
    notice, report = sent(), tmp_path / "report.eml"
    raw = dsn("<rewritten@relay.example>", "failed", "5.1.1", "", to=address_of(notice))
    ours = rendering.message_id(notice)
    if clue == "List-Unsubscribe":
        ours = f"<mailto:u@example.org>,\n <{links.unsubscribe_url(notice)}>"
    field = f"{clue}: {ours}\n".encode()
    where = {"In-Reply-To": b"Subject: Undel", "List-Unsubscribe": b"Subject: What"}
    before = where.get(clue, b"Arrival-Date:")
    report.write_bytes(raw.replace(before, field + before))

    assert read(report)[0] == "1: bounced"
    assert state_of(notice) == ("bounced", "no_mailbox", "bounced")


@pytest.mark.parametrize("token", ["{pk}-0011223344556677.1xXkZh.forged", "", "."])
def test_believes_no_link_that_was_made_up(tmp_path: Path, token: str) -> None:
    notice, report = sent(), tmp_path / "report.eml"
    raw = dsn("<rewritten@relay.example>", "failed", "5.1.1", "", to=address_of(notice))
    link = f"List-Unsubscribe: <http://testserver/unsubscribe/{token.format(pk=notice.pk)}/>\n"
    report.write_bytes(raw.replace(b"Subject: What", link.encode() + b"Subject: What"))

    assert read(report)[0] == "1: not about a message of ours"
    assert state_of(notice) == ("sent", "", "usable")


def test_an_address_does_not_end_for_a_dead_member_of_its_alias(tmp_path: Path) -> None:
    """Final-Recipient is somebody else. Seen to close the shared address."""
    notice, report = sent(), tmp_path / "report.eml"
    raw = dsn(rendering.message_id(notice), "failed", "5.1.1", "", to="gone@example.org")
    report.write_bytes(raw)

    assert read(report)[0] == "1: came back"
    assert state_of(notice) == ("bounced", "other_recipient", "usable")


def test_a_filters_report_comes_back_while_its_message_is_being_recorded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Seen to end with 0: the mail server would throw the report away."""
    notice = written()
    [claim] = notices.claim_notices(by=None, at=NOON)
    raw = dsn(rendering.message_id(notice), "failed", "5.1.1", "", to=claim.address)

    assert pipe(raw, monkeypatch) == 75
    [line] = "".join(capsys.readouterr()).splitlines()
    assert "read it again later: 1" in line

    notices.record_sent(notice_ids=[notice.pk], lease_token=claim.token, by=None, at=NOON)
    assert pipe(raw, monkeypatch) == 0
    assert state_of(notice) == ("bounced", "no_mailbox", "bounced")


def test_other_messages_of_a_mailbox_are_kept_meanwhile(tmp_path: Path) -> None:
    leaving, gone = written(), sent()
    notices.claim_notices(by=None, at=NOON)
    mails = [
        dsn(rendering.message_id(each), "failed", "5.1.1", "", to=address_of(gone))
        for each in (leaving, gone)
    ]
    mailbox = tmp_path / "bounces.mbox"
    mailbox.write_bytes(b"".join(b"From x\n" + mail + b"\n" for mail in mails))

    with pytest.raises(CommandError, match="later: 1") as raised:
        read(mailbox)

    assert raised.value.returncode == 75
    assert state_of(gone) == ("bounced", "no_mailbox", "bounced")


@pytest.mark.parametrize("failure", [OperationalError, InterfaceError])
def test_a_filters_report_comes_back_while_the_database_is_down(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    failure: type[Exception],
) -> None:
    """Seen to end with a traceback: the mail server would throw the report away."""

    def is_down(_clue: str) -> None:
        raise failure("connection refused\n\tIs the server running?")

    monkeypatch.setattr(notice_queries, "notice_of", is_down)

    assert pipe(dsn("<1@example.org>", "failed", "5.1.1", ""), monkeypatch) == 75
    [line] = "".join(capsys.readouterr()).splitlines()
    assert "The database does not answer" in line
    assert "Is the server running?" in line


def pipe(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> int:
    """As a mail server runs it; what it ends with."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    command = load_command_class("backlog", "read_bounces")
    monkeypatch.setattr(connections, "close_all", lambda: None)
    try:
        command.run_from_argv(["manage.py", "read_bounces", "-"])
    except SystemExit as ended:
        return int(str(ended.code))
    return 0
