"""Votes through the API: put, answered, amended, closed and recorded by other tools."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from backlog.models import User
from council.models import AgendaItem, Ballot, Meeting, Seat
from tests.factories import NOON, backlog
from tests.factories import council as make

BALLOTS = "/api/v1/ballots/"
BUILD = {"proposal": "Build it: many asked.", "verdict": "approve"}
pytestmark = pytest.mark.django_db

Acting = Callable[[User], APIClient]


@pytest.fixture
def meeting(sora: User, noor: User) -> Meeting:
    """In session; Sora is its secretary, and Noor is there for Sales."""
    meeting: Meeting = make.MeetingFactory.create(
        council__secretary=sora, status="in_session", opened_at=NOON
    )
    term = make.SeatTermFactory.create(seat__council=meeting.council, user=noor)
    make.AttendanceFactory.create(meeting=meeting, seat=term.seat, user=noor)
    return meeting


@pytest.fixture
def item(meeting: Meeting) -> AgendaItem:
    request = backlog.RequestFactory.create(status="under_review")
    meeting.council.products.add(request.product)
    item: AgendaItem = make.AgendaItemFactory.create(meeting=meeting, request=request)
    return item


@pytest.fixture
def secretary(sora: User, acting: Acting) -> APIClient:
    return acting(sora)


def put(api: APIClient, item: AgendaItem, **said: Any) -> Any:
    return api.post(BALLOTS, {"agenda_item": item.pk, **BUILD, **said}, format="json")


def test_a_proposal_goes_from_the_vote_to_the_decision(
    secretary: APIClient, item: AgendaItem, noor: User, acting: Acting
) -> None:
    opened = put(secretary, item)
    assert opened.status_code == 201, opened.data
    assert opened.data["rule"]["mode"] == "majority"
    address = f"{BALLOTS}{opened.data['id']}/"

    said = acting(noor).post(f"{address}stance/", {"answer": "yes"})
    assert [each["answer"] for each in said.data["stances"]] == ["yes"]
    assert secretary.get(address).data["stances"] == []

    closed = secretary.post(f"{address}close/")
    assert (closed.data["status"], closed.data["result"]) == ("closed", "carried")
    assert closed.data["electorate"]["present"] == [Seat.objects.get().pk]

    recorded = secretary.post(f"{address}record/", {"options": ["Wait"]}, format="json")
    assert recorded.status_code == 200, recorded.data
    decision = Ballot.objects.get().decisions.get()
    assert (decision.rationale, decision.options) == (BUILD["proposal"], ["Wait"])


def test_a_proposal_is_amended_and_withdrawn(secretary: APIClient, item: AgendaItem) -> None:
    first = put(secretary, item).data["id"]
    half = {"proposal": "Build half of it.", "verdict": "pilot"}

    second = secretary.post(f"{BALLOTS}{first}/amend/", half, format="json")
    assert (second.status_code, second.data["amends"]) == (201, first)
    over = secretary.post(f"{BALLOTS}{first}/close/")
    assert (over.status_code, over.json()["code"]) == (409, "ballot_over")

    gone = secretary.post(f"{BALLOTS}{second.data['id']}/withdraw/", {"reason": "Too soon."})
    assert gone.data["status"] == "withdrawn"
    statuses = [row["status"] for row in secretary.get(BALLOTS).data["results"]]
    assert statuses == ["withdrawn", "amended"]
    open_ones = secretary.get(f"{BALLOTS}?status=open&meeting={item.meeting_id}")
    assert open_ones.data["results"] == []


@pytest.mark.parametrize(
    ("said", "code"),
    [({"answer": "yes"}, "no_voice"), ({"answer": "objection", "reason": "No."}, "no_answer")],
)
def test_who_has_no_voice_is_told_so(
    secretary: APIClient, item: AgendaItem, said: dict[str, str], code: str
) -> None:
    ballot = put(secretary, item).data["id"]

    refused = secretary.post(f"{BALLOTS}{ballot}/stance/", said)

    found = refused.json()
    assert code in (found["code"], *(fault.get("code") for fault in found.get("errors", [])))


def test_an_item_is_turned_to(secretary: APIClient, item: AgendaItem) -> None:
    turned = secretary.post(f"/api/v1/agenda-items/{item.pk}/activate/")

    assert (turned.data["status"], turned.data["activated_at"] is not None) == ("active", True)
