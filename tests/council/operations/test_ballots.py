"""Putting a proposal to the vote, in other words if need be, and counting it."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from backlog.errors import Invalid, ReasonRequired
from backlog.models import Event, User
from council import errors
from council.models import AgendaItem, Ballot, Council, Meeting
from council.operations import agenda_items, attendances, ballots, councils, meetings
from council.operations.ballots import Proposal
from council.queries import ballots as ballot_queries
from council.rules.ballots import Mode
from tests.council.operations.voting import BUILD, LATER, SMALLER, by_consent, close, say
from tests.factories import NOON
from tests.factories import council as make

pytestmark = pytest.mark.django_db


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
        assert ballot.electorate == {"entitled": seats, "present": seats, "aside": []}
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


def test_the_quorum_of_a_ballot_is_of_the_day_it_opened(
    put: Callable[..., Ballot], council: Council
) -> None:
    ballot = put()
    councils.edit_council(
        council_id=council.pk, quorum_numerator=1, quorum_denominator=1, by=None, at=NOON
    )

    assert ballot.house_rule.quorum == Fraction(1, 2)
