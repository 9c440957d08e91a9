"""What the agenda proposes by itself, and taking it on."""

from datetime import timedelta

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from backlog.models import CustomerRequest, User
from council import errors
from council.models import AgendaItem, Council, Meeting
from council.operations import agenda_proposals
from council.queries import agenda_proposals as proposal_queries
from council.rules.agenda_reasons import Code
from tests.factories import NOON, backlog
from tests.factories import council as make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def meeting(council: Council) -> Meeting:
    return make.MeetingFactory.create(council=council, minutes=90, starts_at=NOON + 3 * DAY)


def reasons(meeting: Meeting, user: User | None = None) -> dict[str, list[tuple[str, int]]]:
    """By key, the codes and figures of all candidates."""
    found = proposal_queries.candidates_for(meeting, user=user, at=NOON)
    return {each.key: [(it.code.value, it.n) for it in each.reasons] for each in found}


def test_proposes_the_top_of_the_backlog_with_what_else_speaks_for_it(
    meeting: Meeting, pay_faster: CustomerRequest
) -> None:
    CustomerRequest.objects.filter(pk=pay_faster.pk).update(contested=61, drift=-32)

    found = reasons(meeting)[pay_faster.key]

    assert found == [("contested", 61), ("drift", -32), ("top", 1), ("waiting", 0)]


def test_proposes_what_customers_say_is_not_solved(
    meeting: Meeting, council: Council, pay_faster: CustomerRequest
) -> None:
    solved = backlog.RequestFactory.create(product=pay_faster.product, status="delivered")
    outcome = backlog.OutcomeFactory.create(commitment__request=solved)
    for days in (1, 2):
        backlog.ReplyFactory.create(
            obligation__request=solved,
            obligation__announcement=outcome.announcement,
            verdict="no",
            answered_at=NOON - days * DAY,
        )

    assert reasons(meeting)[solved.key] == [("disputed", 2)]


def test_proposes_decisions_that_are_due_and_actions_that_are_overdue(
    meeting: Meeting, council: Council, pay_faster: CustomerRequest
) -> None:
    deferred = backlog.RequestFactory.create(product=pay_faster.product, status="deferred")
    day = (NOON + DAY).date()
    make.DecisionFactory.create(council=council, request=deferred, verdict="defer", review_on=day)
    make.ActionItemFactory.create_batch(2, council=council, due_on=(NOON - DAY).date())

    found = reasons(meeting)

    assert found[deferred.key] == [("review_due", 0)]
    assert found["overdue_actions"] == [("overdue_actions", 2)]


def test_says_for_whom_customers_wait_in_silence(
    meeting: Meeting, pay_faster: CustomerRequest
) -> None:
    backlog.EvidenceFactory.create(
        request=pay_faster,
        feedback__said_at=NOON - 100 * DAY,
        feedback__customer=backlog.CustomerFactory.create(),
    )

    assert (Code.SILENT.value, 1) in reasons(meeting)[pay_faster.key]


def test_proposes_nothing_that_is_on_an_agenda_or_was_taken_off_this_one(
    meeting: Meeting, council: Council, pay_faster: CustomerRequest
) -> None:
    item = make.AgendaItemFactory.create(
        meeting=make.MeetingFactory.create(council=council, starts_at=NOON + DAY),
        request=pay_faster,
    )
    assert reasons(meeting) == {}

    item.meeting, item.status = meeting, "withdrawn"
    item.save()
    assert reasons(meeting) == {}


def test_leaves_what_the_council_dealt_with_alone_for_a_while(
    meeting: Meeting, council: Council, pay_faster: CustomerRequest
) -> None:
    ended = NOON - DAY
    earlier = make.MeetingFactory.create(
        council=council, status="minutes_draft", opened_at=ended, ended_at=ended, starts_at=ended
    )
    make.AgendaItemFactory.create(meeting=earlier, request=pay_faster, status="decided")
    assert reasons(meeting) == {}

    Meeting.objects.filter(pk=earlier.pk).update(ended_at=NOON - 60 * DAY)
    assert pay_faster.key in reasons(meeting)


def test_ages_with_each_meeting_that_ended_without_it(
    meeting: Meeting, council: Council, pay_faster: CustomerRequest
) -> None:
    CustomerRequest.objects.update(status_changed_at=NOON - 10 * DAY)
    for days in (20, 9, 4):
        ended = NOON - days * DAY
        make.MeetingFactory.create(
            council=council, status="approved", opened_at=ended, ended_at=ended, starts_at=ended
        )

    [found] = proposal_queries.candidates_for(meeting, user=None, at=NOON)

    assert found.passed_over == 2


@pytest.mark.parametrize(("minutes_before", "learnt"), [(None, 25), (11, 10)])
def test_learns_from_how_long_decisions_took(
    meeting: Meeting,
    council: Council,
    pay_faster: CustomerRequest,
    minutes_before: int | None,
    learnt: int,
) -> None:
    """From when an item was called up, or else from the decision before."""
    began = NOON - 40 * DAY
    earlier = make.MeetingFactory.create(
        council=council,
        status="approved",
        starts_at=began,
        opened_at=began,
        ended_at=began + timedelta(hours=3),
    )
    for number in range(1, 6):
        decided_at = began + number * timedelta(minutes=27)
        called_at = minutes_before and decided_at - timedelta(minutes=minutes_before)
        item = make.AgendaItemFactory.create(
            meeting=earlier, status="decided", activated_at=called_at
        )
        make.DecisionFactory.create(council=council, agenda_item=item, decided_at=decided_at)

    [found] = proposal_queries.candidates_for(meeting, user=None, at=NOON)

    assert found.minutes == learnt


class TestProposeAgenda:
    def test_takes_on_what_fits_once_and_keeps_what_stands(
        self, meeting: Meeting, pay_faster: CustomerRequest, sora: User
    ) -> None:
        standing = make.AgendaItemFactory.create(
            meeting=meeting, request=None, title="Welcome", minutes=80, position=1
        )
        backlog.RequestFactory.create_batch(3, product=pay_faster.product, status="approved")

        assert self.propose(meeting, sora) == []  # A decision takes fifteen minutes.
        standing.minutes = 70
        standing.save()
        assert [it.request for it in self.propose(meeting, sora)] == [pay_faster]
        assert self.propose(meeting, sora) == []
        item = meeting.agenda_items.get(request=pay_faster)
        assert (item.position, item.kind, item.status) == (2, "decide", "scheduled")
        assert [each["code"] for each in item.reasons] == ["top", "waiting"]

    def test_takes_on_only_what_is_chosen(
        self, meeting: Meeting, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        make.ActionItemFactory.create(council=council, due_on=(NOON - DAY).date())

        with translation.override("en"):
            [item] = agenda_proposals.propose_agenda(
                meeting_id=meeting.pk, keys=["overdue_actions", "GONE-1"], by=sora, at=NOON
            )

        assert (item.request, item.kind, item.title) == (None, "discuss", "Overdue action items")
        assert "overdue_actions" not in reasons(meeting)

    def test_brings_back_what_was_carried_over_first(
        self, meeting: Meeting, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        began = NOON - DAY
        earlier = make.MeetingFactory.create(
            council=council, status="minutes_draft", opened_at=began, ended_at=began
        )
        backlog.RequestFactory.create_batch(9, product=pay_faster.product, status="under_review")
        left = make.AgendaItemFactory.create(
            meeting=earlier, request=pay_faster, status="deferred", times_deferred=2, minutes=35
        )

        item = self.propose(meeting, sora)[0]

        assert (item.carried_from, item.minutes, item.times_deferred) == (left, 35, 2)
        assert item.reasons[0] == {"code": "carried_over", "n": 2, "since": ""}

    def test_refuses_when_the_meeting_is_over(self, meeting: Meeting, sora: User) -> None:
        Meeting.objects.update(status="cancelled")

        with pytest.raises(errors.MeetingOver):
            self.propose(meeting, sora)

    def propose(self, meeting: Meeting, by: User) -> list[AgendaItem]:
        return agenda_proposals.propose_agenda(meeting_id=meeting.pk, by=by, at=NOON)


def test_asks_as_much_of_the_database_for_many_as_for_one(
    meeting: Meeting, pay_faster: CustomerRequest, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(14) as few:
        proposal_queries.propose(meeting, user=None, at=NOON)
    backlog.RequestFactory.create_batch(
        60, product=pay_faster.product, status="under_review", contested=70, drift=40
    )
    with django_assert_num_queries(len(few)):
        proposed = proposal_queries.propose(meeting, user=None, at=NOON)

    assert sum(each.minutes for each in proposed.items) == 90
