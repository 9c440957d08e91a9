"""What stands is never edited: amending, correcting, superseding and retiring a decision."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from backlog.errors import IllegalTransition, Invalid
from backlog.models import CustomerRequest, Event, Obligation, StatusUpdate, User
from council import errors
from council.models import Ballot, Council, Decision, Seat
from council.operations import decisions, standing_decisions
from council.queries import seals
from tests.council.operations.test_decisions import NEXT_MONTH, decide
from tests.council.operations.voting import LATER, close, say
from tests.factories import NOON, backlog, people
from tests.factories import council as make

pytestmark = pytest.mark.django_db
WHY = "Sales may go on by hand until then."


def amend(decision: Decision, by: User, **other: Any) -> Decision:
    facts: dict[str, Any] = {
        "what_changed": WHY,
        "conditions": "Sales goes on by hand.",
        "at": LATER,
    }
    return standing_decisions.amend_decision(decision_id=decision.pk, by=by, **(facts | other))


def correct(decision: Decision, by: User, **other: Any) -> Decision:
    facts: dict[str, Any] = {"what_changed": "The minutes say otherwise.", "at": LATER}
    return standing_decisions.correct_decision(decision_id=decision.pk, by=by, **(facts | other))


def supersede(decision: Decision, by: User, **other: Any) -> Decision:
    facts: dict[str, Any] = {
        "verdict": "decline",
        "rationale": "Nobody asks any more.",
        "at": LATER,
    }
    return standing_decisions.supersede_decision(decision_id=decision.pk, by=by, **(facts | other))


def retire(decision: Decision, by: User, reason: str = "It has served its time.") -> Decision:
    return standing_decisions.retire_decision(
        decision_id=decision.pk, reason=reason, by=by, at=LATER
    )


@pytest.fixture
def stands(council: Council, pay_faster: CustomerRequest, sora: User) -> Decision:
    return decide(council, pay_faster, sora, conditions="None.", review_on=NEXT_MONTH)


@pytest.fixture
def voted(put: Callable[..., Ballot], members: list[User], sora: User) -> Decision:
    ballot = put()
    for member in members:
        say(ballot, member, "yes")
    close(ballot, sora)
    return decisions.record_by_ballot(ballot_id=ballot.pk, by=sora, at=LATER)


class TestAmending:
    def test_is_another_decision_that_says_what_changed_and_points_to_it(
        self, stands: Decision, sora: User
    ) -> None:
        rationale = stands.rationale
        amended = amend(stands, sora)

        stands.refresh_from_db()
        assert (stands.status, stands.rationale, stands.conditions) == (
            "superseded",
            rationale,
            "None.",
        )
        assert (amended.supersedes, amended.act, amended.status) == (stands, "amendment", "amended")
        assert (amended.verdict, amended.rationale) == ("approve", rationale)
        assert (amended.conditions, amended.what_changed) == ("Sales goes on by hand.", WHY)
        assert (amended.review_on, amended.next_review_on) == (NEXT_MONTH, NEXT_MONTH)
        assert amended.frozen == stands.frozen

    def test_is_sealed_and_holds(self, stands: Decision, sora: User, council: Council) -> None:
        amended = amend(stands, sora)

        assert council.seals.count() == 2
        assert seals.find_break(council) is None
        Decision.objects.filter(pk=amended.pk).update(what_changed="Nothing much.")
        assert seals.find_break(council) is not None

    def test_moves_nothing_and_tells_nobody(
        self, stands: Decision, sora: User, pay_faster: CustomerRequest
    ) -> None:
        CustomerRequest.objects.update(status="planned")
        before = Obligation.objects.count()

        amend(stands, sora)

        pay_faster.refresh_from_db()
        assert (pay_faster.status, Obligation.objects.count()) == ("planned", before)

    def test_takes_the_other_day_along_to_what_was_put_off(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        put_off = decide(council, pay_faster, sora, verdict="defer", review_on=NEXT_MONTH)
        later = NEXT_MONTH + timedelta(days=30)

        amended = amend(put_off, sora, review_on=later)

        pay_faster.refresh_from_db()
        assert (pay_faster.status, pay_faster.review_on) == ("deferred", later)
        assert amended.next_review_on == later

    def test_keeps_a_day_that_has_come(self, stands: Decision, sora: User) -> None:
        amended = amend(stands, sora, at=NOON + timedelta(days=60))

        assert amended.review_on == NEXT_MONTH

    def test_keeps_what_is_expected_of_those_who_expected_it(
        self, stands: Decision, sora: User, noor: User
    ) -> None:
        make.PredictionFactory.create(decision=stands, measure="calls", predicted_by=noor)
        make.PredictionFactory.create(decision=stands, measure="returns", result="hit")

        kept = amend(stands, sora).predictions.get()

        assert (kept.measure, kept.predicted_by, kept.result) == ("calls", noor, "")

    def test_changes_nothing_the_second_time(self, stands: Decision, sora: User) -> None:
        first = amend(stands, sora)
        events = Event.objects.count()

        assert amend(stands, sora) == first
        assert (Decision.objects.count(), Event.objects.count()) == (2, events)

    def test_refuses_what_does_not_stand(self, stands: Decision, sora: User) -> None:
        amend(stands, sora)

        with pytest.raises(errors.DecisionOver):
            amend(stands, sora, what_changed="Something else.")

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ({"what_changed": " "}, "blank"),
            ({"rationale": ""}, "blank"),
            ({"conditions": "None."}, "unchanged"),
            ({"review_on": NOON.date()}, "in_the_past"),
            ({"reason_code": "too_few"}, "invalid"),
        ],
    )
    def test_refuses_to_say_too_little(
        self, stands: Decision, sora: User, said: dict[str, Any], code: str
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            amend(stands, sora, **said)

        assert refusal.value.code == code
        assert Decision.objects.get() == stands

    def test_follows_the_rules_of_the_house(
        self, stands: Decision, sora: User, sales: Seat, noor: User
    ) -> None:
        with pytest.raises(errors.NotTheRecorder):
            amend(stands, noor)
        with pytest.raises(errors.NotSeated):
            amend(stands, people.UserFactory.create())
        Council.objects.update(needs_ballot=True)
        with pytest.raises(errors.NeedsBallot):
            amend(stands, sora)

    def test_of_what_was_voted_on_takes_another_vote(self, voted: Decision, sora: User) -> None:
        with pytest.raises(errors.BallotDecides):
            amend(voted, sora)
        with pytest.raises(errors.BallotDecides):
            correct(voted, people.UserFactory.create(), rationale="Other words.")


class TestCorrecting:
    def test_takes_no_seat_and_says_that_it_is_one(self, stands: Decision) -> None:
        administrator = people.UserFactory.create()

        corrected = correct(stands, administrator, rationale="Few asked, and loudly.")

        assert (corrected.act, corrected.status) == ("correction", "in_effect")
        assert (corrected.seat, corrected.decided_by) == (None, administrator)
        assert corrected.supersedes == stands

    def test_moves_the_request_where_another_verdict_was_taken(
        self, stands: Decision, pay_faster: CustomerRequest
    ) -> None:
        backlog.EvidenceFactory.create(request=pay_faster)

        correct(stands, people.UserFactory.create(), verdict="decline", reason_code="too_few")

        pay_faster.refresh_from_db()
        assert pay_faster.status == "declined"
        assert StatusUpdate.objects.get(kind="decided_no").obligations.count() == 1

    def test_refuses_a_verdict_to_which_the_request_cannot_go_back(
        self, stands: Decision, pay_faster: CustomerRequest
    ) -> None:
        CustomerRequest.objects.update(status="delivered")

        with pytest.raises(IllegalTransition):
            correct(stands, people.UserFactory.create(), verdict="decline")

        assert Decision.objects.get() == stands


class TestSuperseding:
    def test_is_another_verdict_that_moves_the_request(
        self, stands: Decision, sora: User, pay_faster: CustomerRequest
    ) -> None:
        later = supersede(stands, sora)

        pay_faster.refresh_from_db()
        assert (later.supersedes, later.act, pay_faster.status) == (stands, "verdict", "declined")
        assert supersede(stands, sora) == later

    def test_refuses_where_another_has_taken_its_place(self, stands: Decision, sora: User) -> None:
        supersede(stands, sora)

        with pytest.raises(errors.DecisionOver):
            supersede(stands, sora, verdict="approve")

    def test_follows_the_rules_of_the_house(self, stands: Decision, noor: User) -> None:
        with pytest.raises(errors.NotSeated):
            supersede(stands, noor)


class TestRetiring:
    def test_leaves_the_request_where_it_is_and_nothing_in_its_place(
        self, stands: Decision, sora: User, pay_faster: CustomerRequest, council: Council
    ) -> None:
        retired = retire(stands, sora)

        pay_faster.refresh_from_db()
        assert (retired.status, retired.next_review_on) == ("retired", None)
        assert pay_faster.status == "approved"
        assert seals.find_break(council) is None
        said = Event.objects.get(kind="decision.retired")
        assert (said.subject_id, said.reason) == (stands.pk, "It has served its time.")

    def test_twice_changes_nothing(self, stands: Decision, sora: User) -> None:
        retire(stands, sora)
        retire(stands, sora)

        assert Event.objects.filter(kind="decision.retired").count() == 1

    def test_says_why(self, stands: Decision, sora: User) -> None:
        for reason in (" ", "x" * 100_000):
            with pytest.raises(Invalid):
                retire(stands, sora, reason)

    def test_is_for_who_records(
        self, stands: Decision, noor: User, sales: Seat, sora: User
    ) -> None:
        with pytest.raises(errors.NotTheRecorder):
            retire(stands, noor)
        Council.objects.update(needs_ballot=True)
        assert retire(stands, sora).status == "retired"

    def test_once_superseded_is_refused(self, stands: Decision, sora: User) -> None:
        supersede(stands, sora)

        with pytest.raises(errors.DecisionOver):
            retire(stands, sora)
