"""Series and what is done to their meetings, by the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from backlog.models import User
from council.models import Council, Meeting, Series
from tests.factories import council as make

pytestmark = pytest.mark.django_db
FIRST = timezone.localdate() + timedelta(days=1)


@pytest.fixture
def secretary(sora: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(sora)
    return client


@pytest.fixture
def council(sora: User) -> Council:
    return make.CouncilFactory.create(secretary=sora)


def start(secretary: APIClient, council: Council, **facts: object) -> Any:
    body = {
        "council": council.pk,
        "title": "Monthly",
        "rule": "FREQ=MONTHLY;BYDAY=-1FR",
        "starts_on": FIRST.isoformat(),
        "starts_at": "10:00",
        "time_zone": "Asia/Seoul",
        **facts,
    }
    return secretary.post("/api/v1/series/", body, format="json")


def test_starts_one_and_says_which_days_come(secretary: APIClient, council: Council) -> None:
    answer = start(secretary, council)

    assert answer.status_code == 201
    row = Series.objects.get()
    english = {"accept-language": "en"}
    days = secretary.get(f"/api/v1/series/{row.pk}/days/", headers=english).data
    assert days["sentence"] == "Every month on the last Friday at 10:00"
    assert len(days["days"]) == 6
    meetings = secretary.get(f"/api/v1/meetings/?series={row.pk}").data["results"]
    assert len(meetings) == row.meetings.count()
    assert {each["exception"] for each in meetings} == {""}


@pytest.mark.parametrize(
    "rule", ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;COUNT=1000", "often"]
)
def test_names_the_field_of_a_rule_that_is_refused(
    secretary: APIClient, council: Council, rule: str
) -> None:
    answer = start(secretary, council, rule=rule)

    assert answer.status_code == 422
    assert "rule" in str(answer.data)


def test_moves_skips_and_restores_a_meeting(secretary: APIClient, council: Council) -> None:
    start(secretary, council)
    meeting = Meeting.objects.earliest("occurs_on")
    address = f"/api/v1/meetings/{meeting.pk}/"
    to = (meeting.starts_at + timedelta(days=1)).isoformat()

    moved = secretary.post(f"{address}move/", {"starts_at": to}, format="json")
    skipped = secretary.post(f"{address}skip/", {"reason": "Fair."}, format="json")
    restored = secretary.post(f"{address}restore/")

    assert [each.status_code for each in (moved, skipped, restored)] == [200, 200, 200]
    assert moved.data["exception"] == "moved"
    assert skipped.data["exception"] == "skipped"
    assert restored.data["status"] == "scheduled"


def test_answers_for_oneself_and_forecasts(
    secretary: APIClient, council: Council, sora: User
) -> None:
    make.SeatTermFactory.create(seat__council=council, user=sora)
    start(secretary, council)
    address = f"/api/v1/meetings/{Meeting.objects.earliest('occurs_on').pk}/"

    answer = secretary.post(f"{address}answer/", {"answer": "yes"}, format="json")

    assert answer.status_code == 200
    assert [each["answer"] for each in answer.data["invitations"] if each["answer"]] == ["yes"]
    assert secretary.get(f"{address}forecast/").data == {
        "expected": 1,
        "undecided": 0,
        "departments": 1,
        "needed": 1,
        "is_met": True,
    }
    refused = secretary.post(f"{address}answer/", {"answer": "alternate"}, format="json")
    assert (refused.status_code, refused.data["code"]) == (409, "no_alternate")
