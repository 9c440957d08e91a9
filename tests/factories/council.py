from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from council.models import (
    ActionItem,
    AgendaItem,
    Attendance,
    Ballot,
    CalendarFeed,
    Council,
    Decision,
    Invitation,
    Letter,
    Meeting,
    Minutes,
    MinutesAmendment,
    MinutesApproval,
    Prediction,
    Preparation,
    Recusal,
    Review,
    Seat,
    SeatTerm,
    Series,
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


class SeriesFactory(DjangoModelFactory[Series]):
    class Meta:
        model = Series

    council = factory.SubFactory(CouncilFactory)
    title = factory.Sequence(lambda n: f"Series {n}")
    rule = "FREQ=MONTHLY;BYDAY=-1FR"
    starts_on = NOON.date()
    starts_at = "10:00"
    time_zone = "Asia/Seoul"


class InvitationFactory(DjangoModelFactory[Invitation]):
    class Meta:
        model = Invitation

    meeting = factory.SubFactory(MeetingFactory)
    seat = factory.SubFactory(SeatFactory)
    user = factory.SubFactory(UserFactory)
    capacity = "holder"
    due_at = NOON


class CalendarFeedFactory(DjangoModelFactory[CalendarFeed]):
    class Meta:
        model = CalendarFeed

    user = factory.SubFactory(UserFactory)
    digest = factory.Sequence(lambda n: f"{n:064}")
    made_at = NOON


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


class PreparationFactory(DjangoModelFactory[Preparation]):
    class Meta:
        model = Preparation

    agenda_item = factory.SubFactory(AgendaItemFactory)
    user = factory.SubFactory(UserFactory)
    read_at = NOON


class RecusalFactory(DjangoModelFactory[Recusal]):
    class Meta:
        model = Recusal

    agenda_item = factory.SubFactory(AgendaItemFactory)
    seat = factory.SubFactory(SeatFactory)
    user = factory.SubFactory(UserFactory)
    reason = "It is my brother's."
    stepped_aside_at = NOON


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
    status = "open"
    claimed_at = factory.LazyAttribute(
        lambda row: NOON if row.status in ("claimed_done", "verified") else None
    )


class MinutesFactory(DjangoModelFactory[Minutes]):
    """A draft."""

    class Meta:
        model = Minutes

    meeting = factory.SubFactory(
        MeetingFactory, status="minutes_draft", opened_at=NOON, ended_at=NOON + timedelta(hours=1)
    )
    council = factory.SelfAttribute("meeting.council")


class MinutesAmendmentFactory(DjangoModelFactory[MinutesAmendment]):
    class Meta:
        model = MinutesAmendment

    minutes = factory.SubFactory(MinutesFactory)
    text = "The bank agreed."
    proposed_by = factory.SubFactory(UserFactory)
    proposed_at = NOON


class MinutesApprovalFactory(DjangoModelFactory[MinutesApproval]):
    class Meta:
        model = MinutesApproval

    minutes = factory.SubFactory(MinutesFactory)
    revision = 1
    user = factory.SubFactory(UserFactory)
    at = NOON


class LetterFactory(DjangoModelFactory[Letter]):
    class Meta:
        model = Letter

    kind = "review"
    user = factory.SubFactory(UserFactory)
    minutes = factory.SubFactory(MinutesFactory)
    dedupe_key = factory.Sequence(lambda n: f"letter {n}")
    created_at = NOON
    not_before = NOON
