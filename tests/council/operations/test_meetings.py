"""Calling a meeting, its agenda, opening and ending it."""

from datetime import timedelta
from typing import Any

import pytest

from backlog.errors import Invalid, ReasonRequired
from backlog.models import CustomerRequest, Event, User
from council import errors
from council.models import AgendaItem, Council, Meeting
from council.operations import agenda_items, meetings
from tests.factories import NOON, backlog
from tests.factories import council as make

LATER = NOON + timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(council: Council) -> Meeting:
    return make.MeetingFactory.create(council=council)


@pytest.fixture
def in_session(council: Council) -> Meeting:
    return make.MeetingFactory.create(council=council, status="in_session", opened_at=NOON)


@pytest.fixture
def over(council: Council) -> Meeting:
    return make.MeetingFactory.create(
        council=council, status="minutes_draft", opened_at=NOON, ended_at=LATER
    )


class TestScheduleMeeting:
    def test_calls_the_council_together(self, council: Council, sora: User) -> None:
        meeting = meetings.schedule_meeting(
            council_id=council.pk, title="March", starts_at=LATER, place="5F", by=sora, at=NOON
        )

        meeting.refresh_from_db()
        assert (meeting.status, meeting.starts_at, meeting.minutes) == ("scheduled", LATER, 60)
        assert (meeting.title, meeting.place) == ("March", "5F")
        event = Event.objects.get()
        assert (event.kind, event.actor) == ("meeting.scheduled", sora)

    @pytest.mark.parametrize("minutes", [0, 4, 1441])
    def test_refuses_a_length_that_is_not_a_sitting(
        self, council: Council, sora: User, minutes: int
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            meetings.schedule_meeting(
                council_id=council.pk,
                title="March",
                starts_at=LATER,
                minutes=minutes,
                by=sora,
                at=NOON,
            )

        assert refusal.value.field == "minutes"

    def test_takes_a_time_that_has_passed_only_to_record_it_afterwards(
        self, council: Council, sora: User
    ) -> None:
        facts: dict[str, Any] = {"council_id": council.pk, "title": "March", "by": sora, "at": NOON}
        passed = NOON - timedelta(weeks=4)

        with pytest.raises(Invalid) as refusal:
            meetings.schedule_meeting(starts_at=passed, **facts)
        assert (refusal.value.field, refusal.value.code) == ("starts_at", "in_the_past")

        meetings.schedule_meeting(starts_at=NOON - timedelta(minutes=3), **facts)
        meetings.schedule_meeting(starts_at=passed, is_recorded_afterwards=True, **facts)
        assert Meeting.objects.count() == 2


class TestAddAgendaItem:
    def test_puts_a_request_at_the_end(
        self, meeting: Meeting, pay_faster: CustomerRequest, sora: User
    ) -> None:
        agenda_items.add_agenda_item(meeting_id=meeting.pk, title="Welcome", by=sora, at=NOON)

        item = agenda_items.add_agenda_item(
            meeting_id=meeting.pk, request_id=pay_faster.pk, minutes=15, by=sora, at=NOON
        )

        assert (item.position, item.minutes, item.status) == (2, 15, "scheduled")
        assert item.proposed_by == sora
        event = Event.objects.get(request=pay_faster)
        assert (event.kind, event.data) == ("agenda_item.added", {"meeting": meeting.pk})

    def test_refuses_a_request_twice_until_it_is_withdrawn(
        self, meeting: Meeting, pay_faster: CustomerRequest, sora: User
    ) -> None:
        def add() -> AgendaItem:
            return agenda_items.add_agenda_item(
                meeting_id=meeting.pk, request_id=pay_faster.pk, by=sora, at=NOON
            )

        first = add()
        with pytest.raises(errors.AlreadyOnAgenda, match=pay_faster.key):
            add()
        agenda_items.withdraw_agenda_item(agenda_item_id=first.pk, by=sora, at=NOON)

        assert add() != first

    def test_refuses_an_item_about_nothing(self, meeting: Meeting, sora: User) -> None:
        with pytest.raises(Invalid) as refusal:
            agenda_items.add_agenda_item(meeting_id=meeting.pk, title="  ", by=sora, at=NOON)

        assert (refusal.value.field, refusal.value.code) == ("title", "blank")

    def test_refuses_a_request_the_council_has_no_say_in(
        self, meeting: Meeting, sora: User
    ) -> None:
        other = backlog.RequestFactory.create()

        with pytest.raises(errors.ProductNotBeforeCouncil, match=other.key):
            agenda_items.add_agenda_item(
                meeting_id=meeting.pk, request_id=other.pk, by=sora, at=NOON
            )

    def test_refuses_when_the_meeting_is_over(self, over: Meeting, sora: User) -> None:
        with pytest.raises(errors.MeetingOver):
            agenda_items.add_agenda_item(meeting_id=over.pk, title="Late", by=sora, at=LATER)

    def test_counts_on_when_the_council_did_not_reach_the_request_before(
        self, meeting: Meeting, over: Meeting, pay_faster: CustomerRequest, sora: User
    ) -> None:
        make.AgendaItemFactory.create(
            meeting=over, request=pay_faster, status="deferred", times_deferred=2
        )

        item = agenda_items.add_agenda_item(
            meeting_id=meeting.pk, request_id=pay_faster.pk, by=sora, at=NOON
        )

        assert item.times_deferred == 2


class TestWithdrawAgendaItem:
    def test_stays_on_record(
        self, meeting: Meeting, pay_faster: CustomerRequest, sora: User
    ) -> None:
        item = make.AgendaItemFactory.create(meeting=meeting, request=pay_faster)

        for _ in range(2):
            agenda_items.withdraw_agenda_item(
                agenda_item_id=item.pk, reason="Solved", by=sora, at=NOON
            )

        item.refresh_from_db()
        assert item.status == "withdrawn"
        event = Event.objects.get()
        assert (event.kind, event.request, event.reason) == (
            "agenda_item.withdrawn",
            pay_faster,
            "Solved",
        )

    def test_refuses_what_was_decided(self, meeting: Meeting, sora: User) -> None:
        item = make.AgendaItemFactory.create(meeting=meeting, status="decided")

        with pytest.raises(errors.AgendaItemDecided):
            agenda_items.withdraw_agenda_item(agenda_item_id=item.pk, by=sora, at=NOON)


class TestOpenMeeting:
    def test_begins_it_once(self, meeting: Meeting, sora: User) -> None:
        for at in (NOON, LATER):
            meetings.open_meeting(meeting_id=meeting.pk, by=sora, at=at)

        meeting.refresh_from_db()
        assert (meeting.status, meeting.opened_at) == ("in_session", NOON)
        assert Event.objects.get().kind == "meeting.opened"

    def test_refuses_what_is_over(self, over: Meeting, sora: User) -> None:
        with pytest.raises(errors.MeetingOver):
            meetings.open_meeting(meeting_id=over.pk, by=sora, at=LATER)


class TestEndMeeting:
    def test_defers_what_was_not_reached_and_counts_it(
        self, in_session: Meeting, sora: User
    ) -> None:
        def item(**fields: object) -> AgendaItem:
            return make.AgendaItemFactory.create(meeting=in_session, **fields)

        decided = item(status="decided")
        unreached = item(times_deferred=1)
        topic = item(request=None, title="Holidays")
        news = item(request=None, title="Welcome", kind="inform")

        meetings.end_meeting(meeting_id=in_session.pk, by=sora, at=LATER)

        in_session.refresh_from_db()
        assert (in_session.status, in_session.ended_at) == ("minutes_draft", LATER)
        for each in (decided, unreached, topic, news):
            each.refresh_from_db()
        assert (decided.status, news.status) == ("decided", "informed")
        assert (unreached.status, unreached.times_deferred) == ("deferred", 2)
        assert (topic.status, topic.times_deferred) == ("deferred", 1)
        event = Event.objects.get(kind="meeting.ended")
        assert event.data == {"deferred": [unreached.pk, topic.pk]}

    def test_changes_nothing_the_second_time(self, in_session: Meeting, sora: User) -> None:
        item = make.AgendaItemFactory.create(meeting=in_session)

        for at in (NOON, LATER):
            meetings.end_meeting(meeting_id=in_session.pk, by=sora, at=at)

        item.refresh_from_db()
        in_session.refresh_from_db()
        assert (in_session.ended_at, item.times_deferred) == (NOON, 1)

    def test_refuses_what_has_not_begun(self, meeting: Meeting, sora: User) -> None:
        with pytest.raises(errors.MeetingNotInSession):
            meetings.end_meeting(meeting_id=meeting.pk, by=sora, at=LATER)


class TestCancelMeeting:
    def test_says_why_once(self, meeting: Meeting, sora: User) -> None:
        for at in (NOON, LATER):
            meetings.cancel_meeting(meeting_id=meeting.pk, reason="Holiday", by=sora, at=at)

        meeting.refresh_from_db()
        assert meeting.status == "cancelled"
        event = Event.objects.get()
        assert (event.kind, event.reason, event.at) == ("meeting.cancelled", "Holiday", NOON)

    def test_refuses_without_a_reason(self, meeting: Meeting, sora: User) -> None:
        with pytest.raises(ReasonRequired):
            meetings.cancel_meeting(meeting_id=meeting.pk, reason=" ", by=sora, at=NOON)

    def test_refuses_what_has_begun(self, in_session: Meeting, sora: User) -> None:
        with pytest.raises(errors.MeetingBegun):
            meetings.cancel_meeting(meeting_id=in_session.pk, reason="Fire", by=sora, at=NOON)
