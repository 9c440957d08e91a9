"""The local mailbox keeps what would have been sent, and shows it as it would have arrived."""

from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from backlog.delivery import mail, mailbox
from backlog.delivery.rendering import Message
from tests.factories import NOON


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "backlog.delivery.mailbox.MailboxBackend"
    settings.MAILBOX_DIR = tmp_path / "mailbox"
    return tmp_path / "mailbox"


def send(subject: str, *, hours: int = 0) -> None:
    headers = {
        "Date": format_datetime(NOON + timedelta(hours=hours)),
        "Content-Language": "ko",
        "Message-ID": "<1@example.org>",
    }
    message = Message(subject, "글", "<p>글</p>", headers)
    with mail.Sender() as sender:
        sender.send(message, to="mira@example.org")


def test_shows_what_was_sent_the_newest_first() -> None:
    send("First")
    send("Second", hours=1)

    mails = mailbox.messages()

    assert [mail.subject for mail in mails] == ["Second", "First"]
    assert [mail.subject for mail in mailbox.messages(limit=1)] == ["Second"]
    assert mails[1].sent_at == NOON


def test_reads_a_letter_as_it_would_have_arrived() -> None:
    send("결제가 빨라졌습니다")

    mail = mailbox.read(mailbox.messages()[0].id)

    assert mail is not None
    assert (mail.subject, mail.to) == ("결제가 빨라졌습니다", "mira@example.org")
    assert (mail.text.strip(), mail.html.strip()) == ("글", "<p>글</p>")
    assert mail.language == "ko"
    assert b"Message-ID: <1@example.org>" in mail.source


def test_is_empty_before_anything_was_sent() -> None:
    assert mailbox.messages() == []


@pytest.mark.parametrize("name", ["", "..", "../secret", "20260302T120000-0123456789abcdef"])
def test_reads_no_other_file(folder: Path, name: str) -> None:
    folder.mkdir()
    (folder.parent / "secret.eml").write_text("Subject: secret\n\n")

    assert mailbox.read(name) is None


def test_never_shows_half_a_letter(folder: Path) -> None:
    send("Whole")
    (folder / "20260302T120000-0123456789abcdef.part").write_text("Subject: ha")

    assert [mail.subject for mail in mailbox.messages()] == ["Whole"]
