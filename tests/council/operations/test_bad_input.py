"""What nobody may do to a council, each refused with words that say what to do instead."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import translation

from backlog import errors as backlog_errors
from backlog.models import CustomerRequest, User
from council import errors
from council.models import AgendaItem, Ballot, Council, Decision, Meeting, Seat
from council.operations import (
    agenda_items,
    ballots,
    councils,
    decisions,
    meetings,
    seats,
)
from council.operations.ballots import Proposal
from tests.council.operations.voting import BUILD, LATER, SMALLER, close, say
from tests.factories import NOON, backlog, people
from tests.factories import council as make

pytestmark = pytest.mark.django_db
Put = Callable[..., Ballot]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """As the person reads it."""
    with translation.override("en"):
        yield


def test_two_voting_seats_of_one_department(council: Council, sales: Seat) -> None:
    with pytest.raises(errors.SeatTaken, match="has its voting seat already"):
        seats.add_seat(council_id=council.pk, department=sales.department, by=None, at=NOON)

    assert council.seats.count() == 1


def test_terms_that_overlap(sales: Seat) -> None:
    """Noor's ended on a day after the one from which another is to sit there."""
    term = sales.terms.get()
    term.ends_on = term.starts_on + timedelta(days=10)
    term.save()

    with pytest.raises(errors.TermsOverlap, match="The new term begins then or later"):
        seats.appoint(
            seat_id=sales.pk,
            user=people.UserFactory.create(),
            starts_on=term.starts_on + timedelta(days=3),
            by=None,
            at=NOON + timedelta(days=20),
        )


def test_a_vote_by_a_seat_whose_term_ended(put: Put, members: list[User]) -> None:
    ballot = put()
    seats.vacate(term_id=members[0].seat_terms.get().pk, by=None, at=NOON)

    with pytest.raises(errors.NoVoice, match="speaks for no voting seat here"):
        say(ballot, members[0], "yes")


def test_a_meeting_opened_nine_days_early(council: Council, sora: User) -> None:
    meeting = make.MeetingFactory.create(council=council, starts_at=NOON + timedelta(days=9))

    with pytest.raises(errors.MeetingTooEarly, match="9 days away"):
        meetings.open_meeting(meeting_id=meeting.pk, by=sora, at=NOON)


def test_two_meetings_of_a_council_in_session_at_once(
    meeting: Meeting, council: Council, sora: User
) -> None:
    other = make.MeetingFactory.create(council=council)

    with pytest.raises(errors.AnotherInSession, match="End it first"):
        meetings.open_meeting(meeting_id=other.pk, by=sora, at=NOON)


class TestTwoCouncilsOverOneProduct:
    @pytest.fixture
    def elsewhere(self, pay_faster: CustomerRequest, sora: User) -> AgendaItem:
        """The same request on the agenda of another council, which is in session too."""
        other = make.CouncilFactory.create(secretary=sora)
        other.products.add(pay_faster.product)
        meeting = make.MeetingFactory.create(council=other, status="in_session", opened_at=NOON)
        item: AgendaItem = make.AgendaItemFactory.create(meeting=meeting, request=pay_faster)
        return item

    def test_do_not_discuss_the_same_at_once(
        self, item: AgendaItem, elsewhere: AgendaItem, sora: User
    ) -> None:
        agenda_items.activate_agenda_item(agenda_item_id=item.pk, by=sora, at=NOON)

        with pytest.raises(errors.DiscussedElsewhere, match="Take up something else") as refused:
            agenda_items.activate_agenda_item(agenda_item_id=elsewhere.pk, by=sora, at=NOON)

        assert refused.value.details == {"meeting": item.meeting_id}
        elsewhere.refresh_from_db()
        assert elsewhere.status == "scheduled"

    def test_take_it_up_one_after_the_other(
        self, item: AgendaItem, elsewhere: AgendaItem, sora: User
    ) -> None:
        agenda_items.activate_agenda_item(agenda_item_id=item.pk, by=sora, at=NOON)
        meetings.end_meeting(meeting_id=item.meeting_id, by=sora, at=LATER)

        agenda_items.activate_agenda_item(agenda_item_id=elsewhere.pk, by=sora, at=LATER)

    def test_do_not_vote_on_the_same_at_once(
        self, put: Put, item: AgendaItem, elsewhere: AgendaItem, sora: User
    ) -> None:
        standing = put()

        with pytest.raises(errors.BallotOpen, match="is open in") as refused:
            ballots.open_ballot(
                agenda_item_id=elsewhere.pk,
                proposal=BUILD,
                closes_at=LATER,
                by=sora,
                at=NOON,
            )

        assert refused.value.details == {"ballot": standing.pk}


def test_closing_without_a_quorum(
    put: Put, item: AgendaItem, members: list[User], sora: User
) -> None:
    ballot = put()
    item.meeting.attendances.update(left_at=NOON)
    Meeting.objects.update(status="inquorate")

    with pytest.raises(errors.Inquorate, match="0 of 3 departments are there; 2 must be"):
        close(ballot, sora)


class TestAMergedRequest:
    @pytest.fixture
    def merged(self, item: AgendaItem, pay_faster: CustomerRequest) -> CustomerRequest:
        survivor = backlog.RequestFactory.create(product=pay_faster.product)
        CustomerRequest.objects.filter(pk=pay_faster.pk).update(
            status="merged", merged_into=survivor, rank=None
        )
        return survivor

    def test_is_not_put_to_the_vote(self, put: Put, merged: CustomerRequest) -> None:
        with pytest.raises(backlog_errors.RequestMerged, match=merged.key):
            put()

    def test_is_not_decided(
        self,
        council: Council,
        pay_faster: CustomerRequest,
        merged: CustomerRequest,
        sora: User,
    ) -> None:
        with pytest.raises(backlog_errors.Refusal):
            decisions.record_decision(
                council_id=council.pk,
                request_id=pay_faster.pk,
                verdict="approve",
                rationale="Many asked.",
                by=sora,
                at=NOON,
            )

        assert not Decision.objects.exists()


class TestWhatIsSealed:
    @pytest.fixture
    def carried(self, put: Put, members: list[User], sora: User) -> Ballot:
        ballot = put()
        for member in members:
            say(ballot, member, "yes")
        close(ballot, sora)
        return ballot

    def test_is_not_answered_any_more(self, carried: Ballot, members: list[User]) -> None:
        with pytest.raises(errors.BallotOver, match="over: closed"):
            say(carried, members[0], "no")

    @pytest.mark.parametrize("proposal", [BUILD, SMALLER])
    def test_is_not_put_in_other_words(
        self, carried: Ballot, proposal: Proposal, sora: User
    ) -> None:
        with pytest.raises(errors.BallotOver):
            ballots.amend_ballot(ballot_id=carried.pk, proposal=proposal, by=sora, at=LATER)

    def test_is_not_withdrawn(self, carried: Ballot, sora: User) -> None:
        with pytest.raises(errors.BallotOver):
            ballots.withdraw_ballot(ballot_id=carried.pk, reason="Oh.", by=sora, at=LATER)

    def test_keeps_its_rule_when_the_house_gives_itself_another(self, carried: Ballot) -> None:
        council = carried.agenda_item.meeting.council
        before = Ballot.objects.get().rule
        councils.edit_council(council_id=council.pk, mode="consent", by=None, at=LATER)

        assert Ballot.objects.get().rule == before
