from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from council.models import (
    ActionItem,
    AgendaItem,
    Attendance,
    Ballot,
    Council,
    Decision,
    Meeting,
    Prediction,
    Review,
    Seat,
    SeatTerm,
    Stance,
)
from council.rules.ballots import Mode, Rule
from tests.factories import NOON
from tests.factories.backlog import RequestFactory
from tests.factories.people import DepartmentFactory, UserFactory


class CouncilFactory(DjangoModelFactory[Council]):
    class Meta:
        model = Council

    name = factory.Sequence(lambda n: f"Council {n}")
    chair = factory.SubFactory(UserFactory)
    secretary = factory.SubFactory(UserFactory)


class SeatFactory(DjangoModelFactory[Seat]):
    class Meta:
        model = Seat

    council = factory.SubFactory(CouncilFactory)
    department = factory.SubFactory(DepartmentFactory)


class SeatTermFactory(DjangoModelFactory[SeatTerm]):
    class Meta:
        model = SeatTerm

    seat = factory.SubFactory(SeatFactory)
    user = factory.SubFactory(UserFactory)
    starts_on = NOON.date()


class MeetingFactory(DjangoModelFactory[Meeting]):
    class Meta:
        model = Meeting

    council = factory.SubFactory(CouncilFactory)
    title = factory.Sequence(lambda n: f"Meeting {n}")
    starts_at = NOON


class AttendanceFactory(DjangoModelFactory[Attendance]):
    class Meta:
        model = Attendance

    meeting = factory.SubFactory(MeetingFactory)
    seat = factory.SubFactory(SeatFactory)
    user = factory.SubFactory(UserFactory)
    capacity = "holder"
    came_at = NOON


class AgendaItemFactory(DjangoModelFactory[AgendaItem]):
    class Meta:
        model = AgendaItem

    meeting = factory.SubFactory(MeetingFactory)
    request = factory.SubFactory(RequestFactory)
    position = factory.Sequence(lambda n: n % 1000)


class BallotFactory(DjangoModelFactory[Ballot]):
    class Meta:
        model = Ballot

    agenda_item = factory.SubFactory(AgendaItemFactory)
    proposal = "Build it, since many customers asked."
    verdict = "approve"
    rule = factory.LazyFunction(lambda: Rule(Mode.MAJORITY).as_json())
    is_blind = True
    opened_by = factory.SubFactory(UserFactory)
    opened_at = NOON


class StanceFactory(DjangoModelFactory[Stance]):
    class Meta:
        model = Stance

    ballot = factory.SubFactory(BallotFactory)
    seat = factory.SubFactory(SeatFactory)
    user = factory.SubFactory(UserFactory)
    capacity = "holder"
    answer = "yes"
    taken_at = NOON


class DecisionFactory(DjangoModelFactory[Decision]):
    class Meta:
        model = Decision

    council = factory.SubFactory(CouncilFactory)
    request = factory.SubFactory(RequestFactory)
    verdict = "approve"
    rationale = "Many customers asked."
    decided_by = factory.SubFactory(UserFactory)
    decided_at = NOON
    review_on = None
    next_review_on = factory.SelfAttribute("review_on")


class PredictionFactory(DjangoModelFactory[Prediction]):
    class Meta:
        model = Prediction

    decision = factory.SubFactory(DecisionFactory)
    measure = "returns a week"
    baseline = 40
    target = 25
    due_on = NOON.date()
    probability = 70
    predicted_by = factory.SubFactory(UserFactory)
    predicted_at = NOON


class ReviewFactory(DjangoModelFactory[Review]):
    class Meta:
        model = Review

    decision = factory.SubFactory(DecisionFactory)
    words = "It came as expected."
    conclusion = "stands"
    reviewed_by = factory.SubFactory(UserFactory)
    reviewed_at = NOON


class ActionItemFactory(DjangoModelFactory[ActionItem]):
    class Meta:
        model = ActionItem

    council = factory.SubFactory(CouncilFactory)
    title = factory.Sequence(lambda n: f"Action {n}")
    owner = factory.SubFactory(UserFactory)
    assigned_by = factory.SubFactory(UserFactory)
    due_on = (NOON + timedelta(days=7)).date()
    assigned_at = NOON
