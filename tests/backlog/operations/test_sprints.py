from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from backlog import errors
from backlog.models import Commitment, CustomerRequest, Product, Sprint
from backlog.operations import commitments, outcomes, requests, sprints
from tests.backlog.operations import events
from tests.factories import NOON
from tests.factories.backlog import (
    CommitmentFactory,
    OutcomeFactory,
    ProductFactory,
    RequestFactory,
    SprintFactory,
)

LATER = NOON + timedelta(hours=1)
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


@pytest.fixture
def pay(db: None) -> Product:
    return ProductFactory.create()


@pytest.fixture
def march(pay: Product) -> Sprint:
    return SprintFactory.create(product=pay, name="March")


@pytest.fixture
def approved(pay: Product) -> CustomerRequest:
    return RequestFactory.create(product=pay, status="approved")


def plan(product: Product, **facts: Any) -> Sprint:
    wanted: dict[str, Any] = {"name": "March", "starts_on": MARCH, "ends_on": APRIL} | facts
    return sprints.plan_sprint(product_id=product.pk, by=None, at=NOON, **wanted)


def start(sprint: Sprint) -> Sprint:
    return sprints.start_sprint(sprint_id=sprint.pk, by=None, at=NOON)


def close(sprint: Sprint) -> Sprint:
    return sprints.close_sprint(sprint_id=sprint.pk, by=None, at=LATER)


def commit(sprint: Sprint, request: CustomerRequest, **terms: Any) -> Commitment:
    return commitments.commit_request(
        sprint_id=sprint.pk, request_id=request.pk, by=None, at=NOON, **terms
    )


def withdraw(commitment: Commitment) -> Commitment:
    return commitments.withdraw_commitment(
        commitment_id=commitment.pk, reason="The vendor is late.", by=None, at=LATER
    )


def status_of(request: CustomerRequest) -> str:
    request.refresh_from_db()
    return request.status


class TestPlanSprint:
    def test_makes_a_time_box(self, pay: Product) -> None:
        sprint = plan(pay, goal="Two taps.")
        sprint = Sprint.objects.get(pk=sprint.pk)
        assert (sprint.product, sprint.name, sprint.goal) == (pay, "March", "Two taps.")
        assert (sprint.starts_on, sprint.ends_on, sprint.status) == (MARCH, APRIL, "planned")
        assert events.kinds() == ["sprint.planned"]

    @pytest.mark.parametrize(
        ("facts", "refusal"),
        [
            ({"name": ""}, ValidationError),
            ({"name": "taken"}, ValidationError),
            ({"ends_on": date(2026, 2, 28)}, ValidationError),
            ({"goal": "\x00"}, errors.UnstorableText),
        ],
    )
    def test_refuses_what_is_not_valid(
        self, pay: Product, facts: dict[str, Any], refusal: type[Exception]
    ) -> None:
        SprintFactory.create(product=pay, name="taken")
        with pytest.raises(refusal):
            plan(pay, **facts)
        assert events.kinds() == []


class TestEditSprint:
    def test_records_what_differs_once(self, march: Sprint) -> None:
        for _twice in range(2):
            sprints.edit_sprint(sprint_id=march.pk, goal="One tap.", by=None, at=NOON)
        march.refresh_from_db()
        assert (march.goal, events.kinds()) == ("One tap.", ["sprint.edited"])

    def test_ends_within_a_year_and_a_day(self, march: Sprint) -> None:
        a_year = march.starts_on + sprints.LONGEST
        edit = partial(sprints.edit_sprint, sprint_id=march.pk, by=None, at=NOON)

        edit(ends_on=a_year)
        with pytest.raises(errors.Invalid) as refused:
            edit(ends_on=a_year + timedelta(days=1))

        assert (refused.value.field, refused.value.code) == ("ends_on", "too_long")

    def test_refuses_a_closed_sprint(self, db: None) -> None:
        closed = SprintFactory.create(status="closed", started_at=NOON, closed_at=NOON)
        with pytest.raises(errors.SprintClosed):
            sprints.edit_sprint(sprint_id=closed.pk, goal="One tap.", by=None, at=NOON)


class TestStartSprint:
    def test_puts_what_is_committed_in_progress(
        self, march: Sprint, approved: CustomerRequest
    ) -> None:
        withdrawn = RequestFactory.create(product=march.product, status="approved")
        commit(march, approved)
        withdraw(commit(march, withdrawn))

        start(march)

        march.refresh_from_db()
        assert (march.status, march.started_at) == ("active", NOON)
        assert (status_of(approved), status_of(withdrawn)) == ("in_progress", "approved")
        assert events.last().data["cause"] == "sprint_start"

    def test_changes_nothing_the_second_time(self, march: Sprint) -> None:
        start(march)
        start(march)
        assert events.kinds() == ["sprint.started"]

    def test_refuses_a_second_sprint_of_the_product(self, march: Sprint) -> None:
        start(march)
        with pytest.raises(errors.AnotherSprintActive, match=march.product.name):
            start(SprintFactory.create(product=march.product))
        start(SprintFactory.create())

    def test_refuses_a_closed_sprint(self, march: Sprint) -> None:
        close(start(march))
        with pytest.raises(errors.SprintClosed):
            start(march)


class TestWhatWasMovedByHand:
    @pytest.fixture
    def moved(self, march: Sprint, approved: CustomerRequest) -> Commitment:
        return commit(march, approved)

    def move(self, moved: Commitment, status: str) -> None:
        requests.override_status(
            request_id=moved.request_id, status=status, reason="Asked", by=None, at=NOON
        )

    @pytest.mark.parametrize("status", ["declined", "approved", "new", "delivered"])
    def test_a_start_names_the_way_out_and_takes_it_when_asked(
        self, march: Sprint, moved: Commitment, status: str
    ) -> None:
        self.move(moved, status)
        with pytest.raises(errors.MovedByHand, match=moved.request.key) as refused:
            start(march)
        assert refused.value.details == {"requests": [moved.request.key]}

        sprints.start_sprint(sprint_id=march.pk, take_out_moved=True, by=None, at=NOON)

        march.refresh_from_db()
        moved.refresh_from_db()
        assert (march.status, moved.withdrawn_at) == ("active", NOON)
        assert status_of(moved.request) == status

    def test_moved_back_it_starts(self, march: Sprint, moved: Commitment) -> None:
        self.move(moved, "declined")
        self.move(moved, "planned")
        start(march)
        assert status_of(moved.request) == "in_progress"

    def test_moved_ahead_it_starts_too(self, march: Sprint, moved: Commitment) -> None:
        self.move(moved, "in_progress")
        start(march)
        assert status_of(moved.request) == "in_progress"

    def test_a_close_names_the_way_out_and_takes_it_when_asked(
        self, march: Sprint, moved: Commitment
    ) -> None:
        start(march)
        self.move(moved, "deferred")
        with pytest.raises(errors.MovedByHand, match=moved.request.key):
            close(march)

        sprints.close_sprint(sprint_id=march.pk, take_out_moved=True, by=None, at=LATER)

        march.refresh_from_db()
        assert march.status == "closed"
        assert status_of(moved.request) == "deferred"


class TestCloseSprint:
    def test_ends_a_sprint_whose_outcomes_are_known(self, march: Sprint) -> None:
        start(march)
        OutcomeFactory.create(commitment=CommitmentFactory.create(sprint=march))
        CommitmentFactory.create(sprint=march, withdrawn_at=NOON)
        for _twice in range(2):
            close(march)
        march.refresh_from_db()
        assert (march.status, march.closed_at) == ("closed", LATER)
        assert events.kinds() == ["sprint.started", "sprint.closed"]

    def test_names_the_requests_whose_outcome_is_missing(self, march: Sprint) -> None:
        start(march)
        keys = [
            CommitmentFactory.create(sprint=march, request__status="in_progress").request.key
            for _two in range(2)
        ]
        with pytest.raises(errors.OutcomesMissing, match=", ".join(keys)) as refused:
            close(march)
        march.refresh_from_db()
        assert (refused.value.details, march.status) == ({"requests": keys}, "active")

    def test_refuses_a_sprint_that_has_not_started(self, march: Sprint) -> None:
        with pytest.raises(errors.SprintNotActive):
            close(march)


class TestCommitRequest:
    def test_plans_the_request_with_what_we_expect(
        self, march: Sprint, approved: CustomerRequest
    ) -> None:
        commitment = commit(
            march,
            approved,
            hypothesis="Fewer screens, fewer drop-outs.",
            measure="drop-outs",
            baseline=Decimal("0.31"),
            target=Decimal("0.2"),
            is_pilot=True,
        )

        commitment = Commitment.objects.get(pk=commitment.pk)
        assert (commitment.sprint, commitment.request) == (march, approved)
        assert (commitment.baseline, commitment.is_pilot) == (Decimal("0.31"), True)
        assert status_of(approved) == "planned"
        event = events.last()
        assert (event.kind, event.request) == ("request.committed", approved)
        assert event.data == {"sprint": march.pk, "is_pilot": True}

    def test_begins_at_once_in_a_sprint_that_runs(
        self, march: Sprint, approved: CustomerRequest
    ) -> None:
        start(march)
        commit(march, approved)
        assert status_of(approved) == "in_progress"

    def test_refuses_a_request_that_is_in_a_sprint(
        self, march: Sprint, approved: CustomerRequest
    ) -> None:
        commit(march, approved)
        april = SprintFactory.create(product=march.product)
        for sprint in (march, april):
            with pytest.raises(errors.AlreadyCommitted, match=approved.key):
                commit(sprint, approved)
        assert Commitment.objects.count() == 1

    def test_takes_what_is_left_into_the_next_sprint_before_this_one_closes(
        self, march: Sprint, approved: CustomerRequest
    ) -> None:
        start(march)
        first = commit(march, approved)
        outcomes.record_outcome(
            commitment_id=first.pk,
            result="partly",
            summary={"en": "Half."},
            missing={"en": "The rest."},
            by=None,
            at=NOON,
        )
        with pytest.raises(errors.AlreadyCommitted):
            commit(march, approved)
        commit(SprintFactory.create(product=march.product), approved)
        assert status_of(approved) == "planned"

    @pytest.mark.parametrize("status", ["new", "under_review", "deferred", "delivered"])
    def test_refuses_what_the_council_has_not_approved(self, march: Sprint, status: str) -> None:
        request = RequestFactory.create(product=march.product, status=status)
        with pytest.raises(errors.IllegalTransition):
            commit(march, request)
        assert (Commitment.objects.count(), events.kinds()) == (0, [])

    def test_refuses_a_request_of_another_product(self, march: Sprint) -> None:
        with pytest.raises(errors.Invalid) as refused:
            commit(march, RequestFactory.create(status="approved"))
        assert refused.value.code == "other_product"

    def test_refuses_a_closed_sprint(self, march: Sprint, approved: CustomerRequest) -> None:
        close(start(march))
        with pytest.raises(errors.SprintClosed):
            commit(march, approved)

    @pytest.mark.parametrize(
        ("terms", "refusal"),
        [
            ({"measure": "x" * 201}, ValidationError),
            ({"baseline": Decimal("NaN")}, ValidationError),
            ({"hypothesis": "\x00"}, errors.UnstorableText),
        ],
    )
    def test_refuses_terms_that_are_not_valid(
        self,
        march: Sprint,
        approved: CustomerRequest,
        terms: dict[str, Any],
        refusal: type[Exception],
    ) -> None:
        with pytest.raises(refusal):
            commit(march, approved, **terms)
        assert (status_of(approved), events.kinds()) == ("approved", [])


class TestWithdrawCommitment:
    @pytest.mark.parametrize("is_active", [False, True])
    def test_gives_the_request_back(
        self, march: Sprint, approved: CustomerRequest, is_active: bool
    ) -> None:
        commitment = commit(march, approved)
        if is_active:
            start(march)

        withdraw(commitment)

        commitment.refresh_from_db()
        assert (commitment.withdrawn_at, status_of(approved)) == (LATER, "approved")
        assert events.kinds()[-2:] == ["commitment.withdrawn", "request.status_changed"]

    def test_changes_nothing_the_second_time_even_when_the_sprint_is_over(
        self, march: Sprint, approved: CustomerRequest
    ) -> None:
        commitment = withdraw(commit(march, approved))
        close(start(march))
        recorded = events.kinds()
        assert withdraw(commitment) == commitment
        assert events.kinds() == recorded

    def test_leaves_a_request_that_was_moved_by_hand(
        self, march: Sprint, approved: CustomerRequest
    ) -> None:
        commitment = commit(march, approved)
        requests.override_status(
            request_id=approved.pk, status="declined", reason="The law.", by=None, at=NOON
        )
        withdraw(commitment)
        assert status_of(approved) == "declined"

    def test_refuses_when_it_is_known_what_became_of_it(
        self, march: Sprint, approved: CustomerRequest
    ) -> None:
        commitment = commit(march, approved)
        OutcomeFactory.create(commitment=commitment)
        with pytest.raises(errors.OutcomeOnRecord, match=approved.key):
            withdraw(commitment)

    def test_refuses_a_closed_sprint(self, db: None) -> None:
        closed = SprintFactory.create(status="closed", started_at=NOON, closed_at=NOON)
        with pytest.raises(errors.SprintClosed):
            withdraw(CommitmentFactory.create(sprint=closed))
