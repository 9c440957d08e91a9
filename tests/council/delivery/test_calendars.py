"""What calendars are given parses, keeps its UID, and says when it is newer."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from council.delivery import calendars
from council.models import Invitation, Meeting
from tests.factories import NOON, people
from tests.factories import council as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting() -> Meeting:
    return make.MeetingFactory.create(title="월례 회의, May; “one”", place="5층\n회의실")


def event_of(text: str) -> icalendar.Event:
    calendar = icalendar.Calendar.from_ical(text)
    (event,) = calendar.walk("VEVENT")
    assert isinstance(event, icalendar.Event)
    return event


def ask(meeting: Meeting, **facts: object) -> Invitation:
    return make.InvitationFactory.create(meeting=meeting, **facts)


class TestInvitation:
    def test_says_who_when_and_where(self, meeting: Meeting) -> None:
        mina = people.UserFactory.create(name="Mina, Kim", email="mina@example.com")
        row = ask(meeting, user=mina, answer="yes", answered_at=NOON)

        text = calendars.invitation(row, [row], at=NOON)

        event = event_of(text)
        assert icalendar.Calendar.from_ical(text)["METHOD"] == "REQUEST"
        assert event["SUMMARY"] == meeting.title
        assert event["LOCATION"] == meeting.place
        assert event.decoded("DTSTART") == meeting.starts_at
        assert event.decoded("DTEND") == meeting.starts_at + timedelta(minutes=60)
        attendee = event["ATTENDEE"]
        assert str(attendee) == "mailto:mina@example.com"
        assert (attendee.params["PARTSTAT"], attendee.params["CN"]) == ("ACCEPTED", "Mina, Kim")
        assert calendars.organizer() in str(event["ORGANIZER"])

    def test_keeps_its_uid_and_raises_its_sequence(self, meeting: Meeting) -> None:
        row = ask(meeting)
        first = event_of(calendars.invitation(row, [row], at=NOON))
        row.sequence, row.method = 3, "cancel"

        text = calendars.invitation(row, [row], at=NOON)

        last = event_of(text)
        assert last["UID"] == first["UID"]
        assert (first["SEQUENCE"], last["SEQUENCE"]) == (0, 3)
        assert last["STATUS"] == "CANCELLED"
        assert icalendar.Calendar.from_ical(text)["METHOD"] == "CANCEL"

    def test_has_a_uid_that_leads_back_and_no_other_does(self, meeting: Meeting) -> None:
        uid = calendars.uid(meeting)

        assert calendars.meeting_of(uid) == meeting.pk
        for other in (f"meeting-{meeting.pk}@elsewhere.example", "meeting-x@y", "", uid + "x"):
            assert calendars.meeting_of(other) is None

    @pytest.mark.parametrize("zone", ["Asia/Seoul", "Europe/Berlin", "America/New_York"])
    @pytest.mark.parametrize(
        "day", [(2026, 3, 6), (2026, 3, 9), (2026, 3, 30), (2026, 10, 26), (2026, 11, 2)]
    )
    def test_is_the_same_moment_for_everybody_across_daylight_saving(
        self, zone: str, day: tuple[int, int, int]
    ) -> None:
        there = ZoneInfo(zone)
        starts_at = datetime(*day, 10, 0, tzinfo=there)
        row = ask(make.MeetingFactory.create(starts_at=starts_at.astimezone(UTC)))

        start = event_of(calendars.invitation(row, [row], at=NOON)).decoded("DTSTART")

        assert start.astimezone(there).strftime("%Y-%m-%d %H:%M") == "{}-{:02}-{:02} 10:00".format(
            *day
        )

    def test_writes_no_line_that_a_calendar_cannot_hold(self, meeting: Meeting) -> None:
        row = ask(meeting)

        lines = calendars.invitation(row, [row], at=NOON).encode().split(b"\r\n")

        assert max(map(len, lines)) <= 75
        assert not any(b"\n" in line for line in lines)


class TestFeed:
    def test_has_meetings_and_what_is_due(self, meeting: Meeting) -> None:
        action = make.ActionItemFactory.create(title="Ask the bank")

        text = calendars.feed([meeting], [action], name="Hearback")

        events = {
            str(it["SUMMARY"]): it for it in icalendar.Calendar.from_ical(text).walk("VEVENT")
        }
        assert events[meeting.title]["UID"] == calendars.uid(meeting)
        (due,) = [it for name, it in events.items() if "Ask the bank" in name]
        assert due.decoded("DTSTART") == action.due_on

    def test_is_the_same_file_while_nothing_changes(self, meeting: Meeting) -> None:
        texts = {calendars.feed([meeting], [], name="Hearback") for _again in range(3)}

        assert len(texts) == 1
