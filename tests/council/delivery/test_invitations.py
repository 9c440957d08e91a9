"""The mail of an invitation: in the reader's language and by their clock."""

from datetime import timedelta
from email import message_from_bytes, policy

import icalendar
import pytest

from backlog.delivery import mail
from council.delivery import invitation_links, invitations
from council.models import Invitation
from tests.factories import NOON, people
from tests.factories import council as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> Invitation:
    reader = people.UserFactory.create(language="en", time_zone="America/New_York")
    meeting = make.MeetingFactory.create(title="May", starts_at=NOON)
    return make.InvitationFactory.create(meeting=meeting, user=reader)


def test_says_when_by_the_readers_clock_and_carries_a_calendar(row: Invitation) -> None:
    message = invitations.message(row, at=NOON)

    assert message.subject.startswith("Invitation: May")
    assert "7 a.m." in message.text or "07:00" in message.text
    assert f"/invitation/{row.pk}-" in message.text
    assert message.calendar is not None
    assert message.calendar.method == "REQUEST"


@pytest.mark.parametrize(
    ("facts", "subject"),
    [
        ({"sent_at": NOON}, "Changed: May"),
        ({"sent_at": NOON, "method": "cancel"}, "Called off: May"),
    ],
)
def test_says_what_became_of_it(row: Invitation, facts: dict[str, object], subject: str) -> None:
    for name, value in facts.items():
        setattr(row, name, value)

    assert invitations.message(row, at=NOON).subject.startswith(subject)


def test_leaves_as_mail_that_calendars_know(row: Invitation) -> None:
    sent = mail.automatic_mail(invitations.message(row, at=NOON), to=row.user.email).message()

    parsed = message_from_bytes(sent.as_bytes(), policy=policy.default)
    (part,) = [it for it in parsed.walk() if it.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REQUEST"
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert event["SUMMARY"] == "May"


def test_a_link_is_good_for_one_invitation_and_not_when_tampered_with(row: Invitation) -> None:
    token = invitation_links.answer_url(row).rstrip("/").rpartition("/")[2]

    assert invitation_links.read(token) == (row.pk, row.meeting_id, row.user_id)
    for wrong in (token[:-1], f"9{token}", ""):
        with pytest.raises(invitation_links.Refused):
            invitation_links.read(wrong)
    assert timedelta(days=365) < invitation_links.LASTS
