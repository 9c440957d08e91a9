"""Who records what was decided, and whether it takes a ballot: as the house rules say."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from backlog.errors import Invalid
from backlog.models import CustomerRequest, User
from council import errors
from council.models import Ballot, Council, Decision, Seat
from council.operations import decisions
from tests.council.operations.test_decisions import decide
from tests.council.operations.voting import BUILD, LATER, close, say

pytestmark = pytest.mark.django_db


class TestWhoMayRecord:
    def test_is_the_chair_or_the_secretary_unless_the_house_says_otherwise(
        self, council: Council, pay_faster: CustomerRequest, sales: Seat, noor: User
    ) -> None:
        with pytest.raises(errors.NotTheRecorder):
            decide(council, pay_faster, noor)

        Council.objects.update(recorders="seated")
        assert decide(council, pay_faster, noor).seat == sales

    def test_is_nobody_where_the_house_decides_by_ballot_alone(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        Council.objects.update(needs_ballot=True)

        with pytest.raises(errors.NeedsBallot):
            decide(council, pay_faster, sora)

        assert not Decision.objects.exists()

    def test_is_still_the_secretary_once_a_ballot_was_carried(
        self, council: Council, put: Callable[..., Ballot], members: list[User], sora: User
    ) -> None:
        Council.objects.update(needs_ballot=True)
        ballot = put()
        for member in members:
            say(ballot, member, "yes")
        close(ballot, sora)

        with pytest.raises(errors.NotTheRecorder):
            decisions.record_by_ballot(ballot_id=ballot.pk, by=members[0], at=LATER)

        assert decisions.record_by_ballot(ballot_id=ballot.pk, by=sora, at=LATER).pk


class TestWhyNot:
    def test_goes_from_the_ballot_to_the_decision_with_options_and_conditions(
        self, put: Callable[..., Ballot], members: list[User], sora: User
    ) -> None:
        ballot = put(
            replace(
                BUILD,
                verdict="decline",
                options=["Buy it", "Leave it"],
                conditions="Unless ten more ask.",
                reason_code="too_few",
            )
        )
        for member in members:
            say(ballot, member, "yes")
        close(ballot, sora)

        recorded = decisions.record_by_ballot(ballot_id=ballot.pk, by=sora, at=LATER)

        assert recorded.options == ["Buy it", "Leave it"]
        assert recorded.conditions == "Unless ten more ask."
        assert recorded.reason_code == "too_few"

    def test_is_for_what_is_declined_alone(self, put: Callable[..., Ballot]) -> None:
        with pytest.raises(Invalid) as refused:
            put(replace(BUILD, reason_code="too_few"))

        assert refused.value.field == "reason_code"
        assert not Ballot.objects.exists()
