"""A meeting that was called off, or never opened in its time: what was on its agenda is free."""

from datetime import timedelta

import pytest

from backlog.models import CustomerRequest, User
from council.models import AgendaItem, Council, Meeting
from council.operations import action_items, agenda_items, decisions, meetings
from council.queries import decisions as decision_queries
from tests.factories import NOON
from tests.factories import council as make

DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


def meeting(council: Council, days: int = 1, **facts: object) -> Meeting:
    made: Meeting = make.MeetingFactory.create(
        council=council, starts_at=NOON + days * DAY, **facts
    )
    return made


def counts(request: CustomerRequest) -> list[tuple[str, int]]:
    rows = AgendaItem.objects.filter(request=request).order_by("pk")
    return [(row.status, row.times_deferred) for row in rows]


class TestWhenItCameToNothing:
    @pytest.mark.parametrize(
        ("facts", "hours", "is_so"),
        [
            ({"status": "cancelled"}, 0, True),
            ({"minutes": 90}, 1.4, False),
            ({"minutes": 90}, 1.5, True),
            ({"status": "draft"}, 2, True),
            ({"status": "in_session", "opened_at": NOON}, 30, False),
            ({"status": "minutes_draft", "opened_at": NOON, "ended_at": NOON}, 30, False),
        ],
    )
    def test_is_when_it_was_called_off_or_not_opened_until_it_was_over(
        self, council: Council, facts: dict[str, object], hours: float, is_so: bool
    ) -> None:
        sitting = meeting(council, 0, **facts)

        nothing = Meeting.objects.came_to_nothing(at=NOON + timedelta(hours=hours))

        assert list(nothing) == ([sitting] if is_so else [])


class TestCarryingOver:
    def test_ending_puts_what_was_not_reached_on_the_next_agenda(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        sitting = meeting(council, 0, status="in_session", opened_at=NOON)
        upcoming = meeting(council)
        meeting(council, 2)
        make.AgendaItemFactory.create(meeting=sitting, request=pay_faster, times_deferred=1)

        for _twice in range(2):
            meetings.end_meeting(meeting_id=sitting.pk, by=sora, at=NOON)

        assert counts(pay_faster) == [("deferred", 2), ("scheduled", 2)]
        assert upcoming.agenda_items.get().request == pay_faster

    def test_the_count_goes_on_over_a_meeting_that_was_called_off(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        called_off, then = meeting(council), meeting(council, 2)
        make.AgendaItemFactory.create(meeting=called_off, request=pay_faster, times_deferred=2)

        meetings.cancel_meeting(meeting_id=called_off.pk, reason="Ill", by=sora, at=NOON)

        assert counts(pay_faster) == [("deferred", 2), ("scheduled", 2)]
        meetings.open_meeting(meeting_id=then.pk, by=sora, at=NOON + 2 * DAY)
        meetings.end_meeting(meeting_id=then.pk, by=sora, at=NOON + 2 * DAY)
        assert counts(pay_faster)[-1] == ("deferred", 3)

    def test_the_next_meeting_that_is_called_takes_over_what_a_missed_one_left(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        make.AgendaItemFactory.create(
            meeting=meeting(council), request=pay_faster, times_deferred=2
        )

        later = NOON + 3 * DAY
        called = meetings.schedule_meeting(
            council_id=council.pk, title="Next", starts_at=later + DAY, by=sora, at=later
        )

        item = called.agenda_items.get()
        assert (item.request, item.times_deferred) == (pay_faster, 2)

    def test_a_meeting_that_is_recorded_afterwards_takes_nothing_over(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        make.AgendaItemFactory.create(meeting=meeting(council), request=pay_faster)

        recorded = meetings.schedule_meeting(
            council_id=council.pk,
            title="Before",
            starts_at=NOON,
            is_recorded_afterwards=True,
            by=sora,
            at=NOON + 3 * DAY,
        )

        assert not recorded.agenda_items.exists()

    def test_what_another_council_is_to_decide_now_is_left_to_it(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        sitting = meeting(council, 0, status="in_session", opened_at=NOON)
        upcoming, other = meeting(council), make.CouncilFactory.create()
        other.products.add(pay_faster.product)
        make.AgendaItemFactory.create(meeting=meeting(other), request=pay_faster)
        make.AgendaItemFactory.create(meeting=sitting, request=pay_faster)

        meetings.end_meeting(meeting_id=sitting.pk, by=sora, at=NOON)

        assert not upcoming.agenda_items.exists()

    def test_what_the_council_does_not_decide_any_more_is_not_carried_over(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        sitting = meeting(council, 0, status="in_session", opened_at=NOON)
        upcoming = meeting(council)
        make.AgendaItemFactory.create(meeting=sitting, request=pay_faster)
        council.products.clear()

        meetings.end_meeting(meeting_id=sitting.pk, by=sora, at=NOON)

        assert not upcoming.agenda_items.exists()

    def test_what_was_taken_off_a_later_agenda_does_not_come_back(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        before = meeting(council, -1, status="minutes_draft", opened_at=NOON, ended_at=NOON)
        make.AgendaItemFactory.create(meeting=before, request=pay_faster, status="deferred")
        sitting = meeting(council, 0, status="in_session", opened_at=NOON)
        make.AgendaItemFactory.create(meeting=sitting, request=pay_faster, status="withdrawn")
        upcoming = meeting(council)

        meetings.end_meeting(meeting_id=sitting.pk, by=sora, at=NOON)

        assert not upcoming.agenda_items.exists()

    def test_by_hand_the_count_goes_on_too(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        make.AgendaItemFactory.create(
            meeting=meeting(council), request=pay_faster, times_deferred=2
        )
        then = meeting(council, 9)

        item = agenda_items.add_agenda_item(
            meeting_id=then.pk, request_id=pay_faster.pk, by=sora, at=NOON + 3 * DAY
        )

        assert item.times_deferred == 2

    def test_what_was_decided_since_is_left_alone(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        sitting = meeting(council, 0, status="in_session", opened_at=NOON)
        meeting(council)
        make.AgendaItemFactory.create(meeting=sitting, request=pay_faster)
        CustomerRequest.objects.update(status="approved")

        meetings.end_meeting(meeting_id=sitting.pk, by=sora, at=NOON)

        assert counts(pay_faster) == [("deferred", 1)]

    def test_what_stands_on_another_agenda_is_not_put_there_twice(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        sitting = meeting(council, 0, status="in_session", opened_at=NOON)
        make.AgendaItemFactory.create(meeting=sitting, request=pay_faster)
        make.AgendaItemFactory.create(meeting=meeting(council), request=pay_faster)

        meetings.end_meeting(meeting_id=sitting.pk, by=sora, at=NOON)

        assert AgendaItem.objects.awaited(at=NOON).count() == 1


class TestWhatCanStillBeDecided:
    def test_an_item_that_became_an_action_can_be(
        self, council: Council, pay_faster: CustomerRequest, sora: User, noor: User
    ) -> None:
        sitting = meeting(council, 0, status="in_session", opened_at=NOON)
        item = make.AgendaItemFactory.create(meeting=sitting, request=pay_faster)
        action_items.assign_action(
            council_id=council.pk,
            agenda_item_id=item.pk,
            title="Ask",
            owner=noor,
            due_on=NOON.date() + DAY,
            by=sora,
            at=NOON,
        )
        item.refresh_from_db()
        assert item.status == "actioned"
        assert decision_queries.can_be_decided(item)

        decisions.record_decision(
            council_id=council.pk,
            request_id=pay_faster.pk,
            agenda_item_id=item.pk,
            verdict="approve",
            rationale="Cheap.",
            by=sora,
            at=NOON,
        )

        assert not decision_queries.can_be_decided(AgendaItem.objects.get(pk=item.pk))
