"""The command that reads what came back."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from backlog.delivery import rendering
from backlog.models import Notice
from tests.backlog.intake.letters import complaint, dsn
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def sent() -> Notice:
    return make.NoticeFactory.create(
        status="sent", sent_at=NOON, contact_point=make.ContactPointFactory.create()
    )


def read(path: Path) -> list[str]:
    output = io.StringIO()
    call_command("read_bounces", str(path), stdout=output)
    return output.getvalue().splitlines()


def test_says_what_became_of_each_and_does_nothing_twice(tmp_path: Path) -> None:
    gone, angry = sent(), sent()
    letters = [
        dsn(rendering.message_id(gone), "failed", "5.1.1", "smtp; 550 No such user"),
        complaint(rendering.message_id(angry), "abuse"),
        dsn(rendering.message_id(angry), "delayed", "4.4.1", ""),
        dsn("<1@elsewhere.example>", "failed", "5.1.1", ""),
        b"Subject: On holiday\n\nI am away.\n",
    ]
    mailbox = tmp_path / "bounces.mbox"
    mailbox.write_bytes(b"".join(b"From x\n" + letter + b"\n" for letter in letters))

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
