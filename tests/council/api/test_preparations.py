"""Before a meeting and between meetings through the API: read, remind, step aside."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from backlog.models import User
from council.models import AgendaItem, Ballot, Letter, Meeting
from tests.factories import backlog
from tests.factories import council as make

API = "/api/v1"
pytestmark = pytest.mark.django_db

Acting = Callable[[User], APIClient]


@pytest.fixture
def meeting(sora: User, noor: User) -> Meeting:
    """To come; Sora is its secretary, and Noor sits there beside another."""
    council = make.CouncilFactory.create(secretary=sora)
    make.SeatTermFactory.create(seat__council=council, seat__department__name="Sales", user=noor)
    make.SeatTermFactory.create(seat__council=council)
    starts_at = timezone.now() + timedelta(hours=5)
    meeting: Meeting = make.MeetingFactory.create(council=council, starts_at=starts_at)
    return meeting


@pytest.fixture
def item(meeting: Meeting) -> AgendaItem:
    request = backlog.RequestFactory.create(status="under_review")
    meeting.council.products.add(request.product)
    item: AgendaItem = make.AgendaItemFactory.create(meeting=meeting, request=request)
    return item


def test_says_which_departments_have_read_and_reminds_the_others(
    meeting: Meeting, item: AgendaItem, sora: User, noor: User, acting: Acting
) -> None:
    assert acting(noor).post(f"{API}/agenda-items/{item.pk}/read/").status_code == 200

    found = acting(sora).get(f"{API}/meetings/{meeting.pk}/preparation/").data
    assert (found["ready"], found["all"], found["items"]) == (1, 2, 1)
    assert [it["has_read"] for it in found["departments"] if it["name"] == "Sales"] == [True]

    acting(sora).post(f"{API}/meetings/{meeting.pk}/remind/")
    assert Letter.objects.exclude(user=noor).count() == Letter.objects.count() == 1


def test_reminds_only_of_whom_one_may_say_so(
    meeting: Meeting, item: AgendaItem, noor: User, acting: Acting
) -> None:
    refused = acting(noor).post(f"{API}/meetings/{meeting.pk}/remind/")

    assert refused.status_code == 409
    assert refused.data["code"] == "not_yours_to_say"


def test_steps_aside_and_comes_back(
    meeting: Meeting, item: AgendaItem, noor: User, acting: Acting
) -> None:
    now = timezone.now()
    ballot: Ballot = make.BallotFactory.create(
        agenda_item=item, opened_at=now, closes_at=now + timedelta(days=1)
    )
    address = f"{API}/agenda-items/{item.pk}"
    aside = acting(noor).post(f"{address}/step-aside/", {"reason": "My own shop."}).data
    assert [it["reason"] for it in aside["recusals"]] == ["My own shop."]

    refused = acting(noor).post(f"{API}/ballots/{ballot.pk}/stance/", {"answer": "yes"})
    assert refused.data["code"] == "stepped_aside"

    back = acting(noor).post(f"{address}/come-back/").data
    assert back["recusals"][0]["returned_at"] is not None
    said = acting(noor).post(f"{API}/ballots/{ballot.pk}/stance/", {"answer": "yes"})
    assert said.status_code == 200


def test_reminds_of_a_ballot(
    meeting: Meeting, item: AgendaItem, sora: User, acting: Acting
) -> None:
    now = timezone.now()
    ballot = make.BallotFactory.create(
        agenda_item=item, opened_at=now, closes_at=now + timedelta(days=1)
    )

    assert acting(sora).post(f"{API}/ballots/{ballot.pk}/remind/").status_code == 200
    assert Letter.objects.filter(ballot=ballot).count() == 2
