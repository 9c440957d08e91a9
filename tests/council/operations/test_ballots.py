"""Putting a proposal to the vote, counting it, and recording what it decided."""

from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from backlog.errors import Invalid, ReasonRequired
from backlog.models import CustomerRequest, Event, StatusUpdate, User
from council import errors
from council.models import AgendaItem, Ballot, Council, Decision, Meeting
from council.operations import (
    agenda_items,
    attendances,
    ballots,
    councils,
    decisions,
    meetings,
    stances,
)
from council.operations.ballots import Proposal
from council.queries import ballots as ballot_queries
from council.rules.ballots import Mode
from tests.factories import NOON, backlog, people
from tests.factories import council as make

LATER = NOON + timedelta(minutes=30)
BUILD = Proposal("Build it: many asked.", "approve", expected_effect="Fewer calls.")
SMALLER = Proposal("Build the half of it: many asked.", "pilot")
pytestmark = pytest.mark.django_db


@pytest.fixture
def members(council: Council) -> list[User]:
    """Of three departments."""
    seats = make.SeatFactory.create_batch(3, council=council)
    return [make.SeatTermFactory.create(seat=seat).user for seat in seats]


@pytest.fixture
def meeting(council: Council, members: list[User], sora: User) -> Meeting:
    """In session, with everybody there."""
    meeting: Meeting = make.MeetingFactory.create(council=council)
    for user in members:
        attendances.attend(meeting_id=meeting.pk, by=user, at=NOON)
    return meetings.open_meeting(meeting_id=meeting.pk, by=sora, at=NOON)


@pytest.fixture
def item(meeting: Meeting, pay_faster: CustomerRequest) -> AgendaItem:
    item: AgendaItem = make.AgendaItemFactory.create(meeting=meeting, request=pay_faster)
    return item


@pytest.fixture
def put(item: AgendaItem, sora: User) -> Callable[..., Ballot]:
    def open_ballot(proposal: Proposal = BUILD, **facts: Any) -> Ballot:
        return ballots.open_ballot(
            agenda_item_id=item.pk, proposal=proposal, by=sora, at=NOON, **facts
        )

    return open_ballot


def say(ballot: Ballot, user: User, answer: str, **facts: Any) -> None:
    at: datetime = facts.pop("at", NOON)
    stances.take_stance(ballot_id=ballot.pk, answer=answer, by=user, at=at, **facts)


def close(ballot: Ballot, by: User) -> str:
    return str(ballots.close_ballot(ballot_id=ballot.pk, by=by, at=LATER).result)


def by_consent(council: Council) -> None:
    councils.edit_council(council_id=council.pk, mode="consent", by=None, at=NOON)


class TestOpen:
    def test_freezes_the_rule_of_the_house(
        self, put: Callable[..., Ballot], council: Council
    ) -> None:
        ballot = put()
        councils.edit_council(
            council_id=council.pk, mode="consent", is_blind=False, by=None, at=NOON
        )

        ballot.refresh_from_db()
        assert (ballot.house_rule.mode, ballot.is_blind) == (Mode.MAJORITY, True)
        event = Event.objects.get(kind="ballot.opened")
        assert event.data == {
            "agenda_item": ballot.agenda_item_id,
            "verdict": "approve",
            "amends": None,
        }

    def test_twice_is_once_and_something_else_is_refused(self, put: Callable[..., Ballot]) -> None:
        assert put() == put()

        with pytest.raises(errors.BallotOpen):
            put(SMALLER)

    @pytest.mark.parametrize(
        ("proposal", "field"),
        [
            (Proposal(" ", "approve"), "proposal"),
            (Proposal("Later.", "defer"), "review_on"),
            (Proposal("Later.", "defer", review_on=NOON.date()), "review_on"),
        ],
    )
    def test_says_what_is_missing(
        self, put: Callable[..., Ballot], proposal: Proposal, field: str
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            put(proposal)

        assert refusal.value.field == field

    def test_needs_a_quorum_and_a_meeting_in_session(
        self, put: Callable[..., Ballot], meeting: Meeting, members: list[User], sora: User
    ) -> None:
        for user in members[:2]:
            attendances.leave(meeting_id=meeting.pk, by=user, at=NOON)
        with pytest.raises(errors.Inquorate):
            put()

        meetings.end_meeting(meeting_id=meeting.pk, by=sora, at=NOON)
        with pytest.raises(errors.MeetingNotInSession):
            put()

    def test_is_not_for_an_administrator_without_a_seat(
        self, item: AgendaItem, put: Callable[..., Ballot], ada: User
    ) -> None:
        facts: dict[str, Any] = {"by": ada, "at": NOON}
        ballot = put()

        with pytest.raises(errors.NotSeated):
            ballots.open_ballot(agenda_item_id=item.pk, proposal=BUILD, **facts)
        with pytest.raises(errors.NoVoice):
            say(ballot, ada, "yes")
        with pytest.raises(errors.NotSeated):
            ballots.close_ballot(ballot_id=ballot.pk, **facts)

    def test_is_not_about_topics(self, meeting: Meeting, sora: User) -> None:
        topic = make.AgendaItemFactory.create(meeting=meeting, request=None, title="Welcome")

        with pytest.raises(Invalid) as refusal:
            ballots.open_ballot(agenda_item_id=topic.pk, proposal=BUILD, by=sora, at=NOON)

        assert refusal.value.code == "about_a_topic"


class TestClose:
    def test_counts_by_the_rule_and_freezes_who_was_there(
        self, put: Callable[..., Ballot], members: list[User], sora: User
    ) -> None:
        ballot = put()
        for user, answer in zip(members, ("yes", "yes", "no"), strict=True):
            say(ballot, user, answer)

        assert close(ballot, sora) == "carried"

        ballot.refresh_from_db()
        seats = sorted(user.seat_terms.get().seat_id for user in members)
        assert ballot.electorate == {"entitled": seats, "present": seats}
        assert close(ballot, sora) == "carried"
        assert Event.objects.filter(kind="ballot.closed").count() == 1

    def test_does_not_carry_a_tie(
        self, put: Callable[..., Ballot], members: list[User], sora: User
    ) -> None:
        ballot = put()
        say(ballot, members[0], "yes")
        say(ballot, members[1], "no")

        assert close(ballot, sora) == "not_carried"

    def test_without_a_quorum_is_refused(
        self, put: Callable[..., Ballot], meeting: Meeting, members: list[User], sora: User
    ) -> None:
        ballot = put()
        for user in members:
            say(ballot, user, "yes")
            attendances.leave(meeting_id=meeting.pk, by=user, at=NOON)

        with pytest.raises(errors.Inquorate):
            close(ballot, sora)
        assert Ballot.objects.get().status == "open"

    def test_does_not_count_a_seat_whose_term_ended(
        self, put: Callable[..., Ballot], members: list[User], sora: User
    ) -> None:
        ballot = put()
        for user, answer in zip(members, ("no", "yes", "no"), strict=True):
            say(ballot, user, answer)
        members[0].seat_terms.update(ends_on=NOON.date())
        members[2].seat_terms.update(ends_on=NOON.date())

        assert close(ballot, sora) == "carried"
        assert ballot_queries.tally_of(Ballot.objects.get()).entitled == 1

    def test_by_consent_stops_at_an_objection(
        self, put: Callable[..., Ballot], council: Council, members: list[User], sora: User
    ) -> None:
        by_consent(council)
        ballot = put()
        say(ballot, members[0], "consent")
        with pytest.raises(ReasonRequired):
            say(ballot, members[1], "objection")
        say(ballot, members[1], "objection", reason="It breaks the law.")

        assert close(ballot, sora) == "not_carried"


class TestAmend:
    def test_asks_everybody_anew_and_keeps_the_rule(
        self, put: Callable[..., Ballot], council: Council, members: list[User], sora: User
    ) -> None:
        by_consent(council)
        first = put()
        say(first, members[0], "objection", reason="Too large.")
        close(first, sora)

        second = ballots.amend_ballot(ballot_id=first.pk, proposal=SMALLER, by=sora, at=LATER)
        again = ballots.amend_ballot(ballot_id=first.pk, proposal=SMALLER, by=sora, at=LATER)

        assert second == again
        assert (second.amends, second.rule, second.stances.count()) == (first, first.rule, 0)
        first.refresh_from_db()
        assert first.status == "closed"

    def test_ends_one_that_is_open(self, put: Callable[..., Ballot], sora: User) -> None:
        first = put()

        ballots.amend_ballot(ballot_id=first.pk, proposal=SMALLER, by=sora, at=LATER)

        first.refresh_from_db()
        assert (first.status, first.result) == ("amended", "")
        with pytest.raises(errors.BallotOver):
            close(first, sora)

    def test_is_refused_for_the_same_words_and_for_what_was_carried(
        self, put: Callable[..., Ballot], members: list[User], sora: User
    ) -> None:
        ballot = put()
        with pytest.raises(Invalid):
            ballots.amend_ballot(ballot_id=ballot.pk, proposal=BUILD, by=sora, at=LATER)
        for user in members:
            say(ballot, user, "yes")
        close(ballot, sora)

        with pytest.raises(errors.BallotOver):
            ballots.amend_ballot(ballot_id=ballot.pk, proposal=SMALLER, by=sora, at=LATER)


class TestWithdraw:
    def test_says_why(self, put: Callable[..., Ballot], sora: User) -> None:
        ballot = put()
        with pytest.raises(ReasonRequired):
            ballots.withdraw_ballot(ballot_id=ballot.pk, reason=" ", by=sora, at=LATER)
        for _ in range(2):
            ballots.withdraw_ballot(ballot_id=ballot.pk, reason="Too soon.", by=sora, at=LATER)

        assert Event.objects.get(kind="ballot.withdrawn").reason == "Too soon."
        assert put(SMALLER) != ballot

    def test_is_what_the_end_of_the_meeting_does(
        self, put: Callable[..., Ballot], meeting: Meeting, sora: User
    ) -> None:
        put()

        meetings.end_meeting(meeting_id=meeting.pk, by=sora, at=LATER)

        assert Ballot.objects.get().status == "withdrawn"

    def test_comes_before_its_item_is_taken_off(
        self, put: Callable[..., Ballot], item: AgendaItem, sora: User
    ) -> None:
        put()

        with pytest.raises(errors.BallotOpen):
            agenda_items.withdraw_agenda_item(agenda_item_id=item.pk, by=sora, at=LATER)


class TestByADeadline:
    @pytest.fixture
    def ballot(self, council: Council, members: list[User], sora: User) -> Ballot:
        """On an item of a meeting that is next week."""
        meeting = make.MeetingFactory.create(council=council, starts_at=NOON + timedelta(days=7))
        item = make.AgendaItemFactory.create(
            meeting=meeting,
            request=backlog.RequestFactory.create(
                product=council.products.get(), status="under_review"
            ),
        )
        return ballots.open_ballot(
            agenda_item_id=item.pk, proposal=BUILD, closes_at=LATER, by=sora, at=NOON
        )

    def test_closes_by_itself_and_is_recorded_between_meetings(
        self, ballot: Ballot, members: list[User], sora: User
    ) -> None:
        for user in members[:2]:
            say(ballot, user, "yes")
        with pytest.raises(errors.BallotOpen):
            ballots.close_ballot(ballot_id=ballot.pk, by=sora, at=NOON)

        assert ballots.close_due(by=None, at=LATER) == 1
        assert ballots.close_due(by=None, at=LATER) == 0

        decision = decisions.record_by_ballot(ballot_id=ballot.pk, by=sora, at=LATER)
        assert decision.request.decisions.get() == decision

    def test_takes_no_answer_when_it_has_passed(self, ballot: Ballot, members: list[User]) -> None:
        with pytest.raises(errors.BallotOver):
            say(ballot, members[0], "yes", at=LATER)

    def test_decides_nothing_when_too_few_have_answered(
        self, ballot: Ballot, members: list[User], sora: User
    ) -> None:
        say(ballot, members[0], "yes")
        ballots.close_due(by=None, at=LATER)

        ballot.refresh_from_db()
        assert ballot.result == "inquorate"
        with pytest.raises(errors.NotCarried):
            decisions.record_by_ballot(ballot_id=ballot.pk, by=sora, at=LATER)

    def test_is_yet_to_come(self, put: Callable[..., Ballot]) -> None:
        with pytest.raises(Invalid) as refusal:
            put(closes_at=NOON)

        assert refusal.value.field == "closes_at"


class TestRecord:
    def test_says_what_was_voted_on_and_moves_the_request(
        self,
        put: Callable[..., Ballot],
        members: list[User],
        sora: User,
        pay_faster: CustomerRequest,
    ) -> None:
        backlog.EvidenceFactory.create(request=pay_faster)
        ballot = put()
        say(ballot, members[0], "yes")
        say(ballot, members[1], "yes")
        say(ballot, members[2], "no", reason="Too dear.", is_named=True)
        close(ballot, sora)

        decision = decisions.record_by_ballot(ballot_id=ballot.pk, by=sora, at=LATER)

        assert decision == decisions.record_by_ballot(ballot_id=ballot.pk, by=sora, at=LATER)
        assert (decision.verdict, decision.rationale) == ("approve", BUILD.proposal)
        assert decision.expected_effect == BUILD.expected_effect
        assert decision.dissent == f"{members[2].name}: Too dear."
        pay_faster.refresh_from_db()
        assert pay_faster.status == "approved"
        assert StatusUpdate.objects.get(request=pay_faster).obligations.count() == 1

    def test_names_nobody_who_does_not_want_it(
        self, put: Callable[..., Ballot], members: list[User], sora: User
    ) -> None:
        ballot = put()
        for user in members[:2]:
            say(ballot, user, "yes")
        say(ballot, members[2], "no", reason="Too dear.")
        close(ballot, sora)

        decision = decisions.record_by_ballot(ballot_id=ballot.pk, by=sora, at=LATER)

        assert decision.dissent == "Too dear."

    def test_is_the_only_way_once_the_council_has_voted(
        self, put: Callable[..., Ballot], item: AgendaItem, members: list[User], sora: User
    ) -> None:
        ballot = put()
        assert item.request is not None
        facts: dict[str, Any] = {
            "council_id": item.meeting.council_id,
            "request_id": item.request.pk,
            "agenda_item_id": item.pk,
            "verdict": "decline",
            "rationale": "I do not like it.",
            "by": sora,
            "at": LATER,
        }

        with pytest.raises(errors.BallotOpen):
            decisions.record_decision(**facts)
        for user in members:
            say(ballot, user, "yes")
        close(ballot, sora)
        with pytest.raises(errors.BallotDecides):
            decisions.record_decision(**facts)
        with pytest.raises(errors.BallotDecides):
            put(SMALLER)

    def test_is_the_chairs_where_the_house_wants_advice(
        self, put: Callable[..., Ballot], council: Council, members: list[User], sora: User
    ) -> None:
        councils.edit_council(council_id=council.pk, mode="advice", by=None, at=NOON)
        ballot = put()
        say(ballot, members[0], "no")
        assert close(ballot, sora) == "advised"

        with pytest.raises(errors.ChairDecides):
            decisions.record_by_ballot(ballot_id=ballot.pk, by=sora, at=LATER)
        decisions.record_by_ballot(ballot_id=ballot.pk, by=council.chair, at=LATER)
        assert Decision.objects.get().decided_by == council.chair

    def test_is_refused_to_strangers(
        self, put: Callable[..., Ballot], members: list[User], sora: User
    ) -> None:
        ballot = put()
        for user in members:
            say(ballot, user, "yes")
        close(ballot, sora)

        with pytest.raises(errors.NotSeated):
            decisions.record_by_ballot(
                ballot_id=ballot.pk, by=people.UserFactory.create(), at=LATER
            )
        assert not Decision.objects.exists()


def test_the_quorum_of_a_ballot_is_of_the_day_it_opened(
    put: Callable[..., Ballot], council: Council
) -> None:
    ballot = put()
    councils.edit_council(
        council_id=council.pk, quorum_numerator=1, quorum_denominator=1, by=None, at=NOON
    )

    assert ballot.house_rule.quorum == Fraction(1, 2)
