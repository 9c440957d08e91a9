"""Votes by a deadline, and recording what was voted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from backlog.errors import Invalid
from backlog.models import CustomerRequest, StatusUpdate, User
from council import errors
from council.models import AgendaItem, Ballot, Council, Decision, Meeting
from council.operations import agenda_items, ballots, councils, decisions
from tests.council.operations.voting import BUILD, LATER, SMALLER, close, say
from tests.factories import NOON, backlog, people
from tests.factories import council as make

pytestmark = pytest.mark.django_db


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

    def test_leaves_nothing_on_the_agenda_to_which_its_item_was_carried_over(
        self, ballot: Ballot, council: Council, members: list[User], sora: User
    ) -> None:
        for user in members[:2]:
            say(ballot, user, "yes")
        item, coming = ballot.agenda_item, make.MeetingFactory.create(council=council)
        ballots.close_due(by=None, at=LATER)
        Meeting.objects.filter(pk=coming.pk).update(starts_at=NOON + timedelta(days=14))
        agenda_items.carry_over_agenda_item(agenda_item_id=item.pk, by=sora, at=LATER)
        assert coming.agenda_items.get().carried_from == item

        decisions.record_by_ballot(ballot_id=ballot.pk, by=sora, at=LATER)

        assert coming.agenda_items.get().status == "withdrawn"
        assert AgendaItem.objects.get(pk=item.pk).status == "decided"

    def test_goes_its_own_way_where_it_is_voted_on_again(
        self, ballot: Ballot, council: Council, members: list[User], sora: User
    ) -> None:
        for user in members[:2]:
            say(ballot, user, "yes")
        later = make.MeetingFactory.create(council=council, starts_at=NOON + timedelta(days=14))
        ballots.close_due(by=None, at=LATER)
        agenda_items.carry_over_agenda_item(agenda_item_id=ballot.agenda_item_id, by=sora, at=LATER)
        ballots.open_ballot(
            agenda_item_id=later.agenda_items.get().pk,
            proposal=SMALLER,
            closes_at=LATER + timedelta(days=1),
            by=sora,
            at=LATER,
        )

        decisions.record_by_ballot(ballot_id=ballot.pk, by=sora, at=LATER)

        assert later.agenda_items.get().status == "scheduled"

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
