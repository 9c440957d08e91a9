"""The command says what became of each message, and reading it again changes nothing."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from council.delivery import calendars
from council.models import Invitation
from tests.factories import council as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> Invitation:
    meeting = make.MeetingFactory.create(starts_at=timezone.now() + timedelta(days=3))
    return make.InvitationFactory.create(meeting=meeting)


def reply(uid: str, sender: str, attendee: str | None = None) -> str:
    stamp = f"{timezone.now():%Y%m%dT%H%M%SZ}"
    return (
        f"From: {sender}\nSubject: Accepted\nContent-Type: text/calendar; method=REPLY\n\n"
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nMETHOD:REPLY\nBEGIN:VEVENT\n"
        f"UID:{uid}\nSEQUENCE:0\nDTSTAMP:{stamp}\n"
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{attendee or sender}\nEND:VEVENT\nEND:VCALENDAR\n"
    )


def read(place: Path, *mails: str) -> list[str]:
    file = place / "mbox"
    file.write_text("\n".join(f"From x@y.z Mon Mar  2 13:00:00 2026\n{it}" for it in mails))
    out = StringIO()
    with translation.override("en"):
        call_command("read_calendar_replies", str(file), stdout=out, no_color=True)
    return [it.partition(": ")[2] for it in out.getvalue().splitlines() if ": " in it]


def test_takes_what_is_ours_once(row: Invitation, tmp_path: Path) -> None:
    mine = reply(calendars.uid(row.meeting), row.user.email)

    assert read(tmp_path, mine) == ["taken"]
    assert read(tmp_path, mine) == ["known already"]
    row.refresh_from_db()
    assert row.answer == "yes"


def test_says_why_it_takes_nothing_else(row: Invitation, tmp_path: Path) -> None:
    uid = calendars.uid(row.meeting)

    said = read(
        tmp_path,
        reply(uid, "stranger@example.com"),
        reply(uid, "mallory@example.com", row.user.email),
        reply("meeting-1@elsewhere.example", row.user.email),
        "From: a@b.c\nSubject: Hello\n\nHello\n",
    )

    assert said == [
        "from somebody who is not asked to this meeting",
        "sent from another address than it answers for",
        "not about a meeting of ours",
        "no calendar in it",
    ]
    row.refresh_from_db()
    assert row.answer == ""


def test_says_that_there_is_no_such_file() -> None:
    with pytest.raises(CommandError):
        call_command("read_calendar_replies", "/nowhere/at/all")
