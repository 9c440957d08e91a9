"""Rows the database refuses, whoever writes them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from factory.django import DjangoModelFactory

from council.models import Seal
from tests.factories import NOON, people
from tests.factories import council as make

TODAY = NOON.date()
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("factory", "fields"),
    [
        (make.SeatFactory, {"department": None, "title": "Advocate"}),
        (make.SeatFactory, {"department": None, "title": "", "is_voting": False}),
        (make.SeatTermFactory, {"starts_on": TODAY, "ends_on": TODAY - timedelta(days=1)}),
        (make.MeetingFactory, {"status": "sleeping"}),
        (make.MeetingFactory, {"status": "in_session"}),
        (make.MeetingFactory, {"status": "scheduled", "opened_at": NOON}),
        (make.MeetingFactory, {"status": "published", "opened_at": NOON}),
        (make.MeetingFactory, {"minutes": 4}),
        (make.MeetingFactory, {"minutes": 1441}),
        (make.AgendaItemFactory, {"request": None, "title": ""}),
        (make.AgendaItemFactory, {"status": "forgotten"}),
        (make.DecisionFactory, {"verdict": "perhaps"}),
        (make.DecisionFactory, {"status": "forgotten"}),
        (make.DecisionFactory, {"rationale": ""}),
        (make.DecisionFactory, {"verdict": "defer", "review_on": None}),
        (make.ActionItemFactory, {"status": "forgotten"}),
        (make.ActionItemFactory, {"status": "claimed_done", "evidence": ""}),
        (make.ActionItemFactory, {"status": "verified", "evidence": "Signed"}),
        (make.ActionItemFactory, {"status": "open", "closed_at": NOON}),
    ],
    ids=[
        "a-vote-without-department",
        "a-nameless-seat",
        "a-term-that-ends-before-it-begins",
        "an-unknown-meeting-status",
        "in-session-but-never-opened",
        "scheduled-but-opened",
        "published-but-never-ended",
        "a-meeting-too-short",
        "a-meeting-too-long",
        "an-agenda-item-about-nothing",
        "an-unknown-agenda-status",
        "an-unknown-verdict",
        "an-unknown-decision-status",
        "a-decision-without-reasons",
        "deferred-for-ever",
        "an-unknown-action-status",
        "done-without-evidence",
        "verified-but-not-closed",
        "closed-but-open",
    ],
)
def test_the_database_refuses(
    factory: type[DjangoModelFactory[Any]], fields: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError):
        factory.create(**fields)


class TestTheDatabaseRefusesASecond:
    def test_vote_of_a_department(self) -> None:
        seat = make.SeatFactory.create()
        make.SeatFactory.create(council=seat.council, department=seat.department, is_voting=False)

        with pytest.raises(IntegrityError):
            make.SeatFactory.create(council=seat.council, department=seat.department)

    def test_holder_of_a_seat(self) -> None:
        term = make.SeatTermFactory.create(ends_on=TODAY)
        make.SeatTermFactory.create(seat=term.seat)
        make.SeatTermFactory.create(seat=term.seat, is_alternate=True)

        with pytest.raises(IntegrityError):
            make.SeatTermFactory.create(seat=term.seat, user=people.UserFactory.create())

    def test_agenda_item_about_a_request(self) -> None:
        item = make.AgendaItemFactory.create(status="withdrawn")
        make.AgendaItemFactory.create(meeting=item.meeting, request=item.request)

        with pytest.raises(IntegrityError):
            make.AgendaItemFactory.create(meeting=item.meeting, request=item.request)

    def test_decision_in_effect_on_a_request(self) -> None:
        decision = make.DecisionFactory.create(status="superseded")
        make.DecisionFactory.create(request=decision.request, status="review_due")

        with pytest.raises(IntegrityError):
            make.DecisionFactory.create(request=decision.request)

    @pytest.mark.parametrize(
        ("number", "previous"), [(1, "b"), (2, "")], ids=["number", "link-after-the-same"]
    )
    def test_seal_of_the_same(self, number: int, previous: str) -> None:
        council = make.CouncilFactory.create()

        def seal(number: int, previous: str) -> None:
            Seal.objects.create(
                council=council,
                number=number,
                subject_type="decision",
                subject_id=1,
                content={},
                digest="a",
                previous=previous,
                sealed_at=NOON,
            )

        seal(1, "")
        with pytest.raises(IntegrityError):
            seal(number, previous)


def test_an_agenda_item_may_have_several_decisions_and_requests_may_be_decided_as_one() -> None:
    item = make.AgendaItemFactory.create()
    first = make.DecisionFactory.create(agenda_item=item)
    make.DecisionFactory.create(agenda_item=item, taken_with=first)

    assert item.decisions.count() == 2
    assert first.taken_together.count() == 1
