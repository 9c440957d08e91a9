"""What happens when several people work on a sprint at once.

Each was seen to fail with its guard removed.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from backlog import errors
from backlog.models import Capacity, Effort, Event, Measurement, Outcome
from backlog.operations import capacity, commitments, measurements, outcomes
from tests.at_once import at_once
from tests.factories import NOON
from tests.factories.backlog import CommitmentFactory, OutcomeFactory, SprintFactory
from tests.factories.people import DepartmentFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 5
SHARES: Any = {
    "before_n": 1200,
    "before_conversions": 144,
    "after_n": 1200,
    "after_conversions": 192,
}


class TestMeasuring:
    def test_a_form_sent_several_times_measures_once(self) -> None:
        for _round in range(ROUNDS):
            outcome = OutcomeFactory.create()
            measure = partial(measurements.measure_outcome, outcome_id=outcome.pk, **SHARES)

            assert at_once([partial(measure, by=None, at=NOON)] * 4) == []
            assert outcome.measurements.count() == 1

    def test_nothing_is_measured_of_what_is_being_rolled_back(self) -> None:
        """Either it was measured before, or it was refused; never after."""
        for _round in range(ROUNDS):
            outcome = OutcomeFactory.create(
                commitment__sprint=SprintFactory.create(status="active", started_at=NOON),
                commitment__request__status="delivered",
            )
            measure = partial(measurements.measure_outcome, outcome_id=outcome.pk, **SHARES)
            roll_back = partial(
                outcomes.record_outcome,
                commitment_id=outcome.commitment_id,
                result="rolled_back",
                summary={"en": "Taken back."},
                missing={"en": "All of it."},
            )

            raised = at_once(partial(task, by=None, at=NOON) for task in (measure, roll_back))

            assert all(isinstance(each, errors.OutcomeReplaced) for each in raised)
            assert Outcome.objects.get(replaces=outcome).result == "rolled_back"
            kinds = list(
                Event.objects.filter(request=outcome.commitment.request)
                .order_by("pk")
                .values_list("kind", flat=True)
            )
            if Measurement.objects.filter(outcome=outcome).exists():
                assert kinds.index("outcome.measured") < kinds.index("outcome.recorded")


class TestCapacity:
    def test_is_set_once_by_several_at_once(self) -> None:
        for _round in range(ROUNDS):
            sprint, department = SprintFactory.create(), DepartmentFactory.create()
            setting = partial(
                capacity.set_capacity, sprint_id=sprint.pk, department_id=department.pk
            )

            tasks = [partial(setting, days=Decimal(5), by=None, at=NOON)] * 4

            assert at_once(tasks) == []
            assert Capacity.objects.filter(sprint=sprint).count() == 1
            assert Event.objects.filter(subject_type="sprint", subject_id=sprint.pk).count() == 1

    def test_effort_is_estimated_once_by_several_at_once(self) -> None:
        for _round in range(ROUNDS):
            commitment, department = CommitmentFactory.create(), DepartmentFactory.create()
            setting = partial(
                capacity.set_effort, commitment_id=commitment.pk, department_id=department.pk
            )

            tasks = [partial(setting, days=Decimal(2), by=None, at=NOON)] * 4

            assert at_once(tasks) == []
            assert Effort.objects.filter(commitment=commitment).count() == 1
            assert Event.objects.filter(request=commitment.request).count() == 1

    def test_is_said_of_what_was_withdrawn_while_it_is_taken_in_again(self) -> None:
        """Both lock the request before the sprint: in another order they wait for each other."""
        for _round in range(4 * ROUNDS):
            withdrawn = CommitmentFactory.create(withdrawn_at=NOON, request__status="approved")
            commit = partial(
                commitments.commit_request,
                sprint_id=withdrawn.sprint_id,
                request_id=withdrawn.request_id,
            )
            estimate = partial(
                capacity.set_effort,
                commitment_id=withdrawn.pk,
                department_id=DepartmentFactory.create().pk,
                days=Decimal(2),
            )

            efforts = [partial(estimate, by=None, at=NOON)] * 3
            tasks: list[Callable[[], object]] = [partial(commit, by=None, at=NOON), *efforts]

            raised = at_once(tasks)

            assert {type(error) for error in raised} == {errors.CommitmentWithdrawn}


class TestEditingTerms:
    def test_nobody_moves_the_goal_of_what_has_an_outcome(self) -> None:
        """Either it was moved before, or it was refused; never after."""
        for _round in range(ROUNDS):
            commitment = CommitmentFactory.create(
                sprint=SprintFactory.create(status="active", started_at=NOON),
                request__status="in_progress",
            )
            edit = partial(
                commitments.edit_commitment, commitment_id=commitment.pk, measure="calls"
            )
            record = partial(
                outcomes.record_outcome,
                commitment_id=commitment.pk,
                result="delivered",
                summary={"en": "Two taps."},
            )

            raised = at_once(partial(task, by=None, at=NOON) for task in (edit, record))

            assert all(isinstance(each, errors.OutcomeOnRecord) for each in raised)
            told = Event.objects.filter(
                request=commitment.request, kind__in=("commitment.edited", "outcome.recorded")
            )
            kinds = list(told.order_by("pk").values_list("kind", flat=True))
            edited = [] if raised else ["commitment.edited"]
            assert kinds == [*edited, "outcome.recorded"]

    def test_one_of_two_edits_of_a_version_is_told_so(self) -> None:
        for _round in range(ROUNDS):
            commitment = CommitmentFactory.create()
            edits = [
                partial(
                    commitments.edit_commitment,
                    commitment_id=commitment.pk,
                    version=1,
                    measure=measure,
                    by=None,
                    at=NOON,
                )
                for measure in ("calls", "visits")
            ]

            assert [type(error) for error in at_once(edits)] == [errors.VersionConflict]
            commitment.refresh_from_db()
            assert commitment.version == 2
