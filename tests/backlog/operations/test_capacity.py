from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from backlog import errors
from backlog.models import Capacity, Department, Effort, Sprint, User
from backlog.operations import capacity
from tests.backlog.operations import events
from tests.factories import NOON
from tests.factories.backlog import CommitmentFactory, SprintFactory
from tests.factories.people import DepartmentFactory


@pytest.fixture
def design(db: None) -> Department:
    made: Department = DepartmentFactory.create(name="Design")
    return made


def has(sprint: Sprint, department: Department, days: str, by: User | None = None) -> None:
    capacity.set_capacity(
        sprint_id=sprint.pk, department_id=department.pk, days=Decimal(days), by=by, at=NOON
    )


def takes(commitment_id: int, department: Department, days: str) -> None:
    capacity.set_effort(
        commitment_id=commitment_id,
        department_id=department.pk,
        days=Decimal(days),
        by=None,
        at=NOON,
    )


class TestSetCapacity:
    def test_says_how_much_time_a_department_has(self, design: Department, mina: User) -> None:
        sprint = SprintFactory.create()

        has(sprint, design, "12.5", by=mina)

        assert Capacity.objects.get(sprint=sprint, department=design).days == Decimal("12.5")
        assert events.facts(events.last()) == {
            "kind": "sprint.capacity_set",
            "by": mina,
            "at": NOON,
            "data": {"department": design.pk, "days": "12.5"},
        }

    def test_changes_it_and_takes_it_back_and_records_each_once(self, design: Department) -> None:
        sprint = SprintFactory.create()
        for days in ("12", "12.0", "8", "0", "0"):
            has(sprint, design, days)

        assert not Capacity.objects.exists()
        assert events.kinds() == ["sprint.capacity_set"] * 3

    def test_refuses_less_than_nothing_and_more_than_a_column_holds(
        self, design: Department
    ) -> None:
        sprint = SprintFactory.create()

        with pytest.raises(errors.Invalid):
            has(sprint, design, "-1")
        with pytest.raises(ValidationError):
            has(sprint, design, "123456")
        assert not events.kinds()

    def test_refuses_a_closed_sprint(self, design: Department) -> None:
        closed = SprintFactory.create(status="closed", started_at=NOON, closed_at=NOON)

        with pytest.raises(errors.SprintClosed):
            has(closed, design, "1")


class TestSetEffort:
    def test_says_how_much_time_a_commitment_takes(self, design: Department) -> None:
        commitment = CommitmentFactory.create()

        takes(commitment.pk, design, "2.5")
        takes(commitment.pk, design, "2.5")

        assert Effort.objects.get(commitment=commitment).days == Decimal("2.5")
        assert events.kinds() == ["commitment.effort_set"]
        assert events.last().request == commitment.request

    def test_may_ask_more_of_a_department_than_it_has(self, design: Department) -> None:
        commitment = CommitmentFactory.create()
        has(commitment.sprint, design, "1")

        takes(commitment.pk, design, "3")

        assert Effort.objects.get().days == 3

    def test_refuses_what_was_withdrawn(self, design: Department) -> None:
        commitment = CommitmentFactory.create(withdrawn_at=NOON)

        with pytest.raises(errors.CommitmentWithdrawn):
            takes(commitment.pk, design, "1")

    def test_refuses_a_closed_sprint(self, design: Department) -> None:
        closed = SprintFactory.create(status="closed", started_at=NOON, closed_at=NOON)

        with pytest.raises(errors.SprintClosed):
            takes(CommitmentFactory.create(sprint=closed).pk, design, "1")
