from datetime import timedelta
from typing import Any

import pytest

from backlog import errors
from backlog.models import Commitment, Evidence, Obligation, Outcome, User
from backlog.operations import announcements, commitments, outcomes, requests
from tests.backlog.operations import events
from tests.factories import NOON
from tests.factories.backlog import (
    CommitmentFactory,
    CustomerFactory,
    EvidenceFactory,
    SprintFactory,
)

LATER = NOON + timedelta(hours=1)
DONE = {"ko": "이제 두 번만 누르면 됩니다.", "en": "Two taps now."}
LEFT = {"en": "The old phones follow in May."}


@pytest.fixture
def commitment(db: None) -> Commitment:
    sprint = SprintFactory.create(status="active", started_at=NOON)
    return CommitmentFactory.create(sprint=sprint, request__status="in_progress")


@pytest.fixture
def asked(commitment: Commitment) -> Evidence:
    return EvidenceFactory.create(
        request=commitment.request, feedback__customer=CustomerFactory.create()
    )


def record(commitment: Commitment, **facts: Any) -> Outcome:
    said: dict[str, Any] = {"result": "delivered", "summary": DONE, "by": None, "at": NOON} | facts
    outcome = outcomes.record_outcome(commitment_id=commitment.pk, **said)
    commitment.request.refresh_from_db()
    return outcome


class TestRecordOutcome:
    def test_says_what_became_of_it_and_who_must_hear(
        self, commitment: Commitment, asked: Evidence, mina: User
    ) -> None:
        shipped = NOON - timedelta(days=1)
        outcome = record(commitment, shipped_at=shipped, by=mina)

        outcome = Outcome.objects.get(pk=outcome.pk)
        assert (outcome.result, outcome.summary, outcome.missing) == ("delivered", DONE, {})
        assert (outcome.shipped_at, outcome.recorded_at) == (shipped, NOON)
        assert (outcome.recorded_by, outcome.announced_at, outcome.is_current) == (mina, None, True)
        assert commitment.request.status == "delivered"
        assert events.kinds() == ["outcome.recorded", "request.status_changed"]
        owed = Obligation.objects.get()
        assert (owed.customer, owed.outcome) == (asked.feedback.customer, outcome)
        assert (owed.event.kind, owed.released_at) == ("outcome.recorded", None)
        assert owed.event.data == {"result": "delivered", "sprint": commitment.sprint_id}

    @pytest.mark.parametrize(("result", "shipped_at"), [("partly", NOON), ("not_delivered", None)])
    def test_gives_back_what_was_not_delivered_whole(
        self, commitment: Commitment, result: str, shipped_at: object
    ) -> None:
        outcome = record(commitment, result=result, missing=LEFT)
        assert (outcome.shipped_at, outcome.missing) == (shipped_at, LEFT)
        assert commitment.request.status == "approved"

    def test_says_where_it_shipped_and_nothing_of_what_did_not(
        self, commitment: Commitment
    ) -> None:
        undone = record(commitment, result="not_delivered", missing=LEFT, shipped_where="App 5.2")
        assert undone.shipped_where == ""

        other = CommitmentFactory.create(sprint=commitment.sprint, request__status="in_progress")
        shipped = record(other, shipped_where=" App 5.2 ")
        assert shipped.shipped_where == "App 5.2"
        assert record(other, result="rolled_back", missing=LEFT).shipped_where == "App 5.2"

    def test_rolling_a_pilot_back_leaves_alone_what_was_rolled_out_since(
        self, commitment: Commitment
    ) -> None:
        commitment.is_pilot = True
        commitment.save()
        record(commitment)
        later = SprintFactory.create(status="active", started_at=NOON)
        rolled_out = CommitmentFactory.create(sprint=later, request=commitment.request)
        commitment.request.status = "in_progress"
        commitment.request.save()
        record(rolled_out)

        record(commitment, result="rolled_back", missing=LEFT)

        assert commitment.request.status == "delivered"

    @pytest.mark.parametrize("result", ["delivered", "partly"])
    def test_leaves_the_request_of_a_pilot_approved_for_its_roll_out(
        self, commitment: Commitment, result: str
    ) -> None:
        commitment.is_pilot = True
        commitment.save()

        record(commitment, result=result, missing=LEFT)
        assert commitment.request.status == "approved"
        later = SprintFactory.create(product=commitment.sprint.product)
        commitments.commit_request(
            sprint_id=later.pk, request_id=commitment.request_id, by=None, at=LATER
        )
        commitment.request.refresh_from_db()
        assert commitment.request.status == "planned"

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"result": "forgotten"}, "result"),
            ({"summary": {}}, "summary"),
            ({"summary": {"ko": " "}}, "summary"),
            ({"summary": {"fr": "Fait."}}, "summary"),
            ({"summary": {"ko": "\x00"}}, "summary"),
            ({"result": "partly"}, "missing"),
            ({"missing": {"fr": "Rien."}}, "missing"),
        ],
    )
    def test_refuses_what_no_customer_could_read(
        self, commitment: Commitment, asked: Evidence, facts: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(errors.Invalid) as refused:
            record(commitment, **facts)
        commitment.request.refresh_from_db()
        assert (refused.value.field, commitment.request.status) == (field, "in_progress")
        assert (Outcome.objects.count(), Obligation.objects.count()) == (0, 0)

    def test_refuses_before_the_sprint_has_begun(self, db: None) -> None:
        with pytest.raises(errors.SprintNotStarted):
            record(CommitmentFactory.create(request__status="planned"))

    def test_refuses_a_commitment_that_was_withdrawn(self, commitment: Commitment) -> None:
        commitments.withdraw_commitment(
            commitment_id=commitment.pk, reason="Late.", by=None, at=NOON
        )
        with pytest.raises(errors.CommitmentWithdrawn):
            record(commitment)

    def test_refuses_a_second_one(self, commitment: Commitment) -> None:
        record(commitment)
        with pytest.raises(errors.OutcomeOnRecord):
            record(commitment)
        assert Outcome.objects.count() == 1

    def test_refuses_a_request_that_was_moved_by_hand(self, commitment: Commitment) -> None:
        requests.override_status(
            request_id=commitment.request_id, status="declined", reason="Law.", by=None, at=NOON
        )
        with pytest.raises(errors.IllegalTransition):
            record(commitment)
        assert not Outcome.objects.exists()


class TestRollBack:
    @pytest.mark.parametrize("status", ["delivered", "verified"])
    def test_takes_the_place_of_what_was_delivered(
        self, commitment: Commitment, asked: Evidence, status: str
    ) -> None:
        first = record(commitment)
        commitment.request.status = status
        commitment.request.save()

        second = record(commitment, result="rolled_back", missing=LEFT, at=LATER)

        first.refresh_from_db()
        assert (first.is_current, second.is_current, second.replaces) == (False, True, first)
        assert (second.shipped_at, commitment.request.status) == (first.shipped_at, "approved")
        assert Obligation.objects.filter(announcement__outcome=second).count() == 1

    @pytest.mark.parametrize("status", ["planned", "in_progress", "declined", "under_review"])
    def test_leaves_a_request_that_has_moved_on(
        self, commitment: Commitment, asked: Evidence, status: str
    ) -> None:
        record(commitment, result="partly", missing=LEFT)
        commitment.request.status = status
        commitment.request.save()

        record(commitment, result="rolled_back", missing=LEFT, at=LATER)

        assert commitment.request.status == status
        assert Obligation.objects.count() == 2

    def test_needs_something_that_was_shipped(self, commitment: Commitment) -> None:
        for first in (None, "not_delivered"):
            if first:
                record(commitment, result=first, missing=LEFT)
            with pytest.raises(errors.NothingShipped):
                record(commitment, result="rolled_back", missing=LEFT)

    def test_happens_once(self, commitment: Commitment) -> None:
        record(commitment)
        record(commitment, result="rolled_back", missing=LEFT)
        with pytest.raises(errors.OutcomeOnRecord):
            record(commitment, result="rolled_back", missing=LEFT)


class TestAnnounceOutcome:
    def announce(self, outcome: Outcome, by: User | None = None) -> Outcome:
        return announcements.announce(subject=outcome, by=by, at=LATER)

    def test_lets_the_askers_be_told(
        self, commitment: Commitment, asked: Evidence, mina: User
    ) -> None:
        outcome = self.announce(record(commitment), by=mina)

        outcome.refresh_from_db()
        assert (outcome.announced_by, outcome.announced_at) == (mina, LATER)
        assert Obligation.objects.get().released_at == LATER
        event = events.last()
        assert (event.kind, event.request) == ("outcome.announced", commitment.request)
        assert event.data == {"customers": 1}

    def test_changes_nothing_the_second_time(self, commitment: Commitment, asked: Evidence) -> None:
        outcome = record(commitment)
        self.announce(outcome)
        recorded = events.kinds()
        assert self.announce(outcome).announced_at == LATER
        assert events.kinds() == recorded

    def test_refuses_what_a_later_outcome_replaced(
        self, commitment: Commitment, asked: Evidence
    ) -> None:
        first = record(commitment)
        second = record(commitment, result="rolled_back", missing=LEFT)
        with pytest.raises(errors.OutcomeReplaced):
            self.announce(first)
        self.announce(second)
        assert not Obligation.objects.filter(released_at=None).exists()


def test_nothing_was_shipped_that_is_yet_to_ship(commitment: Commitment) -> None:
    with pytest.raises(errors.Invalid) as refused:
        record(commitment, shipped_at=NOON + timedelta(hours=9))

    assert (refused.value.field, refused.value.code) == ("shipped_at", "in_the_future")
